"""Posts that need a person: a text to post by hand, an outcome nobody knows."""

import streamlit as st

from agent.domain.errors import PortevoixError
from agent.domain.ids import PostId
from agent.domain.reviews import Reviewer, ReviewItem
from ui.desk import state
from ui.desk.language import words
from ui.desk.session import who
from ui.desk.state import Notice
from ui.desk.workspace import workspace


def is_manual(item: ReviewItem) -> bool:
    """Whether the item came through a channel that is answered by hand."""
    manual = {n for n, s in workspace().settings.channels.items() if s.is_by_hand}
    if not manual:
        return False
    message = workspace().trail.trail(item.id)["message"]
    return message["channel_instance"] in manual


def mark_posted(post_id: PostId, url_key: str) -> None:
    """Record that the person has posted the text."""
    person = _person()
    if person is None:
        return
    url = str(st.session_state.get(url_key) or "").strip()
    try:
        workspace().posting.mark_posted_by_hand(post_id, person, url)
    except PortevoixError as error:
        state.notify(Notice("failed", str(error), tone="danger"))
    else:
        state.say(words()("toast.posted"))


def resolve(post_id: PostId, *, was_sent: bool) -> None:
    """Record what the person found out about a post whose outcome is unknown."""
    person = _person()
    if person is None:
        return
    try:
        workspace().posting.resolve_by_hand(post_id, person, was_sent)
    except PortevoixError as error:
        state.notify(Notice("failed", str(error), tone="danger"))


def _person() -> Reviewer | None:
    signed_in = who()
    if signed_in is None:
        state.notify(Notice("not_allowed", tone="danger"))
        return None
    return signed_in.person
