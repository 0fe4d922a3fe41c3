"""The one change that decisions and first approvals allow: their texts removed, once, for good.

A purge is written down first: whose, of what, when, and how old a text it takes. A row may then be
emptied if it is that old and its item is settled, and nothing but the texts may change: the
hashes stay, so that an outbox row still names an approving decision on its text.
"""

from agent.adapters.store.rule import Rule, never

EMPTIED = ("public_text", "private_text", "detail", "purged_at")
"""The only columns that ever change of the tables below: PostgreSQL grants no others."""
EMPTIABLE = ("decisions", "approvals")

_FIXED = (
    "id",
    "item_id",
    "round",
    "draft_revision",
    "kind",
    "by_id",
    "by_name",
    "at",
    "text_sha256",
    "message_sha256",
    "edit_ratio",
    "guideline_version",
)
_MAYBE_ABSENT = ("reason", "team")
_TEXTS = ("public_text", "private_text")
_NOT_ONLY_EMPTIED = " OR ".join(
    (
        *(f"NEW.{name} <> OLD.{name}" for name in _FIXED),
        *(f"COALESCE(NEW.{name}, '') <> COALESCE(OLD.{name}, '')" for name in _MAYBE_ABSENT),
        *(f"(NEW.{name} IS NULL) <> (OLD.{name} IS NULL)" for name in _TEXTS),
        *(f"COALESCE(NEW.{name}, '') <> ''" for name in _TEXTS),
        "NEW.detail <> portevoix_kept_detail(OLD.detail)",
        "OLD.purged_at IS NOT NULL",
        "NEW.purged_at IS NULL",
    )
)
_TOO_YOUNG = (
    "NOT EXISTS (SELECT 1 FROM purges p JOIN items i ON i.brand_id = p.brand_id"
    " WHERE i.id = OLD.item_id AND p.kind = 'approved_reply' AND p.at = NEW.purged_at"
    " AND OLD.at < p.cutoff_at)"
)
_UNSETTLED = (
    "EXISTS (SELECT 1 FROM items i WHERE i.id = OLD.item_id"
    " AND i.status IN ('pending', 'claimed', 'snoozed', 'stale'))"
    " OR EXISTS (SELECT 1 FROM posts p WHERE p.item_id = OLD.item_id"
    " AND p.status IN ('ready', 'sending', 'unknown'))"
    " OR EXISTS (SELECT 1 FROM handoffs h WHERE h.item_id = OLD.item_id AND h.closed_at IS NULL)"
)
NOT_A_PURGED_HANDOFF = (
    "NOT (NEW.status = OLD.status AND OLD.closed_at IS NOT NULL AND NEW.note = ''"
    " AND NEW.closed_at = OLD.closed_at"
    " AND COALESCE(NEW.closed_by_id, '') = COALESCE(OLD.closed_by_id, '')"
    " AND COALESCE(NEW.owner_id, '') = COALESCE(OLD.owner_id, ''))"
)
"""A closed handoff changes only by losing its note."""


def only_emptied(table: str, what: str) -> Rule:
    """Return the rule of a table whose rows change by losing their texts, and no other way."""
    return Rule(
        f"{table}_no_update",
        table,
        "UPDATE",
        (
            (_NOT_ONLY_EMPTIED, what),
            (_TOO_YOUNG, "a text is removed by a purge, once its retention has passed"),
            (_UNSETTLED, "the texts of an item are kept until it is settled"),
        ),
    )


PURGE_RULES = (
    Rule(
        "purges_insert",
        "purges",
        "INSERT",
        (("NEW.cutoff_at > NEW.at", "a purge takes what is past"),),
    ),
    never("purges", "UPDATE", "a purge is never changed"),
    never("purges", "DELETE", "a purge is never deleted"),
)
