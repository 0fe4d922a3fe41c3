"""Names of people: from what stands around a name, and from lists of names of every origin."""
