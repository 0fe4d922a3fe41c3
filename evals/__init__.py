"""How good it is: cases, scorers, statistics and reports. Imports the agent, never the reverse."""
