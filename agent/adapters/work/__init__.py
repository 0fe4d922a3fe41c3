"""Durable work on DBOS Transact: SQLite beside ours, or a schema of its own on PostgreSQL."""

from agent.adapters.work.engine import DbosEngine, Pace

__all__ = ["DbosEngine", "Pace"]
