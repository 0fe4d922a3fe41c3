"""The dialogs: a decision that needs a reason, a team, a rule or a time."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from agent.domain.brand import BrandPack, CharterRule
from agent.domain.brand.policies import CharterAction
from agent.domain.channels import ModerationAction
from agent.domain.drafts import ClaimLedger
from agent.domain.reviews import RejectionReason, ReviewItem
from knowledge.passages import Language
from ui.desk import actions, state
from ui.desk.checking import live_reports
from ui.desk.state import Dialog, Screen
from ui.desk.workspace import pack_of, workspace, zone_of
from ui.locales import Words
from ui.views.writing import insert_dialog, rewrite_dialog
from ui.widgets.checks import check_html
from ui.widgets.ledger import ledger_html
from ui.widgets.markup import esc, label_text, tag

MORNING = time(9, 0)


def open_dialog_if_any(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    """Draw the open dialog over the page."""
    kind = state.dialog()
    if kind not in _BODIES:
        return
    body = _BODIES[kind]
    decorate = st.dialog(words(f"dialog.{kind.value}.title"), on_dismiss=state.close_dialog)
    decorate(lambda: body(item, screen, now, words))()


def _confirm(
    words: Words, name: str, act: Callable[..., None], args: tuple[Any, ...], *, ready: bool = True
) -> None:
    with st.container(key="dialog_buttons", horizontal=True, horizontal_alignment="right"):
        left = st.button(words("dialog.cancel"), key="dialog_cancel", on_click=state.close_dialog)
        done = st.button(
            words(f"dialog.{name}.confirm"),
            key="dialog_confirm",
            type="primary",
            shortcut="ctrl+enter" if ready else None,
            disabled=not ready,
            on_click=act,
            args=args,
        )
    # A dialog is a fragment: the page behind it must be drawn again as well.
    if left or done:
        st.rerun()


def _explain(words: Words, name: str) -> None:
    st.html(tag("p", esc(words(f"dialog.{name}.lead")), "pv-hint"))


def _note(words: Words, name: str, key: str) -> None:
    st.text_area(
        words(f"dialog.{name}.note"),
        key=key,
        height=96,
        placeholder=words(f"dialog.{name}.note_hint"),
        on_change="ignore",
    )


def _reject(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    _explain(words, "reject")
    chosen = st.radio(
        words("dialog.reject.reason"),
        [reason.value for reason in RejectionReason],
        index=None,
        key="reject_reason",
        format_func=lambda reason: words(f"rejection.{reason}"),
    )
    _note(words, "reject", "reject_note")
    keys = (screen, "reject_reason", "reject_note")
    _confirm(words, "reject", actions.reject, keys, ready=chosen is not None)


def _escalate(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    _explain(words, "escalate")
    pack = pack_of(item.brand_id)
    teams = {team.id: team for team in pack.policy.escalation.teams} if pack else {}
    proposed = item.outcome.triage.team
    ids = sorted(teams, key=lambda team_id: team_id != proposed)
    if not ids:
        st.html(tag("p", esc(words("dialog.escalate.no_team")), "pv-note"))
        return
    st.radio(
        words("dialog.escalate.team"),
        ids,
        key="escalate_team",
        format_func=lambda team_id: teams[team_id].name,
        captions=[words("dialog.escalate.proposed") if t == proposed else "" for t in ids],
    )
    _note(words, "escalate", "escalate_note")
    _confirm(words, "escalate", actions.escalate, (screen, "escalate_team", "escalate_note"))


def _moderate(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    _explain(words, "moderate")
    pack = pack_of(item.brand_id)
    rules = {rule.id: rule for rule in _charter(pack, item)}
    if not rules:
        st.html(tag("p", esc(words("dialog.moderate.no_rule")), "pv-note"))
        return
    chosen = st.radio(
        words("dialog.moderate.rule"),
        list(rules),
        key="moderate_rule",
        format_func=lambda rule_id: _rule_text(rules[rule_id], words),
    )
    st.segmented_control(
        words("dialog.moderate.action"),
        [action.value for action in ModerationAction],
        key="moderate_action",
        default=rules[chosen].action.value,
        required=True,
        format_func=lambda action: words(f"moderation.{action}"),
    )
    _note(words, "moderate", "moderate_note")
    keys = (screen, "moderate_rule", "moderate_action", "moderate_note")
    _confirm(words, "moderate", actions.moderate, keys)


def _charter(pack: BrandPack | None, item: ReviewItem) -> list[CharterRule]:
    """Return the charter's rules that lead to an action, those of this category first."""
    charter = pack.policy.moderation.rules if pack else ()
    rules = [rule for rule in charter if rule.action is not CharterAction.NONE]
    found = {category.value for category in item.outcome.triage.categories()}
    return sorted(rules, key=lambda rule: not found & set(rule.categories))


