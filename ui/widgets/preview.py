"""A reply as it will look where it is posted: its place, its name, its links, what does not fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.domain.channels import ChannelLimits, Limit
from agent.domain.counting import LINK, count, is_within
from agent.domain.messages import Surface
from agent.domain.redaction import PLACEHOLDER
from ui.locales import Words
from ui.widgets.markup import Html, Mark, badge, esc, highlighted, row, tag

MAIL = frozenset({"email"})
OWNER_REPLIES = frozenset({"google_reviews", "google"})


@dataclass(frozen=True)
class Place:
    """Where a reply is posted."""

    network: str
    account: str
    """The name the brand answers under there."""
    limits: ChannelLimits
    asked: str = ""
    """The first words of what is answered, without personal data; "" while they are blurred."""


def preview_html(text: str, surface: Surface, place: Place, words: Words) -> Html:
    """Return the reply in the shape of its place: a comment, a message, an e-mail, an answer."""
    limits = place.limits.private if surface is Surface.PRIVATE else place.limits.public
    body = tag("div", highlighted(text, _marks(text, limits, place.limits)), "pv-text")
    kind = _kind(surface, place)
    notes = [words(f"preview.{name}") for name in _notes(text, limits, place.limits)]
    hints = row([badge(note, "warn") for note in notes]) if notes else ""
    name = words.get(f"channel.{place.network}", place.network)
    title = tag("div", esc(words(f"preview.{kind}", network=name)), "pv-who")
    return tag("div", title + _shape(kind, body, place, words) + hints, f"pv-preview pv-as-{kind}")


def _kind(surface: Surface, place: Place) -> str:
    if place.network in MAIL:
        return "mail"
    if surface is Surface.PRIVATE:
        return "private"
    return "review" if place.network in OWNER_REPLIES else "comment"


def _shape(kind: str, body: Html, place: Place, words: Words) -> Html:
    if kind == "private":
        return tag("div", body, "pv-sent")
    if kind == "mail":
        return tag("div", _mail_head(place, words) + body, "pv-mail")
    who = place.account if kind == "comment" else words("preview.owner", name=place.account)
    face = tag("i", esc(_initial(place.account)), "pv-face", aria_hidden="true")
    said = tag("div", tag("b", esc(who)) + body, "pv-said")
    asked = tag("div", esc(place.asked), "pv-asked") if place.asked else ""
    return asked + tag("div", face + said, "pv-nested")


def _initial(account: str) -> str:
    return next((char.upper() for char in account if char.isalnum()), "·")


def _mail_head(place: Place, words: Words) -> Html:
    lines = (
        ("from", place.account),
        ("to", words("message.customer")),
    )
    return "".join(
        tag("div", tag("span", esc(words(f"preview.{name}"))) + " " + esc(value), "pv-mail-line")
        for name, value in lines
    )


def _marks(text: str, limits: Sequence[Limit], facts: ChannelLimits) -> Iterator[Mark]:
    if facts.are_links_clickable:
        yield from (Mark(found.start(), found.end(), "pv-link") for found in LINK.finditer(text))
    yield from (
        Mark(found.start(), found.end(), "pv-masked") for found in PLACEHOLDER.finditer(text)
    )
    fits = _fitting(text, limits)
    if fits < len(text):
        yield Mark(fits, len(text), "pv-over")


def _fitting(text: str, limits: Sequence[Limit]) -> int:
    """Return how many characters the network takes: its counts never shrink as a text grows."""
    if is_within(text, limits):
        return len(text)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if all(count(text[:middle], limit) <= limit.max for limit in limits):
            low = middle
        else:
            high = middle - 1
    return low


def _notes(text: str, limits: Sequence[Limit], facts: ChannelLimits) -> Iterator[str]:
    if not is_within(text, limits):
        yield "too_long"
    if LINK.search(text) and not facts.are_links_clickable:
        yield "dead_link"
    if facts.is_markdown:
        yield "markdown"
