"""Help: what each key does, how a message travels, and what the desk promises."""

import streamlit as st

from agent.domain.people import SignedIn
from ui.desk.language import words
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.widgets.markup import esc, tag

KEYS = (
    ("A", "approve"),
    ("E", "edit"),
    ("Ctrl ⏎", "approve_edit"),
    ("1–5", "candidates"),
    ("0", "restore"),
    ("G", "rewrite"),
    ("I", "insert"),
    ("X", "reject"),
    ("S", "escalate"),
    ("M", "moderate"),
    ("N", "no_reply"),
    ("P", "snooze"),
    ("W", "assign"),
    ("Z", "undo"),
    ("B", "bulk"),
    ("V", "original"),
    ("J / K", "walk"),
    ("?", "all"),
)
STEPS = ("redact", "triage", "retrieve", "draft", "check", "review", "post")
PROMISES = ("decision", "person", "source", "local")


def help_page(person: SignedIn) -> None:
    """Draw the page."""
    text = words()
    left, right = st.columns(2, gap="large")
    with left:
        st.html(tag("h2", esc(text("help.keys"))) + _keys(text))
    with right:
        st.html(tag("h2", esc(text("help.flow"))) + _list("step", STEPS, text))
        st.html(tag("h2", esc(text("help.promises"))) + _list("promise", PROMISES, text))
        st.html(tag("h2", esc(text("help.brands"))) + _brands(person, text))


def key_rows(text: Words) -> list[tuple[str, str]]:
    """Return every key with what it does."""
    return [(key, text(f"help.key.{name}")) for key, name in KEYS]


def _keys(text: Words) -> str:
    rows = (
        tag("tr", tag("td", tag("kbd", esc(key))) + tag("td", esc(what)))
        for key, what in key_rows(text)
    )
    return tag("table", "".join(rows), "pv-keys")


def _list(kind: str, names: tuple[str, ...], text: Words) -> str:
    items = (
        tag(
            "li",
            tag("b", esc(text(f"help.{kind}.{n}.name"))) + " " + esc(text(f"help.{kind}.{n}.what")),
        )
        for n in names
    )
    return tag("ol" if kind == "step" else "ul", "".join(items), "pv-help")


def _brands(person: SignedIn, text: Words) -> str:
    lines = [
        text(
            "help.brand",
            name=pack.policy.brand.name,
            entries=len(pack.passages),
            version=pack.version[:12],
        )
        for brand_id, pack in workspace().packs.items()
        if person.role_for(brand_id) is not None
    ]
    return tag("ul", "".join(tag("li", esc(line)) for line in lines), "pv-help")
