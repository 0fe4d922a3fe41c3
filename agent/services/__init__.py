"""Use cases: one transaction a method, callable without the desk."""
