"""Why a message goes where it goes: categories, the words behind them, and who found them."""

from agent.domain.decisions import Finding, Triage
from agent.domain.drafts import Draft
from ui.locales import Words
from ui.widgets.badges import SENTIMENT_TONE
from ui.widgets.markup import Html, badge, esc, row, tag

_QUOTE = {"fr": "«\u00a0{}\u00a0»", "en": "“{}”"}


def triage_html(triage: Triage, words: Words) -> Html:
    """Return the categories with their evidence, the sentiment, and the reason of the route."""
    ordered = sorted(triage.findings, key=lambda f: f.category is not triage.category)
    chips = [_finding(finding, words, leads=not at) for at, finding in enumerate(ordered)]
    if not chips:
        chips = [badge(words(f"category.{triage.category.value}"), "strong")]
    tone = SENTIMENT_TONE.get(triage.sentiment, "quiet")
    chips.append(badge(words(f"sentiment.{triage.sentiment.value}"), tone))
    chips.extend(badge(words(f"flag.{name}"), tone) for name, tone in _flags(triage))
    reason = words(f"reason.{triage.reason.value}") if triage.reason else ""
    return row(chips) + (tag("div", esc(reason), "pv-why") if reason else "")


def _flags(triage: Triage) -> list[tuple[str, str]]:
    flags = (
        ("toxic", "danger", triage.is_toxic),
        ("injection", "danger", triage.is_injection),
        ("wants_human", "warn", triage.wants_human),
        ("asks_if_bot", "plain", triage.asks_if_bot),
    )
    return [(name, tone) for name, tone, is_set in flags if is_set]


def _finding(finding: Finding, words: Words, *, leads: bool) -> Html:
    label = badge(words(f"category.{finding.category.value}"), "strong" if leads else "plain")
    quoted = ", ".join(
        _QUOTE[words.lang].format(span.text) for span in finding.evidence[:3] if span.text.strip()
    )
    who = ", ".join(dict.fromkeys(span.found_by for span in finding.evidence))
    heard = tag("span", esc(quoted), "pv-heard", title=who) if quoted else ""
    return tag("span", label + heard, "pv-finding")


def notes_html(draft: Draft, words: Words) -> Html:
    """Return what the reviewer must know of this draft, one line a note."""
    lines = [_note(note.kind.value, note.about, words) for note in draft.notes]
    if draft.is_by_model and draft.origin:
        lines.insert(0, esc(words("by_model", model=draft.origin.model)))
    if not lines and draft.note:
        lines = [esc(draft.note)]
    return "".join(tag("div", line, "pv-note") for line in dict.fromkeys(lines))


def _note(kind: str, about: str, words: Words) -> Html:
    shown = words.get(f"category.{about}", about)
    detail = f" ({shown})" if about else ""
    return esc(words(f"note.{kind}") + detail)
