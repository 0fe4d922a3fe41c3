"""What was decided on an item, the exact text, and what became of it on the network."""

import streamlit as st

from agent.domain.channels import PostStatus
from agent.domain.ids import PostId
from agent.domain.people import SignedIn
from agent.domain.reviews import Decision, PostView, ReviewItem
from ui.desk import posts, undo
from ui.desk.workspace import pack_of, zone_of
from ui.locales import Words
from ui.widgets.badges import POST_TONE, STATUS_TONE
from ui.widgets.diff import diff_html
from ui.widgets.markup import badge, esc, row, tag
from ui.widgets.removed import removed_html


def decided_panel(item: ReviewItem, person: SignedIn, words: Words) -> None:
    """Draw the decision, its texts and their posts."""
    decision = item.decision
    if decision is None:
        return
    st.html(_decision_html(item, decision, words) + removed_html(decision.purged_at, words))
    draft = item.outcome.draft
    for name, before, after in (
        ("public", draft.public, decision.public),
        ("private", draft.private, decision.private),
    ):
        if after:
            head = badge(words(f"editor.{name}"), "strong")
            st.html(tag("div", row([head]) + diff_html(before or "", after), "pv-card"))
    for post in item.posts:
        _post(item, post, person, words)
    if person.may_decide(item.brand_id) and undo.can_be_undone(item):
        st.button(
            words("undo.this"), key=f"undo_{item.id}", on_click=undo.take_back, args=(item.id,)
        )


def _decision_html(item: ReviewItem, decision: Decision, words: Words) -> str:
    when = words.moment(decision.at, zone_of(item.brand_id))
    tone = STATUS_TONE.get(decision.kind.status, "plain")
    head = [
        badge(words(f"decision.{decision.kind.value}"), tone),
        tag("span", esc(f"{decision.by.name} · {when}"), "pv-who"),
    ]
    if decision.approved_first_by:
        first = words("decided.first", name=decision.approved_first_by.name)
        head.append(badge(first, "good"))
    if decision.edit_ratio:
        head.append(badge(words("decided.changed", share=words.percent(decision.edit_ratio))))
    lines = "".join(
        tag("div", tag("b", esc(words(f"decided.{name}"))) + " " + esc(value), "pv-fact")
        for name, value in _facts(item, decision, words)
        if value
    )
    return row(head) + lines


def _facts(item: ReviewItem, decision: Decision, words: Words) -> tuple[tuple[str, str], ...]:
    pack = pack_of(item.brand_id)
    team = pack.policy.escalation.team(decision.team) if pack and decision.team else None
    reason = words(f"rejection.{decision.reason.value}") if decision.reason else ""
    return (
        ("reason", reason),
        ("team", team.name if team else decision.team or ""),
        ("charter", decision.charter_rule or ""),
        ("note", decision.note),
        ("override", decision.override_reason),
        ("guideline", decision.guideline_version[:12]),
    )


def _post(item: ReviewItem, post: PostView, person: SignedIn, words: Words) -> None:
    tone = POST_TONE.get(post.status, "plain")
    when = words.moment(post.updated_at, zone_of(item.brand_id))
    is_by_hand = post.status is PostStatus.READY and posts.is_manual(item)
    state = "by_hand" if is_by_hand else post.status.value
    facts = [
        badge(words(f"post.{state}"), "warn" if is_by_hand else tone),
        tag("span", esc(f"{words(f'editor.{post.surface.value}')} · {when}"), "pv-who"),
    ]
    with st.container(key=f"post_{post.id}"):
        st.html(row(facts) + tag("div", esc(post.problem), "pv-hint"))
        if post.url:
            st.html(tag("a", esc(post.url), href=post.url, target="_blank", rel="noreferrer"))
        if not person.may_decide(item.brand_id):
            return
        if is_by_hand:
            _by_hand(post, words)
        elif post.status is PostStatus.UNKNOWN:
            _unknown(post, words)


def _by_hand(post: PostView, words: Words) -> None:
    st.html(tag("div", esc(words("post.copy")), "pv-hint"))
    st.code(post.text, language=None, wrap_lines=True)
    key = f"post_url_{post.id}"
    st.text_input(words("post.url"), key=key, placeholder="https://", on_change="ignore")
    st.button(
        words("post.mark"),
        key=f"mark_{post.id}",
        type="primary",
        on_click=posts.mark_posted,
        args=(PostId(post.id), key),
    )


def _unknown(post: PostView, words: Words) -> None:
    st.html(tag("div", esc(words("post.unknown_help")), "pv-hint"))
    with st.container(horizontal=True, key=f"resolve_{post.id}"):
        for name, was_sent in (("there", True), ("not_there", False)):
            st.button(
                words(f"post.{name}"),
                key=f"{name}_{post.id}",
                on_click=posts.resolve,
                args=(PostId(post.id),),
                kwargs={"was_sent": was_sent},
            )
