"""Alembic's folder: the environment and one file a revision."""
