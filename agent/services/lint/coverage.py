"""Is everything there: routes and backups, texts in every language, entries in force?"""

from collections.abc import Iterator

from agent.domain.brand import RouteRule, Statement
from agent.domain.brand.identity import PerLanguage
from agent.domain.decisions import Category, Route
from agent.services.lint.desk import LintDesk
from agent.services.lint.report import Finding
from knowledge.passages import Language

_HELP_TOPICS = ("self_harm", "injury", "threat", "minor")
_MOST_NAMED = 10
"""More missing translations than this are one finding: the brand has not begun that language."""


def findings(desk: LintDesk) -> Iterator[Finding]:
    """Yield what is missing or out of date."""
    yield from _routes(desk)
    yield from _languages(desk)
    yield from _help(desk)
    yield from _expired(desk)
    yield from _one_language_only(desk)


def _routes(desk: LintDesk) -> Iterator[Finding]:
    routed = {rule.category for rule in desk.policy.escalation.routes}
    for category in Category:
        if category not in routed:
            what = f"the category `{category.value}` has no route"
            yield desk.error("escalation.routes", what, f"add `- category: {category.value}`")
    for index, rule in enumerate(desk.policy.escalation.routes):
        yield from _route(desk, rule, f"escalation.routes[{index}]")


def _route(desk: LintDesk, rule: RouteRule, path: str) -> Iterator[Finding]:
    name = rule.category.value
    team = desk.policy.escalation.team(rule.team)
    if team is None:
        yield desk.error(f"{path}.team", f"the route of `{name}` names no team we know", "name one")
    elif (rule.backup or team.backup) in {None, team.id}:
        what = f"the route of `{name}` has no backup"
        yield desk.error(path, what, f"give the team `{team.id}` a backup, or this route its own")
    if rule.route is Route.HOLD and not rule.statements:
        what = f"the route of `{name}` holds, but names no approved statement"
        yield desk.error(f"{path}.route", what, "add `statements: [my-statement]`")
    if rule.own_within is not None and rule.own_within < rule.acknowledge_within:
        what = f"`{name}` must be settled before it is acknowledged"
        yield desk.error(f"{path}.own_within", what, "own_within is the longer of the two")
    for statement_id in rule.statements:
        yield from _statement_everywhere(desk, statement_id, f"{path}.statements", name)


def _statement_everywhere(
    desk: LintDesk, statement_id: str, path: str, used_for: str
) -> Iterator[Finding]:
    versions = [s for s in desk.pack.statements if s.id == statement_id]
    if not versions:
        yield desk.error(path, f"there is no statement `{statement_id}`", "write it in statements/")
        return
    for lang in desk.languages:
        if desk.pack.statement(statement_id, lang, desk.day) is None:
            what = f"`{statement_id}`, used for `{used_for}`, is not in force in {lang.value}"
            yield desk.error(path, what, "write it in that language, or extend its dates")


def _languages(desk: LintDesk) -> Iterator[Finding]:
    said = desk.policy.transparency
    tables = (
        ("disclosure_texts", said.disclosure_texts, True),
        ("bot_question_answers", said.bot_question_answers, True),
        ("unknown_texts", said.unknown_texts, True),
        ("ad_labels", said.ad_labels, False),
        ("correction_markers", said.correction_markers, False),
    )
    for name, texts, is_needed in tables:
        yield from _in_each(desk, f"transparency.{name}", texts, is_needed=is_needed)
    for network, channel in desk.policy.channels.items():
        if channel.private_paths:
            path = f"channels.{network}.private_paths"
            yield from _in_each(desk, path, channel.private_paths, is_needed=True)
    for index, rule in enumerate(desk.policy.moderation.rules):
        for lang in desk.languages:
            if lang not in rule.text:
                what = f"the charter rule `{rule.id}` has no text in {lang.value}"
                yield desk.error(f"moderation.rules[{index}].text", what, "write it")
    for lang in desk.languages:
        if lang not in desk.policy.moderation.statement_of_reasons:
            what = f"the statement of reasons has no text in {lang.value}"
            yield desk.error("moderation.statement_of_reasons", what, "write it (DSA art. 17)")


def _in_each(
    desk: LintDesk, path: str, texts: PerLanguage, *, is_needed: bool
) -> Iterator[Finding]:
    for lang in desk.languages:
        if not any(text.strip() for text in texts.get(lang, ())):
            report = desk.error if is_needed else desk.warn
            yield report(
                path, f"`{path}` has no text in {lang.value}", f"add `{lang.value}: [...]`"
            )


def _help(desk: LintDesk) -> Iterator[Finding]:
    for topic in _HELP_TOPICS:
        ids = desk.policy.safety.help_statements.get(topic, ())
        if not ids:
            what = f"no help text for `{topic}`"
            yield desk.error("safety.help_statements", what, "name an approved statement")
        for statement_id in ids:
            path = f"safety.help_statements.{topic}"
            yield from _statement_everywhere(desk, statement_id, path, topic)


def _expired(desk: LintDesk) -> Iterator[Finding]:
    for passage in desk.pack.passages:
        if passage.valid_until and passage.valid_until < desk.day:
            what = f"`{passage.key}` ended on {passage.valid_until}"
            yield desk.warn_in(passage.source, what, "remove it, or extend its dates")
    for statement in desk.pack.statements:
        if statement.valid_until and statement.valid_until < desk.day:
            what = f"the statement `{_key(statement)}` ended on {statement.valid_until}"
            yield desk.warn_in(statement.source, what, "have it approved again, or remove it")


def _key(statement: Statement) -> str:
    return f"{statement.id}@{statement.lang.value}"


def _one_language_only(desk: LintDesk) -> Iterator[Finding]:
    entries = [(p.id, p.lang, p.source) for p in desk.pack.passages]
    statements = [(s.id, s.lang, s.source) for s in desk.pack.statements]
    for kind, items in (("entry", entries), ("statement", statements)):
        written = {(name, lang) for name, lang, _ in items}
        first = {name: source for name, _, source in reversed(items)}
        for lang in desk.languages:
            missing = {n: source for n, source in first.items() if (n, lang) not in written}
            yield from _missing(desk, kind, missing, lang)


def _missing(
    desk: LintDesk, kind: str, missing: dict[str, str], lang: Language
) -> Iterator[Finding]:
    mend = "write it: a question in that language goes to a person meanwhile"
    if len(missing) > _MOST_NAMED:
        name, source = next(iter(missing.items()))
        what = f"{len(missing)} ids have no {kind} in {lang.value}; the first is `{name}`"
        yield desk.warn_in(source, what, mend)
        return
    for name, source in missing.items():
        yield desk.warn_in(source, f"the {kind} `{name}` does not exist in {lang.value}", mend)
