"""What a decision keeps beside its texts, as one JSON column."""

import json

DETAIL = (
    "note",
    "override_reason",
    "charter_rule",
    "moderation",
    "report",
    "approved_first_by",
    "is_first_of_two",
)
WORDS = frozenset({"note", "override_reason", "report"})
"""What a person wrote, and the checks' findings, which quote the text."""


def kept_detail(detail: str) -> str:
    """Return the JSON of a detail without its words. PostgreSQL has it as a function of its own."""
    kept = {name: value for name, value in json.loads(detail).items() if name not in WORDS}
    return json.dumps(kept, ensure_ascii=False)
