"""The `portevoix` command."""
