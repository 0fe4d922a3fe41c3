"""What a schema cannot see: names in `brand.yaml` that point at nothing, rules that cannot run."""

from collections.abc import Iterable, Iterator

import regex

from agent.adapters.brand_pack.files import POLICY
from agent.adapters.brand_pack.wording import PackWording as Wording
from agent.domain.brand import Brand, Statement
from agent.domain.decisions import Category, Route
from knowledge.problems import Problem, Remark

_Found = Iterator[tuple[str, Remark]]
"""Dotted path in `brand.yaml`, and what is wrong there."""


def broken_references(
    policy: Brand, statements: Iterable[Statement], lines: dict[str, int]
) -> list[Problem]:
    """Return what would leave a message without a route, a team or a text, with its line."""
    known = {statement.id for statement in statements}
    found = [
        *_teams(policy),
        *_routes(policy, known),
        *_languages(policy),
        *_categories(policy),
        *_patterns(policy),
        *_statement_ids(policy, known),
    ]
    return [Problem.of(POLICY, _line(lines, path), remark) for path, remark in found]


def _line(lines: dict[str, int], path: str) -> int | None:
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def _teams(policy: Brand) -> _Found:
    seen: set[str] = set()
    for index, team in enumerate(policy.escalation.teams):
        path = f"escalation.teams[{index}]"
        if team.id in seen:
            yield f"{path}.id", Wording.TEAM_TWICE.filled(team=team.id)
        seen.add(team.id)
        if team.backup is not None and policy.escalation.team(team.backup) is None:
            yield f"{path}.backup", _no_team(policy, team.backup)
        for day, hours in team.hours.items():
            if hours.opens >= hours.closes:
                yield f"{path}.hours.{day.value}", Wording.TEAM_HOURS.filled(team=team.id)
    for index, level in enumerate(policy.crisis.levels):
        if level.owner is not None and policy.escalation.team(level.owner) is None:
            yield f"crisis.levels[{index}].owner", _no_team(policy, level.owner)


def _no_team(policy: Brand, team: str) -> Remark:
    return Wording.TEAM_UNKNOWN.filled(team=team, known=_listed(policy))


def _listed(policy: Brand) -> str:
    return ", ".join(team.id for team in policy.escalation.teams)


def _routes(policy: Brand, known: set[str]) -> _Found:
    routed: set[Category] = set()
    for index, rule in enumerate(policy.escalation.routes):
        path, category = f"escalation.routes[{index}]", rule.category.value
        if rule.category in routed:
            yield f"{path}.category", Wording.ROUTE_TWICE.filled(category=category)
        routed.add(rule.category)
        for name, team in (("team", rule.team), ("backup", rule.backup)):
            if team is not None and policy.escalation.team(team) is None:
                yield f"{path}.{name}", _no_team(policy, team)
        for at, statement in enumerate(rule.statements):
            if statement not in known:
                remark = Wording.STATEMENT_UNKNOWN.filled(statement=statement)
                yield f"{path}.statements[{at}]", remark
        if rule.team is None and rule.route not in {Route.NO_REPLY, Route.MODERATE, Route.REPLY}:
            yield path, Wording.ROUTE_NO_TEAM.filled(category=category, known=_listed(policy))
    for missing in Category:
        if missing not in routed:
            yield "escalation.routes", Wording.ROUTE_MISSING.filled(category=missing.value)


def _languages(policy: Brand) -> _Found:
    if policy.default_language not in policy.languages:
        code = policy.default_language.value
        yield "default_language", Wording.DEFAULT_LANGUAGE.filled(code=code)
    if any(lang.value == "unknown" for lang in policy.languages):
        yield "languages.unknown", Wording.NOT_A_LANGUAGE.filled()


def _categories(policy: Brand) -> _Found:
    known = {category.value for category in Category}
    listed = ", ".join(sorted(known))
    lists = [
        *((f"situations[{i}]", s.categories) for i, s in enumerate(policy.situations)),
        *((f"moderation.rules[{i}]", r.categories) for i, r in enumerate(policy.moderation.rules)),
    ]
    for path, names in lists:
        for index, name in enumerate(names):
            if name not in known:
                remark = Wording.CATEGORY_UNKNOWN.filled(category=name, known=listed)
                yield f"{path}.categories[{index}]", remark


def _patterns(policy: Brand) -> _Found:
    written = [
        *((f"lexicon.banned[{i}]", b.pattern) for i, b in enumerate(policy.lexicon.banned)),
        *(
            (f"safety.custom_identifiers[{i}]", c.pattern)
            for i, c in enumerate(policy.safety.custom_identifiers)
        ),
    ]
    for path, pattern in written:
        try:
            regex.compile(pattern)
        except regex.error as error:
            yield f"{path}.pattern", Wording.PATTERN_BROKEN.filled(problem=error.msg)
    for index, banned in enumerate(policy.lexicon.banned):
        if bool(banned.term) == bool(banned.pattern):
            yield f"lexicon.banned[{index}]", Wording.BAN_OF_NOTHING.filled()


def _statement_ids(policy: Brand, known: set[str]) -> _Found:
    for topic, ids in policy.safety.help_statements.items():
        for index, name in enumerate(ids):
            if name not in known:
                path = f"safety.help_statements.{topic}[{index}]"
                yield path, Wording.STATEMENT_UNKNOWN.filled(statement=name)
