"""The customer's words: redacted by default, evidence marked, abuse blurred, never as markup."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.domain.decisions import Evidence, Triage
from agent.domain.messages import ThreadEntry
from agent.domain.redaction import PLACEHOLDER, Redaction
from agent.domain.reviews import ReviewItem
from ui.locales import Words
from ui.widgets.markup import Html, esc, plain, tag
from ui.widgets.triage import link_of

Mask = Callable[[str], Redaction | None]
BRAND_LABELS = frozenset({"brand"})


def evidence_of(triage: Triage) -> tuple[Evidence, ...]:
    """Return every span behind the triage, in reading order."""
    found = [span for finding in triage.findings for span in finding.evidence]
    return tuple(sorted({*found, *triage.flags}, key=lambda span: (span.start, span.end)))


def message_html(
    redaction: Redaction, evidence: Sequence[Evidence], words: Words, *, original: bool
) -> Html:
    """Return the message with its evidence marked and its personal data masked or shown."""
    marked = _covered(evidence, len(redaction.text))
    parts = [
        _piece(redaction, start, end, words, original=original, links=marked[start])
        for start, end in _pieces(redaction.text, marked)
    ]
    return tag("div", "".join(parts), "pv-text")


Links = frozenset[str] | None
"""What a character is evidence of; None: of nothing."""


def _covered(evidence: Sequence[Evidence], length: int) -> list[Links]:
    marked: list[Links] = [None] * length
    for span in evidence:
        for at in range(max(0, span.start), min(span.end, length)):
            marked[at] = (marked[at] or frozenset()) | {link_of(span)}
    return marked


def _pieces(text: str, marked: Sequence[Links]) -> Iterator[tuple[int, int]]:
    """Cut at every placeholder and wherever the marking changes."""
    atomic = {match.start(): match.end() for match in PLACEHOLDER.finditer(text)}
    at = 0
    while at < len(text):
        end = atomic.get(at)
        if end is None:
            end = at + 1
            while end < len(text) and end not in atomic and marked[end] == marked[at]:
                end += 1
        yield at, end
        at = end


def _piece(
    redaction: Redaction, start: int, end: int, words: Words, *, original: bool, links: Links
) -> Html:
    body = readable(redaction, redaction.text[start:end], words, original=original)
    if links is None:
        return body
    return tag("mark", body, "pv-evidence", data_link=" ".join(sorted(links)))


def readable(redaction: Redaction, text: str, words: Words, *, original: bool) -> Html:
    """Return a piece of redacted text: a placeholder by its name, or its value if `original`."""
    found = PLACEHOLDER.fullmatch(text)
    if found is None or text not in redaction.values:
        return esc(text)
    if original:
        return tag("span", esc(redaction.values[text]), "pv-personal")
    kind = words.get(f"personal.{found[1]}", found[1])
    return tag("span", f"{esc(kind)}&nbsp;{found[2]}", "pv-masked")


def thread_html(
    thread: Sequence[ThreadEntry],
    brand_names: frozenset[str],
    words: Words,
    zone: ZoneInfo,
    *,
    mask: Mask | None,
) -> Html:
    """Return the earlier messages, oldest first; ours on the right.

    `mask` redacts a text, or says with None that it cannot; no mask: the original view.
    """
    entries = (_entry(e, brand_names, words, zone, mask=mask) for e in thread)
    return "".join(entries)


def _entry(
    entry: ThreadEntry,
    brand_names: frozenset[str],
    words: Words,
    zone: ZoneInfo,
    *,
    mask: Mask | None,
) -> Html:
    is_ours = entry.author.casefold() in brand_names | BRAND_LABELS
    theirs = words("message.customer") if mask else entry.author
    when = f" · {words.moment(entry.created_at, zone)}" if entry.created_at else ""
    who = esc((words("thread.us") if is_ours else theirs) + when)
    body = tag("div", who, "pv-who") + _said(entry.text, words, mask)
    return tag("div", body, "pv-bubble pv-ours" if is_ours else "pv-bubble")


def _said(text: str, words: Words, mask: Mask | None) -> Html:
    if mask is None:
        return plain(text)
    redaction = mask(text)
    if redaction is None:
        return tag("div", esc(words("message.not_masked")), "pv-hint")
    return message_html(redaction, (), words, original=False)


def author_line(item: ReviewItem, words: Words, now: datetime, *, original: bool) -> Html:
    """Return who wrote, where and when; the name stays hidden in the redacted view."""
    message = item.outcome.message
    author = message.author if original and message.author else words("message.customer")
    when = words.relative(message.created_at or item.received_at, now)
    place = words.get(f"channel.{message.channel}", message.channel)
    surface = words(f"surface.{message.surface.value}")
    return tag("div", tag("b", esc(author)) + esc(f" · {place} · {surface} · {when}"), "pv-who")
