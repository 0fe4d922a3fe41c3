"""What may be the matter with items, escalations and posts, each as one query."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.adapters.store.alert_tables import IS_TO_DECIDE
from agent.adapters.store.handoffs import handoffs
from agent.adapters.store.tables import items, posts
from agent.domain.alerts import NEAR, SETTLING, AlertKind
from agent.domain.channels import PostStatus
from agent.domain.decisions import Route
from agent.domain.reviews import ReviewStatus

Select = sa.Select[Any]
_i, _h, _p = items.c, handoffs.c, posts.c
_NOTHING = sa.literal("")


def _of_items(condition: sa.ColumnElement[bool]) -> Select:
    return sa.select(
        _i.id.label("subject"),
        _i.brand_id,
        _i.team,
        _i.id.label("item_id"),
        _i.category,
        _i.urgency,
        _i.due_at,
        _NOTHING.label("detail"),
    ).where(condition)


def _of_handoffs(condition: sa.ColumnElement[bool]) -> Select:
    return (
        sa.select(
            _h.id.label("subject"),
            _h.brand_id,
            _h.team,
            _h.item_id,
            _i.category,
            _i.urgency,
            _h.due_at,
            _NOTHING.label("detail"),
        )
        .select_from(sa.join(handoffs, items, _i.id == _h.item_id))
        # An undone or returned reply begins a new round: what its decision asked for is void.
        .where(_h.closed_at.is_(None), _h.round == _i.round, condition)
    )


def _of_posts(condition: sa.ColumnElement[bool]) -> Select:
    return (
        sa.select(
            _p.id.label("subject"),
            _i.brand_id,
            _i.team,
            _i.id.label("item_id"),
            _i.category,
            _i.urgency,
            _i.due_at,
            _p.problem.label("detail"),
        )
        .select_from(sa.join(posts, items, _i.id == _p.item_id))
        .where(condition)
    )


def _proposed(_now: datetime) -> tuple[Select, ...]:
    return (_of_items(sa.and_(IS_TO_DECIDE, _i.route.in_([Route.ESCALATE, Route.HOLD]))),)


def _passed(_now: datetime) -> tuple[Select, ...]:
    return (_of_handoffs(sa.true()),)


def _due_soon(now: datetime) -> tuple[Select, ...]:
    settled = now - SETTLING
    item = sa.and_(IS_TO_DECIDE, _i.due_at > now, _i.due_at <= now + NEAR, _i.drafted_at <= settled)
    team = sa.and_(_h.due_at > now, _h.due_at <= now + NEAR, _h.opened_at <= settled)
    return _of_items(item), _of_handoffs(team)


def _overdue(now: datetime) -> tuple[Select, ...]:
    return _of_items(sa.and_(IS_TO_DECIDE, _i.due_at <= now)), _of_handoffs(_h.due_at <= now)


def _claim_over(now: datetime) -> tuple[Select, ...]:
    is_over = sa.and_(_i.status == ReviewStatus.CLAIMED, _i.lease_until <= now)
    return (_of_items(is_over),)


def _snooze_over(now: datetime) -> tuple[Select, ...]:
    is_over = sa.and_(_i.status == ReviewStatus.SNOOZED, _i.snoozed_until <= now)
    return (_of_items(is_over),)


def _post_unknown(now: datetime) -> tuple[Select, ...]:
    is_old = sa.and_(_p.status == PostStatus.UNKNOWN, _p.updated_at <= now - SETTLING)
    return (_of_posts(is_old),)


def _post_returned(_now: datetime) -> tuple[Select, ...]:
    return (_of_posts(sa.and_(_p.status == PostStatus.RETURNED, IS_TO_DECIDE)),)


CAUSES: dict[AlertKind, Callable[[datetime], tuple[Select, ...]]] = {
    AlertKind.PROPOSED: _proposed,
    AlertKind.PASSED: _passed,
    AlertKind.DUE_SOON: _due_soon,
    AlertKind.OVERDUE: _overdue,
    AlertKind.CLAIM_OVER: _claim_over,
    AlertKind.SNOOZE_OVER: _snooze_over,
    AlertKind.POST_UNKNOWN: _post_unknown,
    AlertKind.POST_RETURNED: _post_returned,
}
