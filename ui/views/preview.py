"""Under the editors: how the texts will look where they are posted, and what a person changed."""

from collections.abc import Sequence

import streamlit as st

from agent.bootstrap import limits_for
from agent.domain.messages import Surface
from agent.domain.redaction import PLACEHOLDER
from agent.domain.reviews import ReviewItem
from ui.desk import state
from ui.desk.state import Screen
from ui.desk.workspace import pack_of
from ui.locales import Words
from ui.widgets.diff import diff_html
from ui.widgets.markup import esc, tag
from ui.widgets.preview import Place, preview_html

ASKED = 140
"""Characters of the message shown over a preview."""


def under_editors(
    item: ReviewItem,
    screen: Screen,
    surfaces: Sequence[Surface],
    words: Words,
    *,
    is_blurred: bool,
) -> None:
    """Draw each text as it will look, side by side, then its changes against the draft."""
    texts = {surface: screen.text(surface) or "" for surface in surfaces}
    if not any(texts.values()):
        return
    place = _place(item, words, is_blurred=is_blurred)
    _row("preview.title", [preview_html(texts[s], s, place, words) for s in surfaces], words)
    draft = item.outcome.draft
    if not state.is_edited(screen, draft):
        return
    before = {Surface.PUBLIC: draft.public or "", Surface.PRIVATE: draft.private or ""}
    _row("diff.title", [_changes(before[s], texts[s], words) for s in surfaces], words)


def _row(title: str, cells: Sequence[str], words: Words) -> None:
    head = tag("div", tag("h3", esc(words(title))), "pv-section")
    st.html(head + tag("div", "".join(cells), f"pv-cells pv-cells-{len(cells)}"))


def _changes(before: str, after: str, words: Words) -> str:
    if before == after:
        return tag("div", tag("span", esc(words("diff.none")), "pv-hint"), "pv-card")
    return tag("div", diff_html(before, after), "pv-card")


def _place(item: ReviewItem, words: Words, *, is_blurred: bool) -> Place:
    message = item.outcome.message
    pack = pack_of(item.brand_id)
    policy = pack.policy.channels.get(message.channel) if pack else None
    name = pack.policy.brand.name if pack else item.brand_id
    asked = "" if is_blurred else _plain(item.outcome.redaction.text, words)
    return Place(
        network=message.channel,
        account=(policy.account if policy else "") or name,
        limits=limits_for(message.channel),
        asked=asked,
    )


def _plain(text: str, words: Words) -> str:
    named = PLACEHOLDER.sub(lambda m: f"[{words.get(f'personal.{m[1]}', m[1])}]", text)
    line = " ".join(named.split())
    return line if len(line) <= ASKED else line[: ASKED - 1].rstrip() + "…"
