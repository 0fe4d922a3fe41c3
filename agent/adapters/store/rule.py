"""One rule the database holds: a trigger that refuses a change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A trigger before `event` on `table`: refuse when a condition holds, with its message."""

    name: str
    table: str
    event: str
    refusals: tuple[tuple[str, str], ...]


def never(table: str, event: str, what: str) -> Rule:
    """Return the rule that refuses every change of its kind."""
    return Rule(f"{table}_no_{event.lower()}", table, event, (("1 = 1", what),))
