"""Is everything there: routes and backups, texts in every language, entries in force?"""

from collections.abc import Iterator

from agent.domain.brand import RouteRule, Statement
from agent.domain.brand.identity import PerLanguage
from agent.domain.decisions import Category, Route
from agent.services.lint.desk import LintDesk
from agent.services.lint.report import Finding
from agent.services.lint.wording import LintWording as Wording
from knowledge.passages import Language

_HELP_TOPICS = ("self_harm", "injury", "threat", "minor")
_MOST_NAMED = 10
"""More missing translations than this are one finding: the brand has not begun that language."""
_NO_ENTRY = (Wording.ENTRY_MISSING, Wording.ENTRIES_MISSING)
_NO_STATEMENT = (Wording.STATEMENT_MISSING, Wording.STATEMENTS_MISSING)


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
            yield desk.error("escalation.routes", Wording.NO_ROUTE, category=category.value)
    for index, rule in enumerate(desk.policy.escalation.routes):
        yield from _route(desk, rule, f"escalation.routes[{index}]")


def _route(desk: LintDesk, rule: RouteRule, path: str) -> Iterator[Finding]:
    name = rule.category.value
    team = desk.policy.escalation.team(rule.team)
    if team is None:
        yield desk.error(f"{path}.team", Wording.NO_TEAM, category=name)
    elif (rule.backup or team.backup) in {None, team.id}:
        yield desk.error(path, Wording.NO_BACKUP, category=name, team=team.id)
    if rule.route is Route.HOLD and not rule.statements:
        yield desk.error(f"{path}.route", Wording.HOLD_WITHOUT_STATEMENT, category=name)
    if rule.own_within is not None and rule.own_within < rule.acknowledge_within:
        yield desk.error(f"{path}.own_within", Wording.SETTLED_TOO_SOON, category=name)
    for statement_id in rule.statements:
        yield from _statement_everywhere(desk, statement_id, f"{path}.statements", name)


def _statement_everywhere(
    desk: LintDesk, statement_id: str, path: str, used_for: str
) -> Iterator[Finding]:
    versions = [s for s in desk.pack.statements if s.id == statement_id]
    if not versions:
        yield desk.error(path, Wording.NO_STATEMENT, statement=statement_id)
        return
    for lang in desk.languages:
        if desk.pack.statement(statement_id, lang, desk.day) is None:
            names = {"statement": statement_id, "use": used_for, "lang": lang.value}
            yield desk.error(path, Wording.NOT_IN_FORCE, **names)


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
                path = f"moderation.rules[{index}].text"
                yield desk.error(path, Wording.NO_CHARTER_TEXT, rule=rule.id, lang=lang.value)
    for lang in desk.languages:
        if lang not in desk.policy.moderation.statement_of_reasons:
            path = "moderation.statement_of_reasons"
            yield desk.error(path, Wording.NO_REASONS_TEXT, lang=lang.value)


def _in_each(
    desk: LintDesk, path: str, texts: PerLanguage, *, is_needed: bool
) -> Iterator[Finding]:
    for lang in desk.languages:
        if not any(text.strip() for text in texts.get(lang, ())):
            report = desk.error if is_needed else desk.warn
            code = lang.value
            yield report(path, Wording.NO_TEXT, path=path, lang=code, code=code)


def _help(desk: LintDesk) -> Iterator[Finding]:
    for topic in _HELP_TOPICS:
        ids = desk.policy.safety.help_statements.get(topic, ())
        if not ids:
            yield desk.error("safety.help_statements", Wording.NO_HELP, topic=topic)
        for statement_id in ids:
            path = f"safety.help_statements.{topic}"
            yield from _statement_everywhere(desk, statement_id, path, topic)


def _expired(desk: LintDesk) -> Iterator[Finding]:
    for passage in desk.pack.passages:
        if passage.valid_until and passage.valid_until < desk.day:
            day, wording = passage.valid_until, Wording.ENTRY_ENDED
            yield desk.warn_in(passage.source, wording, entry=passage.key, day=day)
    for statement in desk.pack.statements:
        if statement.valid_until and statement.valid_until < desk.day:
            name, day = _key(statement), statement.valid_until
            yield desk.warn_in(statement.source, Wording.STATEMENT_ENDED, statement=name, day=day)


def _key(statement: Statement) -> str:
    return f"{statement.id}@{statement.lang.value}"


def _one_language_only(desk: LintDesk) -> Iterator[Finding]:
    entries = [(p.id, p.lang, p.source) for p in desk.pack.passages]
    statements = [(s.id, s.lang, s.source) for s in desk.pack.statements]
    for wordings, items in ((_NO_ENTRY, entries), (_NO_STATEMENT, statements)):
        written = {(name, lang) for name, lang, _ in items}
        first = {name: source for name, _, source in reversed(items)}
        for lang in desk.languages:
            missing = {n: source for n, source in first.items() if (n, lang) not in written}
            yield from _missing(desk, wordings, missing, lang)


def _missing(
    desk: LintDesk, wordings: tuple[Wording, Wording], missing: dict[str, str], lang: Language
) -> Iterator[Finding]:
    one, many = wordings
    if len(missing) > _MOST_NAMED:
        name, source = next(iter(missing.items()))
        yield desk.warn_in(source, many, n=len(missing), lang=lang.value, name=name)
        return
    for name, source in missing.items():
        yield desk.warn_in(source, one, name=name, lang=lang.value)
