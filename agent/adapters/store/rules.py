"""The rules the database itself holds, written once for both engines.

Each rule is a trigger that runs before a change and refuses it when one of its conditions holds.
The conditions are SQL that SQLite and PostgreSQL read alike. Foreign keys and CHECKs say much of
this a first time; the triggers say it again for connections on which SQLite does not enforce
foreign keys, and against `INSERT OR REPLACE`, which deletes without firing delete triggers.
"""

from agent.adapters.store.purge_rules import NOT_A_PURGED_HANDOFF, PURGE_RULES, only_emptied
from agent.adapters.store.rule import Rule
from agent.adapters.store.rule import never as _never
from agent.domain.reviews import GENESIS

PROTECTED = (
    "items",
    "decisions",
    "approvals",
    "undos",
    "outbox",
    "posts",
    "moderations",
    "handoffs",
    "purges",
    "audit",
)
"""Tables whose rules are verified at every start."""


_APPROVING = (
    "SELECT 1 FROM decisions d WHERE d.id = NEW.decision_id AND d.item_id = NEW.item_id"
    " AND d.round = NEW.round AND d.kind = NEW.kind AND d.text_sha256 = NEW.text_sha256"
    " AND d.kind IN ('approve', 'edit')"
)
_FOR_TWO = "SELECT 1 FROM items i WHERE i.id = NEW.item_id AND i.approvers_needed > 1"
_ANOTHER_APPROVED = (
    "SELECT 1 FROM approvals a JOIN decisions d ON d.id = NEW.decision_id"
    " WHERE a.item_id = d.item_id AND a.round = d.round AND a.draft_revision = d.draft_revision"
    " AND a.message_sha256 = d.message_sha256 AND a.text_sha256 = d.text_sha256"
    " AND a.by_id <> d.by_id"
)
_HASH_OF_TEXTS = "NEW.text_sha256 <> portevoix_text_sha256(NEW.public_text, NEW.private_text)"
_RELEASING = (
    "SELECT 1 FROM outbox o JOIN decisions d ON d.id = o.decision_id"
    " WHERE o.id = NEW.outbox_id AND o.item_id = NEW.item_id"
    " AND ((NEW.surface = 'public' AND d.public_text IS NOT NULL)"
    " OR (NEW.surface = 'private' AND d.private_text IS NOT NULL))"
)
_STEPS = (
    "ready>ready",
    "ready>sending",
    "ready>sent",
    "ready>returned",
    "ready>cancelled",
    "sending>ready",
    "sending>sent",
    "sending>unknown",
    "sending>returned",
    "unknown>unknown",
    "unknown>ready",
    "unknown>sent",
)
_HANDOFF_STEP_LIST = (
    "'open>taken', 'taken>taken', 'taken>open', 'open>done', 'taken>done',"
    " 'open>returned', 'taken>returned'"
)
_PASSING_ON = (
    "SELECT 1 FROM decisions d WHERE d.id = NEW.id AND d.item_id = NEW.item_id"
    " AND d.round = NEW.round AND d.team = NEW.team"
)
_UNDER_WAY = (
    "SELECT 1 FROM posts p WHERE p.item_id = OLD.id AND p.status IN ('ready', 'sending', 'unknown')"
)
_CAME_BACK = (
    "NOT EXISTS (SELECT 1 FROM posts p JOIN outbox o ON o.id = p.outbox_id"
    " WHERE p.item_id = OLD.id AND o.round = OLD.round"
    " AND p.status IN ('returned', 'cancelled'))"
    " AND NOT EXISTS (SELECT 1 FROM handoffs h JOIN decisions d ON d.id = h.id"
    " WHERE h.item_id = OLD.id AND h.round = OLD.round AND h.status = 'returned'"
    " AND d.kind = 'escalate')"
    " AND NOT EXISTS (SELECT 1 FROM undos u WHERE u.item_id = OLD.id AND u.round = OLD.round)"
)
_FROZEN = (
    "SELECT 1 FROM freezes f WHERE f.is_on AND (f.scope = '*'"
    " OR f.scope = (SELECT i.brand_id FROM items i WHERE i.id = NEW.item_id))"
)
_STEP_LIST = ", ".join(f"'{step}'" for step in _STEPS)

