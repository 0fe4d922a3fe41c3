"""The community sandbox: write as a customer, and see the approved reply arrive."""

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from agent.domain.channels import SandboxPost
from agent.domain.errors import PortevoixError
from agent.domain.messages import Surface
from agent.domain.people import SignedIn
from ui.desk import state
from ui.desk.language import words
from ui.desk.session import who
from ui.desk.state import Notice
from ui.desk.workspace import workspace, zone_of
from ui.locales import Words
from ui.widgets.markup import badge, esc, label_text, tag


class Square(Protocol):
    """What the page needs of the sandbox channel."""

    @property
    def name(self) -> str: ...

    def conversation(self, limit: int = 100) -> tuple[SandboxPost, ...]: ...


_THREAD, _TEXT, _AUTHOR, _SURFACE = "sandbox_thread", "sandbox_text", "sandbox_as", "sandbox_on"
EXAMPLES = ("question", "complaint", "praise")


def sandbox_page(person: SignedIn) -> None:
    """Draw the page."""
    text = words()
    square = workspace().sandbox()
    if square is None or person.role_for(workspace().brand_of(square.name)) is None:
        with st.container(key="empty"):
            st.html(
                tag("h2", esc(text("sandbox.missing.title")))
                + tag("p", esc(text("sandbox.missing.lead")))
                + tag("pre", '[channels.sandbox]\nkind = "sandbox"\nbrand = "…"')
            )
        return
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left, st.container(key="pane_square"):
        _square(square, text)
    with right:
        _composer(text)


@st.fragment(run_every="2s")
def _square(square: Square, text: Words) -> None:
    """Draw the conversations, the latest first; asked again every two seconds."""
    if who() is None:
        st.rerun()
    posts = square.conversation(limit=200)
    threads: dict[str, list[SandboxPost]] = {}
    for post in posts:
        threads.setdefault(post.thread, []).append(post)
    if not threads:
        st.html(
            tag("h2", esc(text("sandbox.empty.title")))
            + tag("p", esc(text("sandbox.empty.lead")), "pv-hint")
        )
    for thread in reversed(threads.values()):
        _thread(thread, square.name, text)


def _thread(posts: Sequence[SandboxPost], channel: str, text: Words) -> None:
    zone = zone_of(workspace().brand_of(channel))
    with st.container(key=f"thread_{posts[0].thread}", gap="xsmall"):
        bubbles = [_bubble(post, text, text.moment(post.at, zone)) for post in posts]
        if not posts[-1].is_brand:
            bubbles.append(tag("div", badge(text("sandbox.waiting"), "quiet"), "pv-wait"))
        st.html(tag("section", "".join(bubbles), "pv-thread"))
        st.button(
            text("sandbox.answer", author=label_text(_customer(posts))),
            key=f"answer_{posts[0].thread}",
            type="tertiary",
            on_click=_answer,
            args=(posts[0].thread, _customer(posts)),
        )


def _bubble(post: SandboxPost, text: Words, when: str) -> str:
    who_wrote = text("sandbox.brand") if post.is_brand else post.author
    facts = esc(f"{who_wrote} · {when}")
    if post.surface is Surface.PRIVATE:
        facts += " " + badge(text("surface.private"), "violet")
    body = tag("div", facts, "pv-who") + tag("div", esc(post.text), "pv-text")
    return tag("div", body, "pv-bubble pv-ours" if post.is_brand else "pv-bubble")


def _customer(posts: Sequence[SandboxPost]) -> str:
    return next((post.author for post in posts if not post.is_brand), "")


def _answer(thread: str, author: str) -> None:
    st.session_state[_THREAD] = thread
    st.session_state[_AUTHOR] = author


def _composer(text: Words) -> None:
    with st.container(key="composer", border=True):
        st.html(
            tag("h2", esc(text("sandbox.title"))) + tag("p", esc(text("sandbox.lead")), "pv-hint")
        )
        notice = state.take_notice()
        if notice:
            about = tag("b", esc(text(f"notice.{notice.kind}.title", about=notice.about)))
            st.html(tag("div", about, "pv-notice pv-edge-danger", role="alert"))
        st.session_state.setdefault(_AUTHOR, text("sandbox.example_author"))
        st.text_input(text("sandbox.author"), key=_AUTHOR, max_chars=60)
        st.segmented_control(
            text("sandbox.surface"),
            [Surface.PUBLIC.value, Surface.PRIVATE.value],
            key=_SURFACE,
            default=Surface.PUBLIC.value,
            required=True,
            format_func=lambda surface: text(f"surface.{surface}"),
        )
        if st.session_state.get(_THREAD):
            st.button(text("sandbox.new_thread"), key="new_thread", on_click=_new_thread)
        st.text_area(text("sandbox.message"), key=_TEXT, height=140, max_chars=2000)
        st.button(
            text("sandbox.send"), key="send", type="primary", shortcut="ctrl+enter", on_click=_send
        )
        st.html(tag("div", esc(text("sandbox.try")), "pv-hint"))
        for name in EXAMPLES:
            example = text(f"sandbox.example.{name}")
            st.button(
                label_text(example),
                key=f"try_{name}",
                width="stretch",
                on_click=_fill,
                args=(name,),
            )


def _fill(name: str) -> None:
    st.session_state[_TEXT] = words()(f"sandbox.example.{name}")


def _new_thread() -> None:
    st.session_state.pop(_THREAD, None)


def _send() -> None:
    """Post as a customer; the message is taken in and drafted as any network's."""
    state.clear_notice()
    square, space = workspace().sandbox(), workspace()
    message = str(st.session_state.get(_TEXT) or "").strip()
    if square is None or who() is None or not message:
        return
    author = str(st.session_state.get(_AUTHOR) or "").strip() or words()("message.customer")
    try:
        surface = Surface(st.session_state[_SURFACE])
        square.write(author, message, surface, st.session_state.get(_THREAD))
        brand_id = space.brand_of(square.name)
        space.intake.receive(square, brand_id)
        space.intake.draft_pending(brand_id, limit=20)
    except PortevoixError as error:
        state.notify(Notice("failed", str(error), tone="danger"))
        return
    st.session_state[_TEXT] = ""
    _new_thread()
    state.say(words()("sandbox.sent"))
