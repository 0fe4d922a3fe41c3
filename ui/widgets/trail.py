"""The complete trail of a reply: every draft, decision, escalation and its proof, from one record.

Built from the record that the download holds, so that the page and the file tell the same.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.domain.reports import AuditVerdict
from ui.locales import Words
from ui.widgets.attachments import recorded_html
from ui.widgets.diff import diff_html
from ui.widgets.markup import Html, badge, esc, row, tag
from ui.widgets.removed import removed_html

Record = Mapping[str, Any]
_SHORT = 16
_TONE = {"fail": "danger", "abstain": "warn", "pass": "good", "not_applicable": "quiet"}


def trail_html(trail: Record, words: Words, zone: ZoneInfo) -> Html:
    """Return the trail as one list of sections that open; the last draft is open."""
    drafts = list(trail["drafts"])
    parts = [
        _fold(
            words("trail.drafts", n=draft["revision"]),
            _draft(draft, words, zone),
            is_open=at == len(drafts),
        )
        for at, draft in enumerate(drafts, start=1)
    ]
    attached = trail["message"]["attachments"]
    if attached:
        title = words.count("attachments.title", len(attached))
        parts.insert(0, _fold(title, recorded_html(attached, words), is_open=False))
    by_revision = {draft["revision"]: draft for draft in drafts}
    decided = "".join(
        _decision(one, by_revision[one["draft_revision"]], words, zone)
        for one in trail["decisions"]
    )
    parts.append(_fold(words("trail.rounds"), decided, is_open=len(trail["decisions"]) > 1))
    if trail["handoffs"]:
        handed = "".join(_handoff(one, words, zone) for one in trail["handoffs"])
        parts.append(_fold(words("trail.escalations"), handed, is_open=True))
    if trail["moderation"]:
        asked = "".join(_moderation(one, words) for one in trail["moderation"])
        parts.append(_fold(words("trail.moderation"), asked, is_open=True))
    return tag("div", "".join(parts), "pv-trail")


def chain_html(verdict: AuditVerdict, words: Words) -> Html:
    """Return whether the entries of this item are whole."""
    if verdict.is_intact:
        return badge(words("trail.intact", n=words.number(verdict.entries)), "good")
    return badge(words("trail.broken", problem=verdict.problem), "danger")


def _fold(title: str, body: Html, *, is_open: bool) -> Html:
    summary = tag("summary", esc(title)) + tag("div", body)
    # `open` is an attribute without a value: `tag` leaves empty ones out.
    return tag("details", summary, "pv-fold", **({"open": "open"} if is_open else {}))


def _facts(pairs: Iterable[tuple[str, str]]) -> Html:
    lines = (tag("dt", esc(name)) + tag("dd", esc(value)) for name, value in pairs if value)
    return tag("dl", "".join(lines), "pv-facts")


def _when(text: str, words: Words, zone: ZoneInfo) -> str:
    return words.moment(datetime.fromisoformat(text), zone)


def _draft(draft: Record, words: Words, zone: ZoneInfo) -> Html:
    said, origin = draft["draft"], draft["draft"].get("origin") or {}
    prompt = origin.get("prompt") or {}
    drafter = said["drafter"]
    pairs = (
        (words("trail.made"), _when(draft["created_at"], words, zone)),
        (
            words("trail.drafter"),
            words("trail.extractive") if drafter == "extractive" else str(drafter),
        ),
        (words("trail.model"), str(origin.get("model", ""))),
        (words("trail.prompt"), f"{prompt['id']} · {prompt['version']}" if prompt else ""),
        (words("trail.prompt_sha"), str(prompt.get("sha256", ""))),
        (words("trail.guideline"), str(draft["guideline_version"])),
        (words("trail.answerable"), words.percent(float(draft["answerable"]))),
        (words("trail.failures"), ", ".join(one["step"] for one in draft["failures"])),
    )
    texts = "".join(_text(name, said.get(name), words) for name in ("public", "private"))
    reports = (draft["public_report"], draft["private_report"])
    checks = [check for report in reports for check in report["checks"]]
    return (
        _facts(pairs)
        + (
            texts
            or _removed(draft["purged"]["draft_at"], words)
            or tag("p", esc(words("trail.no_text")), "pv-hint")
        )
        + _checks(words("trail.checks"), checks, words)
        + _passages(draft["passages"], words)
    )


def _removed(at: str | None, words: Words) -> Html:
    return removed_html(datetime.fromisoformat(at) if at else None, words)


def _text(name: str, text: str | None, words: Words) -> Html:
    if not text:
        return ""
    head = row([badge(words(f"editor.{name}"), "plain")])
    return tag("div", head + tag("div", esc(text), "pv-text"), "pv-card")


def _checks(title: str, checks: Iterable[Record], words: Words) -> Html:
    counted: dict[str, list[str]] = {}
    for check in checks:
        counted.setdefault(check["verdict"], []).append(check["rule"])
    if not counted:
        return ""
    order = [verdict for verdict in _TONE if verdict in counted]
    badges = [badge(f"{words(f'trail.verdict.{v}')} · {len(counted[v])}", _TONE[v]) for v in order]
    named = [v for v in order if v in {"fail", "abstain"}]
    lists = "".join(tag("p", esc(", ".join(counted[v])), "pv-hint") for v in named)
    return row([tag("h4", esc(title)), *badges], "pv-section") + lists


def _passages(passages: Iterable[Record], words: Words) -> Html:
    lines = "".join(
        tag(
            "li",
            row(
                [
                    tag("b", esc(one["key"])),
                    badge(words.percent(float(one["score"])), "quiet"),
                    badge(words("trail.cited"), "accent") if one["is_cited"] else "",
                    tag("code", esc(one["sha256"][:_SHORT])),
                ]
            )
            + tag("div", esc(one["question"]), "pv-hint"),
        )
        for one in passages
    )
    if not lines:
        return ""
    return tag("h4", esc(words("trail.passages"))) + tag("ul", lines, "pv-passages")


def _decision(decision: Record, draft: Record, words: Words, zone: ZoneInfo) -> Html:
    head = row(
        [
            badge(words("trail.round", n=decision["round"]), "strong"),
            badge(words(f"decision.{decision['kind']}"), "plain"),
            tag("span", esc(f"{decision['by']['name']} · "), "pv-who"),
            tag("span", esc(_when(decision["at"], words, zone)), "pv-who"),
        ]
    )
    reason = decision["reason"]
    pairs = (
        (words("decided.reason"), words(f"rejection.{reason}") if reason else ""),
        (words("decided.team"), decision["team"] or ""),
        (words("decided.note"), decision["note"]),
        (words("decided.override"), decision["override_reason"]),
        (words("decided.charter"), decision["charter_rule"] or ""),
        (words("trail.guideline"), decision["guideline_version"]),
        ("SHA-256", decision["text_sha256"]),
    )
    said = draft["draft"]
    texts = "".join(
        tag(
            "div",
            row([badge(words(f"editor.{name}"), "plain")])
            + diff_html(said.get(name) or "", decision[name]),
            "pv-card",
        )
        for name in ("public", "private")
        if decision[name]
    )
    texts += _removed(decision["purged_at"], words)
    checks = _checks(words("trail.checked"), decision["report"]["checks"], words)
    return tag("div", head + _facts(pairs) + texts + checks, "pv-card")


def _handoff(handoff: Record, words: Words, zone: ZoneInfo) -> Html:
    closer = (handoff["closed_by"] or {}).get("name", "")
    badges = [
        badge(handoff["team"], "strong"),
        badge(words(f"handoff.status.{handoff['status']}"), "plain"),
        tag("span", esc(_when(handoff["opened_at"], words, zone)), "pv-who"),
    ]
    if handoff["closed_at"]:
        when = _when(handoff["closed_at"], words, zone)
        badges.append(tag("span", esc(f"{closer} · {when}"), "pv-who"))
    return tag("div", row(badges) + tag("div", esc(handoff["note"]), "pv-text"), "pv-card")


def _moderation(asked: Record, words: Words) -> Html:
    what = words.get(f"moderation.{asked['action']}", asked["action"])
    status = words(f"moderation_status.{asked['status']}")
    return row([badge(what, "strong"), badge(status, "plain")])
