"""Where a message goes and by when: the brand's matrix, read so that it never fails open."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from agent.domain.brand import Brand
from agent.domain.brand.escalation import RouteRule, Team
from agent.domain.decisions import (
    MOST_SEVERE_FIRST,
    SENSITIVE,
    Category,
    EscalationReason,
    Route,
)
from agent.domain.ids import TeamId
from agent.steps.triage.opening_hours import OpeningHours

_REASONS = {
    Category.WANTS_HUMAN: EscalationReason.WANTS_HUMAN,
    Category.ORDER_ACCOUNT: EscalationReason.PERSONAL_MATTER,
}
_NOBODY_NEEDED = frozenset({Route.REPLY, Route.NO_REPLY})


class Destination(NamedTuple):
    """Route, owner and deadlines (aware, UTC)."""

    route: Route
    team: TeamId | None
    reason: EscalationReason | None
    acknowledge_by: datetime
    due_at: datetime
    needs_second_approver: bool = False


class RouteDesk:
    """The brand's matrix with its clocks, ready to use."""

    def __init__(self, policy: Brand) -> None:
        self._escalation = policy.escalation
        self._zone = policy.brand.time_zone
        self._rules = {category: policy.escalation.rule_for(category) for category in Category}
        self._clocks = {team.id: self._hours(team) for team in policy.escalation.teams}
        self._always_open = self._hours(None)
        self._senior = _senior_team(policy)

    def _hours(self, team: Team | None) -> OpeningHours:
        return OpeningHours(team, self._zone)

    def send(
        self,
        categories: Collection[Category],
        start: datetime,
        override: EscalationReason | None = None,
    ) -> Destination:
        """Return where a message of these categories goes.

        `override` (unknown language, injection) turns every answer into an escalation; it keeps
        the team and the deadlines of the matrix, so it can only raise.
        """
        category = self._deciding(categories)
        rule = self._rules[category]
        if rule is None:
            why = override or EscalationReason.CATEGORY_POLICY
            return Destination(Route.ESCALATE, self._senior, why, start, start)
        acknowledge_by = min(self._acknowledge_by(one, start) for one in self._known(categories))
        due_at = self.deadlines(rule, start)[1]
        route, reason = _route(rule, override)
        team = self._owner(rule, route)
        needs_second = any(one.second_approver for one in self._known(categories))
        return Destination(route, team, reason, acknowledge_by, due_at, needs_second)

    def owner_of(self, category: Category) -> TeamId | None:
        """Return the team that `send` gives a message of this category alone."""
        rule = self._rules[category]
        return self._senior if rule is None else self._owner(rule, _route(rule, None)[0])

    def deadlines(self, rule: RouteRule, start: datetime) -> tuple[datetime, datetime]:
        """Return when the owner must have acknowledged and when it must have answered.

        A rule without a deadline for its owner is answered when it is acknowledged.
        """
        acknowledge_by = self._acknowledge_by(rule, start)
        return acknowledge_by, max(self._due_at(rule, start) or acknowledge_by, acknowledge_by)

    def _known(self, categories: Iterable[Category]) -> list[RouteRule]:
        return [rule for category in categories if (rule := self._rules[category]) is not None]

    def _deciding(self, categories: Collection[Category]) -> Category:
        """Return the lead, or the first other category that needs a person where the lead's
        route does not."""
        present = [category for category in MOST_SEVERE_FIRST if category in categories]
        lead = present[0]
        return next((one for one in present if self._needs_person(one)), lead)

    def _needs_person(self, category: Category) -> bool:
        rule = self._rules[category]
        return rule is None or rule.route not in _NOBODY_NEEDED

    def _team(self, rule: RouteRule) -> TeamId | None:
        """Return the rule's team, or its backup where that team does not exist."""
        team = self._escalation.team(rule.team)
        candidates = (rule.team, rule.backup, team.backup if team else None)
        return next((one for one in candidates if self._escalation.team(one)), None)

    def _owner(self, rule: RouteRule, route: Route) -> TeamId | None:
        """Return the rule's team, or somebody where a person is needed and it names nobody."""
        team = self._team(rule)
        is_needed = route not in _NOBODY_NEEDED
        return self._senior if team is None and is_needed else team

    def _clock(self, rule: RouteRule) -> OpeningHours:
        team = self._team(rule) or self._senior
        return self._clocks.get(team, self._always_open) if team else self._always_open

    def _acknowledge_by(self, rule: RouteRule, start: datetime) -> datetime:
        return self._clock(rule).after(start, rule.acknowledge_within, rule.clock)

    def _due_at(self, rule: RouteRule, start: datetime) -> datetime | None:
        if rule.own_within is None:
            return None
        return self._clock(rule).after(start, rule.own_within, rule.clock)


def _route(
    rule: RouteRule, override: EscalationReason | None
) -> tuple[Route, EscalationReason | None]:
    is_sensitive = rule.category in SENSITIVE
    if override is EscalationReason.LANGUAGE_UNKNOWN:
        return Route.ESCALATE, override
    if override is not None and not (is_sensitive and rule.route not in _NOBODY_NEEDED):
        return Route.ESCALATE, override
    if rule.route in _NOBODY_NEEDED:
        return rule.route, None
    return rule.route, _REASONS.get(rule.category, EscalationReason.CATEGORY_POLICY)


def _senior_team(policy: Brand) -> TeamId | None:
    """Return the owner of the highest crisis level, else the commonest backup, else any team."""
    owners = sorted(policy.crisis.levels, key=lambda level: -level.level)
    known = {team.id for team in policy.escalation.teams}
    for level in owners:
        if level.owner in known:
            return level.owner
    backups = Counter(
        backup
        for backup in (
            *(rule.backup for rule in policy.escalation.routes),
            *(team.backup for team in policy.escalation.teams),
        )
        if backup in known
    )
    if backups:
        return backups.most_common(1)[0][0]
    return next(iter(team.id for team in policy.escalation.teams), None)
