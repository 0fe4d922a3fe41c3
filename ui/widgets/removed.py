"""What stands where a text was that is past its retention."""

from datetime import datetime

from ui.locales import Words
from ui.widgets.markup import Html, esc, tag


def removed_words(at: datetime | None, words: Words) -> str:
    """Return when it was removed and why, or nothing: it is there. The day is in UTC."""
    return words("retention.removed", date=words.day(at)) if at else ""


def removed_html(at: datetime | None, words: Words) -> Html:
    """Return the same as a line of its own."""
    said = removed_words(at, words)
    return tag("div", esc(said), "pv-hint") if said else ""
