"""A run for people and programs: terminal, JSON, JUnit, Markdown, and one page of HTML."""
