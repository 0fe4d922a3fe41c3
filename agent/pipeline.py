"""The steps in order, read top to bottom."""
