"""What a schema cannot see: names in `brand.yaml` that point at nothing, rules that cannot run."""

from collections.abc import Iterable, Iterator

import regex

from agent.adapters.brand_pack.files import POLICY
from agent.domain.brand import Brand, Statement
from agent.domain.decisions import Category, Route
from knowledge.problems import Problem

_Found = Iterator[tuple[str, str, str]]
"""Dotted path in `brand.yaml`, what is wrong, the mend."""


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
    return [Problem(POLICY, _line(lines, path), what, mend) for path, what, mend in found]


def _line(lines: dict[str, int], path: str) -> int | None:
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def _teams(policy: Brand) -> _Found:
    seen: set[str] = set()
    for index, team in enumerate(policy.escalation.teams):
        path = f"escalation.teams[{index}]"
        if team.id in seen:
            yield f"{path}.id", f"the team `{team.id}` is there twice", "keep one"
        seen.add(team.id)
        if team.backup is not None and policy.escalation.team(team.backup) is None:
            yield f"{path}.backup", f"there is no team `{team.backup}`", _listed(policy)
        for day, hours in team.hours.items():
            if hours.opens >= hours.closes:
                what = f"`{team.id}` closes before it opens"
                yield f"{path}.hours.{day.value}", what, "check opens and closes"
    for index, level in enumerate(policy.crisis.levels):
        if level.owner is not None and policy.escalation.team(level.owner) is None:
            path = f"crisis.levels[{index}].owner"
            yield path, f"there is no team `{level.owner}`", _listed(policy)


def _listed(policy: Brand) -> str:
    return "the teams are: " + ", ".join(team.id for team in policy.escalation.teams)


def _routes(policy: Brand, known: set[str]) -> _Found:
    routed: set[Category] = set()
    for index, rule in enumerate(policy.escalation.routes):
        path = f"escalation.routes[{index}]"
        if rule.category in routed:
            what = f"the category `{rule.category.value}` has two routes"
            yield f"{path}.category", what, "keep one"
        routed.add(rule.category)
        for name, team in (("team", rule.team), ("backup", rule.backup)):
            if team is not None and policy.escalation.team(team) is None:
                yield f"{path}.{name}", f"there is no team `{team}`", _listed(policy)
        for at, statement in enumerate(rule.statements):
            if statement not in known:
                what = f"there is no statement `{statement}`"
                yield f"{path}.statements[{at}]", what, "write it in statements/"
        if rule.team is None and rule.route not in {Route.NO_REPLY, Route.MODERATE, Route.REPLY}:
            what = f"the route of `{rule.category.value}` names no team"
            yield path, what, _listed(policy)
    for category in Category:
        if category not in routed:
            what = f"the category `{category.value}` has no route"
            yield "escalation.routes", what, f"add `- category: {category.value}` with its route"


def _languages(policy: Brand) -> _Found:
    if policy.default_language not in policy.languages:
        what = f"the default language `{policy.default_language.value}` is not in `languages`"
        yield "default_language", what, "add it there or choose another"
    if any(lang.value == "unknown" for lang in policy.languages):
        yield "languages.unknown", "`unknown` is not a language to write in", "remove it"


def _categories(policy: Brand) -> _Found:
    known = {category.value for category in Category}
    lists = [
        *((f"situations[{i}]", s.categories) for i, s in enumerate(policy.situations)),
        *((f"moderation.rules[{i}]", r.categories) for i, r in enumerate(policy.moderation.rules)),
    ]
    for path, names in lists:
        for index, name in enumerate(names):
            if name not in known:
                mend = "the categories are: " + ", ".join(sorted(known))
                yield f"{path}.categories[{index}]", f"there is no category `{name}`", mend


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
            what = f"the pattern is not a regular expression: {error.msg}"
            yield f"{path}.pattern", what, "mend it, or use `term`"
    for index, banned in enumerate(policy.lexicon.banned):
        if bool(banned.term) == bool(banned.pattern):
            what = "a banned entry needs either `term` or `pattern`"
            yield f"lexicon.banned[{index}]", what, "write one of them"


def _statement_ids(policy: Brand, known: set[str]) -> _Found:
    for topic, ids in policy.safety.help_statements.items():
        for index, name in enumerate(ids):
            if name not in known:
                path = f"safety.help_statements.{topic}[{index}]"
                yield path, f"there is no statement `{name}`", "write it in statements/"
