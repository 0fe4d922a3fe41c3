"""The record of an item as a timeline: who did what and when, from the audit chain."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from agent.domain.reviews import AuditEntry
from ui.locales import Words
from ui.widgets.markup import Html, esc, tag

MACHINES = frozenset(
    {"pipeline", "intake", "posting", "review", "clock", "guidelines", "sessions", "work"}
)


def timeline_html(
    entries: Iterable[AuditEntry], names: dict[str, str], words: Words, zone: ZoneInfo
) -> Html:
    """Return one line an entry, oldest first; `names` maps a person's id to their name."""
    lines = (_line(entry, names, words, zone) for entry in entries)
    return tag("ol", "".join(lines), "pv-timeline")


def _line(entry: AuditEntry, names: dict[str, str], words: Words, zone: ZoneInfo) -> Html:
    key = entry.action.replace(".", "_")
    what = words.get(f"audit.{key}", entry.action)
    kind = str(entry.detail.get("kind", ""))
    if kind:
        what = words("audit.how", what=what, kind=words.get(f"decision.{kind}", kind))
    who = words("audit.machine") if entry.actor in MACHINES else names.get(entry.actor, entry.actor)
    when = words.moment(entry.at, zone)
    seal = tag("code", esc(entry.hash[:10]), title=words("audit.seal"))
    return tag("li", tag("time", esc(when)) + tag("b", esc(what)) + esc(f" · {who} ") + seal)