def _rule_text(rule: CharterRule, words: Words) -> str:
    text = rule.text.get(Language(words.lang)) or next(iter(rule.text.values()), rule.id)
    return label_text(text)


def _snooze(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    _explain(words, "snooze")
    zone = zone_of(item.brand_id)
    due = item.outcome.triage.next_deadline
    for name, until in wake_times(now, zone):
        late = words("dialog.snooze.too_late") if due and until > due else ""
        if st.button(
            f"{words(f'dialog.snooze.{name}')} · {words.moment(until, zone)}",
            key=f"snooze_{name}",
            width="stretch",
            help=late or None,
            icon=":material/schedule:" if late else None,
            on_click=actions.snooze,
            args=(screen, until),
        ):
            st.rerun()


def wake_times(now: datetime, zone: ZoneInfo) -> tuple[tuple[str, datetime], ...]:
    """Return the moments offered: in an hour, in four, tomorrow morning, Monday morning."""
    local = now.astimezone(zone)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), MORNING, zone)
    monday = datetime.combine(local.date() + timedelta(days=7 - local.weekday()), MORNING, zone)
    return (
        ("hour", now + timedelta(hours=1)),
        ("later", now + timedelta(hours=4)),
        ("tomorrow", tomorrow),
        ("monday", monday),
    )


def _assign(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    _explain(words, "assign")
    names = {str(one.id): one.name for one in workspace().review.deciders(item.brand_id)}
    if item.assignee is not None:
        names[""] = words("dialog.assign.nobody")
    if not names:
        st.html(tag("p", esc(words("dialog.assign.no_people")), "pv-note"))
        return
    current = str(item.assignee.id) if item.assignee else ""
    chosen = st.radio(
        words("dialog.assign.person"),
        list(names),
        index=None,
        key="assign_person",
        format_func=lambda person_id: label_text(names[person_id]),
        captions=[words("dialog.assign.now") if one == current else "" for one in names],
    )
    _confirm(words, "assign", actions.assign, (screen, "assign_person"), ready=chosen is not None)


def _override(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    _explain(words, "override")
    texts = (screen.public or "", screen.private or "")
    for report, text in zip(live_reports(screen), texts, strict=True):
        for check in report.blockers:
            st.html(check_html(check, text, words))
        claims = ClaimLedger(lines=report.ledger.blocking)
        if claims.lines:
            st.html(ledger_html(claims, {}, words))
    _note(words, "override", "override_reason")
    if st.session_state.get(state.REASON_MISSING):
        st.html(tag("div", esc(words("dialog.override.missing")), "pv-note pv-edge-danger"))
    _confirm(words, "override", actions.approve_despite, (screen, "override_reason"))


_BODIES: dict[Dialog, Callable[[ReviewItem, Screen, datetime, Words], None]] = {
    Dialog.REJECT: _reject,
    Dialog.ESCALATE: _escalate,
    Dialog.MODERATE: _moderate,
    Dialog.SNOOZE: _snooze,
    Dialog.OVERRIDE: _override,
    Dialog.REWRITE: rewrite_dialog,
    Dialog.INSERT: insert_dialog,
    Dialog.ASSIGN: _assign,
}
