"""Why an item is in the queue again: the words of the team that handed it back."""

from zoneinfo import ZoneInfo

from agent.domain.brand import BrandPack
from agent.domain.reviews import ReviewItem
from ui.locales import Words
from ui.widgets.markup import Html, esc, tag


def hand_back_html(item: ReviewItem, pack: BrandPack | None, words: Words, zone: ZoneInfo) -> Html:
    """Return the note with who wrote it and when; nothing if no team handed the item back."""
    note = item.hand_back
    if note is None:
        return ""
    team = pack.policy.escalation.team(note.team) if pack else None
    said = words(
        "handoff.by_hand_back",
        team=team.name if team else note.team,
        name=note.by,
        when=words.moment(note.at, zone),
    )
    body = tag("div", esc(said), "pv-who") + tag("div", esc(note.note), "pv-text")
    return tag("div", body, "pv-note", role="status")
