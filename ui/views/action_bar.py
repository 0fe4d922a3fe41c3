"""The decisions, by button and by key; while a dialog is open none acts and no key is bound."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from ui.desk import actions, state
from ui.desk.state import Dialog, Screen
from ui.locales import Words
from ui.widgets.markup import tag

DECISION_KEYS = ("a", "n", "z", "ctrl+enter")
Kind = Literal["primary", "secondary", "tertiary"]


@dataclass(frozen=True)
class Move:
    """One button of the bar."""

    name: str
    key: str
    act: Callable[..., None]
    args: tuple[Any, ...] = ()
    kind: Kind = "secondary"


def moves(screen: Screen) -> tuple[Move, ...]:
    """Return the decisions in the order of the bar."""
    return (
        Move("approve", "a", actions.approve, (screen,), "primary"),
        Move("reject", "x", actions.ask, (screen, Dialog.REJECT)),
        Move("escalate", "s", actions.ask, (screen, Dialog.ESCALATE)),
        Move("moderate", "m", actions.ask, (screen, Dialog.MODERATE)),
        Move("no_reply", "n", actions.no_reply, (screen,)),
        Move("snooze", "p", actions.ask, (screen, Dialog.SNOOZE)),
    )


def action_bar(screen: Screen, words: Words, *, is_enabled: bool) -> None:
    """Draw the bar: the decisions, and the legend of the keys that have no button here."""
    is_free = state.dialog() is None
    with st.container(key="actions", horizontal=True, gap="xsmall"):
        for move in moves(screen):
            _button(move, screen, words, is_enabled=is_enabled and is_free)
    assign = Move("assign", "w", actions.ask, (screen, Dialog.ASSIGN), "tertiary")
    with st.container(key="legend", horizontal=True, gap="small", vertical_alignment="center"):
        _button(assign, screen, words, is_enabled=is_enabled and is_free)
        st.html(legend_html(words))


def walk_buttons(screen: Screen, words: Words) -> None:
    """Draw previous and next; they work whoever has the item."""
    is_free = state.dialog() is None
    for name, key, step in (("previous", "k", -1), ("next", "j", 1)):
        walk = Move(name, key, actions.move, (step,), "tertiary")
        _button(walk, screen, words, is_enabled=is_free)


def _button(move: Move, screen: Screen, words: Words, *, is_enabled: bool) -> None:
    # The key names the screen: a press on an older screen reaches no button of this one.
    st.button(
        words(f"action.{move.name}"),
        key=f"{move.name}_{screen.item_id}_{screen.revision}",
        help=words(f"action_help.{move.name}"),
        type=move.kind,
        shortcut=move.key if is_enabled else None,
        disabled=not is_enabled,
        on_click=move.act,
        args=move.args,
    )


def legend_html(words: Words) -> str:
    """Return the keys that have no button of their own."""
    entries = (
        ("E", "write"),
        ("1–5", "other_answer"),
        ("0", "first_draft"),
        ("Z", "undo"),
        ("?", "all"),
    )
    keys = "".join(
        tag("span", tag("kbd", shown) + words(f"legend.{name}")) for shown, name in entries
    )
    return tag("div", keys, "pv-legend", aria_label=words("legend.label"))
