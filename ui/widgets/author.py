"""What an author wrote before, without saying who, and what became of it."""

from datetime import datetime

from agent.domain.desk import AuthorHistory, EarlierMessage
from agent.domain.redaction import PLACEHOLDER, Redaction
from ui.locales import Words
from ui.widgets.badges import STATUS_TONE
from ui.widgets.markup import Html, badge, esc, tag
from ui.widgets.message import message_html


def author_html(
    history: AuthorHistory, words: Words, now: datetime, *, name: str | None = None
) -> Html:
    """Return one line of counts, unfolding to the last messages; "" for who never wrote before.

    `name` is shown in the original view only.
    """
    if not history.total:
        return ""
    facts = [words.count("author.earlier", history.total)]
    if history.open:
        facts.append(words.count("author.open", history.open))
    if history.toxic:
        facts.append(words.count("author.toxic", history.toxic))
    last = next((one for one in history.earlier if one.decision), None)
    if last is not None:
        facts.append(words("author.last", what=_outcome(last, words, now)))
    head = tag("b", esc(name or words("author.same"))) + esc(" · " + " · ".join(facts))
    lines = "".join(_line(one, words, now) for one in history.earlier)
    caution = tag("div", esc(words("author.caution")), "pv-hint")
    body = tag("summary", head) + tag("ol", lines, "pv-earlier") + caution
    return tag("details", body, "pv-fold pv-author")


def _line(one: EarlierMessage, words: Words, now: datetime) -> Html:
    when = tag("time", esc(words.relative(one.received_at, now)))
    status = badge(words(f"status.{one.status.value}"), STATUS_TONE.get(one.status, "quiet"))
    category = badge(words(f"category.{one.category.value}"), "plain")
    head = tag("div", when + category + status, "pv-row")
    said = message_html(_masked(one.excerpt), (), words, original=False)
    return tag("li", head + said, "pv-blur" if one.is_toxic else "")


def _masked(excerpt: str) -> Redaction:
    """Return an excerpt whose placeholders show as what they stand for; no value is known here."""
    return Redaction(text=excerpt, values={m.group(0): "" for m in PLACEHOLDER.finditer(excerpt)})


def _outcome(one: EarlierMessage, words: Words, now: datetime) -> str:
    what = words(f"decision.{one.decision.value}") if one.decision else ""
    when = words.relative(one.decided_at, now) if one.decided_at else ""
    return words("author.decided", what=what, by=one.decided_by, when=when)