RULES: tuple[Rule, ...] = (
    Rule(
        "decisions_insert",
        "decisions",
        "INSERT",
        (
            (
                "EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.id"
                " OR (d.item_id = NEW.item_id AND d.round = NEW.round))",
                "this item is already decided",
            ),
            (
                "NOT EXISTS (SELECT 1 FROM items i"
                " WHERE i.id = NEW.item_id AND i.round = NEW.round)",
                "a decision belongs to the item's current round",
            ),
            (_HASH_OF_TEXTS, "the hash of a decision is that of its texts"),
            ("NEW.purged_at IS NOT NULL", "a decision starts with its texts"),
        ),
    ),
    only_emptied("decisions", "a decision is never changed"),
    _never("decisions", "DELETE", "a decision is never deleted"),
    Rule(
        "approvals_insert",
        "approvals",
        "INSERT",
        (
            (
                "EXISTS (SELECT 1 FROM approvals a WHERE a.id = NEW.id)",
                "a first approval is written once",
            ),
            (
                "NOT EXISTS (SELECT 1 FROM items i WHERE i.id = NEW.item_id"
                " AND i.round = NEW.round AND i.draft_revision = NEW.draft_revision)",
                "a first approval belongs to the item's current round and draft",
            ),
            (_HASH_OF_TEXTS, "the hash of a first approval is that of its texts"),
            ("NEW.purged_at IS NOT NULL", "a first approval starts with its texts"),
        ),
    ),
    only_emptied("approvals", "a first approval is never changed"),
    _never("approvals", "DELETE", "a first approval is never deleted"),
    Rule(
        "undos_insert",
        "undos",
        "INSERT",
        (
            (
                "EXISTS (SELECT 1 FROM undos u WHERE u.decision_id = NEW.decision_id)",
                "a decision is undone once",
            ),
            (
                "NOT EXISTS (SELECT 1 FROM decisions d JOIN items i ON i.id = d.item_id"
                " WHERE d.id = NEW.decision_id AND d.item_id = NEW.item_id"
                " AND d.round = NEW.round AND i.round = NEW.round)",
                "only the decision of the item's current round is undone",
            ),
            (
                "EXISTS (SELECT 1 FROM outbox o WHERE o.decision_id = NEW.decision_id)",
                "an approval is undone by taking its posts back",
            ),
            (
                "EXISTS (SELECT 1 FROM moderations m WHERE m.decision_id = NEW.decision_id"
                " AND m.status <> 'cancelled')",
                "what the network was asked is not undone",
            ),
        ),
    ),
    _never("undos", "UPDATE", "an undo is never changed"),
    _never("undos", "DELETE", "an undo is never deleted"),
    Rule(
        "outbox_insert",
        "outbox",
        "INSERT",
        (
            (
                f"NOT EXISTS ({_APPROVING})",
                "nothing is posted without an approving decision on that text",
            ),
            (
                f"EXISTS ({_FOR_TWO}) AND NOT EXISTS ({_ANOTHER_APPROVED})",
                "this text needs the approval of two people",
            ),
            (
                "EXISTS (SELECT 1 FROM outbox o WHERE o.id = NEW.id"
                " OR (o.item_id = NEW.item_id AND o.round = NEW.round))",
                "this item is already in the outbox",
            ),
        ),
    ),
    _never("outbox", "UPDATE", "an outbox row is never changed"),
    _never("outbox", "DELETE", "an outbox row is never deleted"),
    Rule(
        "posts_insert",
        "posts",
        "INSERT",
        (
            ("NEW.status <> 'ready'", "a post starts as ready"),
            (
                f"NOT EXISTS ({_RELEASING})",
                "a post needs an outbox row with a text for its surface",
            ),
            (
                "EXISTS (SELECT 1 FROM posts p WHERE p.id = NEW.id"
                " OR p.attempt_key = NEW.attempt_key"
                " OR (p.outbox_id = NEW.outbox_id AND p.surface = NEW.surface)"
                " OR (p.item_id = NEW.item_id AND p.surface = NEW.surface"
                " AND p.status NOT IN ('returned', 'cancelled')))",
                "this item already has a post there",
            ),
        ),
    ),
    Rule(
        "posts_update",
        "posts",
        "UPDATE",
        (
            (
                "NEW.id <> OLD.id OR NEW.outbox_id <> OLD.outbox_id OR NEW.item_id <> OLD.item_id"
                " OR NEW.surface <> OLD.surface OR NEW.attempt_key <> OLD.attempt_key"
                " OR NEW.channel_instance <> OLD.channel_instance",
                "what a post is never changes",
            ),
            (
                f"(OLD.status || '>' || NEW.status) NOT IN ({_STEP_LIST})",
                "a post never takes this step",
            ),
            (
                f"OLD.status = 'ready' AND NEW.status = 'sending' AND EXISTS ({_FROZEN})",
                "posting is frozen",
            ),
        ),
    ),
    _never("posts", "DELETE", "a post is never deleted"),
    Rule(
        "moderations_insert",
        "moderations",
        "INSERT",
        (
            (
                "NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.decision_id"
                " AND d.item_id = NEW.item_id AND d.kind = 'moderate')",
                "nothing is moderated without a person's decision",
            ),
        ),
    ),
    Rule(
        "handoffs_insert",
        "handoffs",
        "INSERT",
        (
            (f"NOT EXISTS ({_PASSING_ON})", "a handoff needs a person's decision for that team"),
            ("NEW.status <> 'open'", "a handoff starts as open"),
            ("EXISTS (SELECT 1 FROM handoffs h WHERE h.id = NEW.id)", "a handoff is added once"),
        ),
    ),
    Rule(
        "handoffs_update",
        "handoffs",
        "UPDATE",
        (
            (
                "NEW.id <> OLD.id OR NEW.item_id <> OLD.item_id OR NEW.round <> OLD.round"
                " OR NEW.team <> OLD.team OR NEW.brand_id <> OLD.brand_id",
                "what a handoff is never changes",
            ),
            (
                f"(OLD.status || '>' || NEW.status) NOT IN ({_HANDOFF_STEP_LIST})"
                f" AND {NOT_A_PURGED_HANDOFF}",
                "a handoff never takes this step",
            ),
            ("NEW.version <> OLD.version + 1", "a handoff changes one version at a time"),
        ),
    ),
    _never("handoffs", "DELETE", "a handoff is never deleted"),
    Rule(
        "items_insert",
        "items",
        "INSERT",
        (("NEW.round <> 1", "an item starts in its first round"),),
    ),
    Rule(
        "items_update",
        "items",
        "UPDATE",
        (
            (
                "NEW.id <> OLD.id OR NEW.message_id <> OLD.message_id",
                "what an item is never changes",
            ),
            (
                f"NEW.round <> OLD.round AND (NEW.round <> OLD.round + 1 OR ({_CAME_BACK})"
                f" OR EXISTS ({_UNDER_WAY}))",
                "a new round needs an undo or something that came back, and no post under way",
            ),
            (
                "NEW.approvers_needed < OLD.approvers_needed"
                " AND NEW.draft_revision = OLD.draft_revision",
                "fewer approvers are needed only with another draft",
            ),
            (
                "NEW.status IN ('pending', 'claimed', 'snoozed', 'stale')"
                " AND EXISTS (SELECT 1 FROM decisions d"
                " WHERE d.item_id = NEW.id AND d.round = NEW.round)",
                "a decided item is not opened again",
            ),
            (
                "NEW.status <> OLD.status AND OLD.purged_at IS NOT NULL",
                "an item whose message was removed is as it is",
            ),
        ),
    ),
    Rule(
        "items_delete",
        "items",
        "DELETE",
        (
            (
                "EXISTS (SELECT 1 FROM decisions d WHERE d.item_id = OLD.id)",
                "a decided item is never deleted",
            ),
        ),
    ),
    Rule(
        "audit_insert",
        "audit",
        "INSERT",
        (
            (
                "NEW.seq <> (SELECT COALESCE(MAX(a.seq), 0) + 1 FROM audit a)",
                "an audit entry comes after the last one",
            ),
            (
                "NEW.previous_hash <> (SELECT a.hash FROM audit a ORDER BY a.seq DESC LIMIT 1)",
                "an audit entry is chained to the last one",
            ),
            (
                f"NEW.seq = 1 AND NEW.previous_hash <> '{GENESIS}'",
                "the first audit entry is chained to nothing",
            ),
            (
                "EXISTS (SELECT 1 FROM audit a WHERE a.hash = NEW.hash)",
                "an audit entry is written once",
            ),
        ),
    ),
    *PURGE_RULES,
    _never("audit", "UPDATE", "an audit entry is never changed"),
    _never("audit", "DELETE", "an audit entry is never deleted"),
)

TRUNCATE_RULES: tuple[Rule, ...] = tuple(
    _never(table, "TRUNCATE", f"{table} is never emptied") for table in PROTECTED
)
"""PostgreSQL only: SQLite has no TRUNCATE."""
