"""Why a message goes where it goes: categories, the words behind them, and who found them."""

import re
from collections.abc import Sequence

from agent.domain.decisions import Evidence, Finding, Triage
from agent.domain.drafts import Draft, NoteKind
from ui.locales import Words
from ui.widgets.badges import SENTIMENT_TONE
from ui.widgets.markup import Html, badge, esc, row, tag

_QUOTE = {"fr": "«\u00a0{}\u00a0»", "en": "“{}”"}
_FLAG_OF = {"toxic": "toxic", "troll_hate": "toxic", "bot_question": "asks_if_bot"}
_CLASSIFIER = "triage"
"""The embedded classifier, as it signs its evidence (`model:triage.<category>`)."""
QUOTED = 3
_PLACES = re.compile(r"(\d[\d, ]*) of (\d+)")
"""Which of a message's questions a note is about, as the draft step says it."""
_FOLLOWED = frozenset(
    {
        NoteKind.WISH_ENTRY,
        NoteKind.WISH_SHORTER,
        NoteKind.WISH_WORDING,
        NoteKind.WISH_REGISTER,
    }
)
"""Notes that something went as asked: said calmly."""


def link_of(span: Evidence) -> str:
    """Return the name that words share with what they are evidence of."""
    return f"why-{_topic(span)}"


def _topic(span: Evidence) -> str:
    """Return the category or flag of `rule:<topic>.<id>` and of `model:<name>.<topic>`."""
    kind, _, name = span.found_by.partition(":")
    topic = name.rpartition(".")[2] if kind == "model" else name.partition(".")[0]
    return _FLAG_OF.get(topic, topic)


def triage_html(triage: Triage, words: Words, *, is_hidden: bool = False) -> Html:
    """Return the categories with their evidence, the sentiment, and the reason of the route.

    `is_hidden`: the message is blurred, so the words quoted from it are too.
    """
    ordered = sorted(triage.findings, key=lambda f: f.category is not triage.category)
    chips = [
        _finding(finding, words, leads=not at, is_hidden=is_hidden)
        for at, finding in enumerate(ordered)
    ]
    if not chips:
        chips = [badge(words(f"category.{triage.category.value}"), "strong")]
    tone = SENTIMENT_TONE.get(triage.sentiment, "quiet")
    chips.append(badge(words(f"sentiment.{triage.sentiment.value}"), tone))
    chips.extend(_flag(name, tone, triage, words) for name, tone in _flags(triage))
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


def _flag(name: str, tone: str, triage: Triage, words: Words) -> Html:
    spans = [span for span in triage.flags if _topic(span) == name]
    body = badge(words(f"flag.{name}"), tone) + _finders(spans, words)
    return tag("span", body, "pv-finding", data_link=f"why-{name}" if spans else "")


def _finding(finding: Finding, words: Words, *, leads: bool, is_hidden: bool) -> Html:
    label = badge(words(f"category.{finding.category.value}"), "strong" if leads else "plain")
    quoted = ", ".join(
        _QUOTE[words.lang].format(span.text)
        for span in finding.evidence[:QUOTED]
        if span.text.strip()
    )
    css = "pv-heard pv-blur" if is_hidden else "pv-heard"
    heard = tag("span", esc(quoted), css) if quoted else ""
    links = " ".join(dict.fromkeys(map(link_of, finding.evidence)))
    body = label + heard + _finders(finding.evidence, words, finding.score)
    return tag("span", body, "pv-finding", data_link=links)


def _finders(spans: Sequence[Evidence], words: Words, score: float = 1.0) -> Html:
    """Return who found the words: a rule, the classifier and how sure it is, or a chat model."""
    if not spans:
        return ""
    names = dict.fromkeys(_finder(span.found_by, words, score) for span in spans)
    ids = ", ".join(dict.fromkeys(span.found_by for span in spans))
    return tag("small", esc(", ".join(names)), "pv-by", title=ids)


def _finder(found_by: str, words: Words, score: float) -> str:
    kind, _, name = found_by.partition(":")
    if kind != "model":
        return words.get(f"found_by.{kind}", kind)
    if name.partition(".")[0] == _CLASSIFIER:
        sure = f" {words.percent(score)}" if score < 1 else ""
        return words("found_by.classifier") + sure
    return words("found_by.model", name=name.rpartition(".")[0])


def notes_html(draft: Draft, words: Words) -> Html:
    """Return what the reviewer must know of this draft, one line a note."""
    lines = [(_note(n.kind.value, n.about, words), n.kind in _FOLLOWED) for n in draft.notes]
    if draft.wish is not None:
        lines.insert(0, (esc(words("wish.asked", note=draft.wish.note)), True))
    if draft.is_by_model and draft.origin:
        lines.insert(0, (esc(words("by_model", model=draft.origin.model)), True))
    if not lines and draft.note:
        lines = [(esc(draft.note), False)]
    return "".join(
        tag("div", line, "pv-note pv-told" if is_good else "pv-note")
        for line, is_good in dict.fromkeys(lines)
    )


def _note(kind: str, about: str, words: Words) -> Html:
    place = _PLACES.fullmatch(about)
    if place:
        about = words("note.places", which=place[1], total=place[2])
    shown = words.get(f"category.{about}", about)
    detail = f" ({shown})" if about else ""
    return esc(words(f"note.{kind}") + detail)
