"""Do the approved texts pass the rubric: what the drafter will say must not fail its checks?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from agent.domain.brand import Situation
from agent.domain.checks import CheckSubject, Severity
from agent.domain.decisions import Category, Route, Sentiment, Triage
from agent.domain.decisions import Finding as Seen
from agent.domain.messages import Surface
from agent.services.lint.desk import NEEDS_SOURCES, LintDesk, failure_values, family
from agent.services.lint.report import Finding
from agent.services.lint.wording import LintWording as Wording
from agent.steps.draft.plain import to_plain
from knowledge.passages import Audience, Language, Passage

_CUT_BY_THE_DRAFTER = frozenset({"T16", "C1"})
"""An answer may be long: the drafter keeps what the question and the channel call for."""

_UPSET = frozenset({Category.COMPLAINT, Category.MIXED})


def findings(desk: LintDesk) -> Iterator[Finding]:
    """Yield each approved text that the rules would not let pass."""
    yield from _acknowledgements(desk)
    yield from _set_phrases(desk)
    yield from _statements(desk)
    yield from _exemplars(desk)
    yield from _answers(desk)


def triage_of(lang: Language, category: Category) -> Triage:
    """Return the triage of a message that is surely in `lang` and of `category`."""
    is_upset = category in _UPSET
    return Triage(
        language=lang,
        language_confidence=1.0,
        category=category,
        findings=(Seen(category=category, score=1.0),),
        sentiment=Sentiment.NEGATIVE if is_upset else Sentiment.NEUTRAL,
        route=Route.REPLY,
    )


def _judge(
    desk: LintDesk,
    wording: Wording,
    subject: CheckSubject,
    place: str,
    name: str = "",
    besides: frozenset[str] = frozenset(),
) -> Iterator[Finding]:
    """Yield the failures of one text, at `file:line` or a dotted path, but for some families."""
    for check in desk.failures(subject):
        if family(check) in besides:
            continue
        is_light = check.severity is Severity.MINOR
        remark = wording.filled(name=name, **failure_values(check, subject.reply))
        yield desk.at(place, remark, is_error=not is_light)


def _acknowledgements(desk: LintDesk) -> Iterator[Finding]:
    for path, at, index in desk.acknowledgements():
        situation = desk.policy.situations[at]
        opening = situation.acknowledgements[index]
        subject = CheckSubject(
            reply=_dressed(desk, opening.text, opening.lang),
            message=opening.cues[0] if opening.cues else "",
            lang=opening.lang,
            triage=triage_of(opening.lang, _category(situation)),
            now=desk.noon,
        )
        yield from _judge(desk, Wording.ACKNOWLEDGEMENT_FAILS, subject, path)


def _category(situation: Situation) -> Category:
    named = [Category(name) for name in situation.categories]
    return named[0] if named else Category.FAQ_QUESTION


def _dressed(desk: LintDesk, text: str, lang: Language) -> str:
    """Return `text` between the first greeting and sign-off, as the drafter sets it."""
    mechanics = desk.policy.mechanics
    greeting = (*mechanics.greetings.get(lang, ()), "")[0]
    sign_off = (*mechanics.sign_offs.get(lang, ()), "")[0]
    return f"{greeting} {text}\n{sign_off}".strip()


def _set_phrases(desk: LintDesk) -> Iterator[Finding]:
    said = desk.policy.transparency
    tables = [
        ("transparency.unknown_texts", said.unknown_texts, Category.UNKNOWN_QUESTION),
        ("transparency.partial_unknown_texts", said.partial_unknown_texts, Category.FAQ_QUESTION),
        ("transparency.bot_question_answers", said.bot_question_answers, Category.BOT_QUESTION),
    ]
    for network, channel in desk.policy.channels.items():
        path = f"channels.{network}.private_paths"
        tables.append((path, channel.private_paths, Category.ORDER_ACCOUNT))
    for path, texts, category in tables:
        for lang, options in texts.items():
            for index, text in enumerate(options):
                subject = CheckSubject(
                    reply=_dressed(desk, text, lang),
                    lang=lang,
                    triage=triage_of(lang, category),
                    now=desk.noon,
                )
                place = f"{path}.{lang.value}[{index}]"
                yield from _judge(desk, Wording.TEXT_FAILS, subject, place)


def _statements(desk: LintDesk) -> Iterator[Finding]:
    for statement in desk.pack.statements:
        if not statement.is_in_force(desk.day):
            continue
        category = next(iter(statement.categories), None)
        subject = CheckSubject(
            reply=statement.text,
            lang=statement.lang,
            statement_id=statement.id,
            triage=triage_of(statement.lang, category) if category else None,
            now=desk.noon,
        )
        yield from _judge(desk, Wording.STATEMENT_FAILS, subject, statement.source, statement.id)


def _exemplars(desk: LintDesk) -> Iterator[Finding]:
    for exemplar in desk.pack.exemplars:
        subject = CheckSubject(
            reply=exemplar.reply,
            message=exemplar.inbound,
            lang=exemplar.lang,
            triage=triage_of(exemplar.lang, exemplar.category) if exemplar.category else None,
            now=desk.noon,
        )
        wording, place = Wording.EXEMPLAR_FAILS, exemplar.source
        yield from _judge(desk, wording, subject, place, exemplar.id, NEEDS_SOURCES)


def _answers(desk: LintDesk) -> Iterator[Finding]:
    for passage in desk.pack.passages:
        if passage.valid_until and passage.valid_until < desk.day:
            continue
        is_private = passage.audience is Audience.PRIVATE
        said = (passage.answer, passage.next_step, passage.link)
        subject = CheckSubject(
            reply=" ".join(map(to_plain, filter(None, said))),
            message=passage.question,
            surface=Surface.PRIVATE if is_private else Surface.PUBLIC,
            lang=passage.lang,
            passages=(passage,),
            triage=triage_of(passage.lang, Category.FAQ_QUESTION),
            now=_within(passage, desk.day),
        )
        wording, place = Wording.ENTRY_FAILS, passage.source
        yield from _judge(desk, wording, subject, place, passage.key, _CUT_BY_THE_DRAFTER)


def _within(passage: Passage, day: date) -> datetime:
    """Return a moment at which the passage is in force: an offer is written before it begins."""
    return datetime.combine(max(day, passage.valid_from or day), time(12), UTC)
