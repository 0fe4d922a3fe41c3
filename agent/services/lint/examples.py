"""Do the guide's own examples come out as labelled, judged by the rules that run on drafts?"""

from collections.abc import Iterator, Sequence

from agent.domain.brand import CustomIdentifier
from agent.domain.checks import Check, CheckSubject, Severity
from agent.domain.messages import Surface
from agent.services.lint.desk import NEEDS_SOURCES, LintDesk, failure_values, family
from agent.services.lint.report import Finding
from agent.services.lint.slow import is_slow
from agent.services.lint.wording import LintWording as Wording
from agent.steps.check.brand.bounded import find_all
from knowledge.passages import Language

_BANNED, _PREFERRED, _PERSONAL = "B2", "B3", "S1"
_BAN = (Wording.BAN_WITHOUT_EXAMPLES, Wording.BAN_MISSES, Wording.BAN_OVERREACHES)
_SWAP = (Wording.SWAP_WITHOUT_EXAMPLES, Wording.SWAP_MISSES, Wording.SWAP_OVERREACHES)
_CARRIER = {
    Language.FR: "Bonjour, votre référence {value} est bien notée.",
    Language.EN: "Hello, your reference {value} is noted.",
}


def findings(desk: LintDesk) -> Iterator[Finding]:
    """Yield the examples that a rule judges otherwise than the brand lead did."""
    yield from _banned(desk)
    yield from _preferred(desk)
    yield from _voice(desk)
    yield from _identifiers(desk)


def _banned(desk: LintDesk) -> Iterator[Finding]:
    for index, rule in enumerate(desk.policy.lexicon.banned):
        path, names = f"lexicon.banned[{index}]", {"name": rule.term or rule.pattern}
        if rule.pattern and is_slow(rule.pattern, is_part_of_words=True):
            yield desk.error(path, Wording.BAN_ENDLESS, pattern=rule.pattern)
            continue
        surface = rule.surfaces[0] if rule.surfaces else Surface.PUBLIC
        examples = (rule.good, rule.bad, rule.lang, surface)
        yield from _both(desk, path, (_BAN, names), _BANNED, examples)


def _preferred(desk: LintDesk) -> Iterator[Finding]:
    for index, swap in enumerate(desk.policy.lexicon.preferred):
        path = f"lexicon.preferred[{index}]"
        names = {"use": swap.use, "avoid": swap.avoid}
        examples = (swap.good, swap.bad, swap.lang, Surface.PUBLIC)
        yield from _both(desk, path, (_SWAP, names), _PREFERRED, examples)


def _both(
    desk: LintDesk,
    path: str,
    said: tuple[tuple[Wording, Wording, Wording], dict[str, str]],
    wanted: str,
    examples: tuple[Sequence[str], Sequence[str], Language | None, Surface],
) -> Iterator[Finding]:
    good, bad, lang, surface = examples
    (without, misses, overreaches), names = said
    if not good or not bad:
        yield desk.warn(path, without, **names)
    for at, text in enumerate(bad):
        if not _of_family(_judged(desk, text, lang, surface), wanted):
            yield desk.error(f"{path}.bad[{at}]", misses, **names)
    for at, text in enumerate(good):
        if _of_family(_judged(desk, text, lang, surface), wanted):
            yield desk.error(f"{path}.good[{at}]", overreaches, **names)


def _judged(
    desk: LintDesk, text: str, lang: Language | None, surface: Surface = Surface.PUBLIC
) -> tuple[Check, ...]:
    wanted = lang or desk.policy.default_language
    return desk.failures(CheckSubject(reply=text, lang=wanted, surface=surface, now=desk.noon))


def _of_family(checks: Sequence[Check], wanted: str) -> list[Check]:
    return [check for check in checks if family(check) == wanted]


def _voice(desk: LintDesk) -> Iterator[Finding]:
    for at, attribute in enumerate(desk.policy.voice):
        for index, pair in enumerate(attribute.pairs):
            path = f"voice[{at}].pairs[{index}]"
            if not _judged(desk, pair.bad, pair.lang):
                yield desk.warn(f"{path}.bad", Wording.VOICE_UNSEEN, name=attribute.name)
            for check in _judged(desk, pair.good, pair.lang):
                if check.severity is Severity.MINOR or family(check) in NEEDS_SOURCES:
                    continue
                values = {"name": attribute.name, **failure_values(check, pair.good)}
                yield desk.error(f"{path}.good", Wording.VOICE_FAILS, **values)


def _identifiers(desk: LintDesk) -> Iterator[Finding]:
    for at, identifier in enumerate(desk.policy.safety.custom_identifiers):
        path = f"safety.custom_identifiers[{at}]"
        shown = (*identifier.examples, *identifier.not_examples)
        if is_slow(identifier.pattern, is_part_of_words=True, texts=shown):
            yield desk.error(path, Wording.IDENTIFIER_ENDLESS, name=identifier.name)
        else:
            yield from _identified(desk, identifier, path)


def _identified(desk: LintDesk, identifier: CustomIdentifier, path: str) -> Iterator[Finding]:
    name = identifier.name
    for index, example in enumerate(identifier.examples):
        if not _finds(identifier, example):
            yield desk.error(f"{path}.examples[{index}]", Wording.IDENTIFIER_MISSES, name=name)
        elif not _is_caught(desk, example):
            yield desk.error(f"{path}.examples[{index}]", Wording.IDENTIFIER_UNCAUGHT, name=name)
    for index, example in enumerate(identifier.not_examples):
        if _finds(identifier, example):
            wording = Wording.IDENTIFIER_OVERREACHES
            yield desk.error(f"{path}.not_examples[{index}]", wording, name=name)


def _finds(identifier: CustomIdentifier, text: str) -> bool:
    found = find_all(identifier.pattern, text, is_case_sensitive=True, is_part_of_words=True)
    return any(found)


def _is_caught(desk: LintDesk, value: str) -> bool:
    return all(
        _of_family(_judged(desk, _CARRIER[lang].format(value=value), lang), _PERSONAL)
        for lang in desk.languages
        if lang in _CARRIER
    )
