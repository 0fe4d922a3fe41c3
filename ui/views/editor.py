"""The draft editors: public and private side by side, each counted by the network's rule."""

import streamlit as st

from agent.bootstrap import limits_for
from agent.domain.channels import ChannelLimits
from agent.domain.messages import Surface
from agent.domain.reviews import ReviewItem
from ui.desk import actions, state
from ui.desk.state import Screen
from ui.locales import Words
from ui.views.writing import writing_buttons
from ui.widgets.counter import counter_html
from ui.widgets.markup import badge, row

SELECTOR = '[class*="st-key-text_"] textarea'
ADDED = "desk_added_surface"


def shown_surfaces(item: ReviewItem, screen: Screen) -> tuple[Surface, ...]:
    """Return the editors to show: the message's own surface, and any other that has a text."""
    wanted = {item.outcome.message.surface} - {Surface.REVIEW}
    wanted |= {s for s in (Surface.PUBLIC, Surface.PRIVATE) if screen.text(s)}
    added = st.session_state.get(ADDED)
    if added and added[0] == item.id:
        wanted.add(added[1])
    return tuple(s for s in (Surface.PUBLIC, Surface.PRIVATE) if s in (wanted or {Surface.PUBLIC}))


def editors(item: ReviewItem, screen: Screen, words: Words, *, is_enabled: bool) -> None:
    """Draw the editors and what can be done with their texts."""
    surfaces = shown_surfaces(item, screen)
    limits = limits_for(item.outcome.message.channel)
    for column, surface in zip(st.columns(len(surfaces)), surfaces, strict=True):
        with column:
            _editor(surface, item, screen, limits, words, is_enabled=is_enabled)
    _tools(item, screen, surfaces, words, is_enabled=is_enabled)


def _editor(
    surface: Surface,
    item: ReviewItem,
    screen: Screen,
    limits: ChannelLimits,
    words: Words,
    *,
    is_enabled: bool,
) -> None:
    network = words.get(f"channel.{limits.network}", limits.network)
    label = words(f"editor.{surface.value}")
    text = screen.text(surface) or ""
    st.html(
        row(
            [
                _label(label, item, surface, words),
                counter_html(text, limits, surface, network, words),
            ],
            "pv-row pv-spread",
        )
    )
    st.text_area(
        label,
        key=screen.text_key(surface),
        height=_height(text),
        label_visibility="collapsed",
        placeholder=words("editor.choose" if item.outcome.draft.candidates else "editor.write"),
        disabled=not is_enabled or state.dialog() is not None,
    )


def _label(label: str, item: ReviewItem, surface: Surface, words: Words) -> str:
    is_own = surface is item.outcome.message.surface
    return badge(label, "strong" if is_own else "plain")


def _height(text: str) -> int:
    lines = sum(1 + len(line) // 62 for line in text.split("\n"))
    return min(340, max(172, 23 * lines + 40))


def _tools(
    item: ReviewItem,
    screen: Screen,
    surfaces: tuple[Surface, ...],
    words: Words,
    *,
    is_enabled: bool,
) -> None:
    is_free = is_enabled and state.dialog() is None
    missing = {Surface.PUBLIC, Surface.PRIVATE} - set(surfaces)
    with st.container(key="editor_tools", horizontal=True, gap="small"):
        st.button(
            words("action.approve_edit"),
            key=f"approve_edit_{screen.item_id}_{screen.revision}",
            type="tertiary",
            shortcut="ctrl+enter" if is_free else None,
            disabled=not is_free,
            on_click=actions.approve,
            args=(screen,),
        )
        if state.is_edited(screen, item.outcome.draft):
            st.button(
                words("action.restore"),
                key=f"restore_{screen.item_id}_{screen.revision}",
                type="tertiary",
                shortcut="0" if is_free else None,
                disabled=not is_free,
                on_click=actions.restore,
                args=(screen,),
            )
        writing_buttons(screen, words, is_free=is_free)
        for surface in missing:
            st.button(
                words(f"editor.add_{surface.value}"),
                key=f"add_{surface.value}_{screen.item_id}",
                type="tertiary",
                disabled=not is_free,
                on_click=_add,
                args=(item.id, surface),
            )


def _add(item_id: str, surface: Surface) -> None:
    st.session_state[ADDED] = (item_id, surface)
