"""Do the guide's own examples come out as labelled, judged by the rules that run on drafts?"""

from collections.abc import Iterator, Sequence

from agent.domain.brand import CustomIdentifier
from agent.domain.checks import Check, CheckSubject, Severity
from agent.domain.messages import Surface
from agent.services.lint.desk import NEEDS_SOURCES, LintDesk, family
from agent.services.lint.report import Finding
from agent.services.lint.slow import SLOW_MEND, is_slow
from agent.steps.check.brand.bounded import find_all
from knowledge.passages import Language

_BANNED, _PREFERRED, _PERSONAL = "B2", "B3", "S1"
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
        path, name = f"lexicon.banned[{index}]", rule.term or rule.pattern
        if rule.pattern and is_slow(rule.pattern, is_part_of_words=True):
            yield desk.error(path, f"the ban on « {name} » does not come to an end", SLOW_MEND)
            continue
        surface = rule.surfaces[0] if rule.surfaces else Surface.PUBLIC
        examples = (rule.good, rule.bad, rule.lang, surface)
        yield from _both(desk, path, f"the ban on « {name} »", _BANNED, examples)


def _preferred(desk: LintDesk) -> Iterator[Finding]:
    for index, swap in enumerate(desk.policy.lexicon.preferred):
        path = f"lexicon.preferred[{index}]"
        name = f"« {swap.use} », not « {swap.avoid} »"
        examples = (swap.good, swap.bad, swap.lang, Surface.PUBLIC)
        yield from _both(desk, path, name, _PREFERRED, examples)


def _both(
    desk: LintDesk,
    path: str,
    name: str,
    wanted: str,
    examples: tuple[Sequence[str], Sequence[str], Language | None, Surface],
) -> Iterator[Finding]:
    good, bad, lang, surface = examples
    if not good or not bad:
        yield desk.warn(path, f"{name}: no good or no bad example", "give one of each")
    for at, text in enumerate(bad):
        if not _of_family(_judged(desk, text, lang, surface), wanted):
            what = f"{name}: its bad example is not caught"
            yield desk.error(f"{path}.bad[{at}]", what, "mend the term, the pattern or the example")
    for at, text in enumerate(good):
        if _of_family(_judged(desk, text, lang, surface), wanted):
            what = f"{name}: its good example is caught"
            yield desk.error(
                f"{path}.good[{at}]", what, "mend the term, the pattern or the example"
            )


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
                what = f"« {attribute.name} »: no rule sees what is wrong with the bad example"
                yield desk.warn(f"{path}.bad", what, "only a judge or a person will notice it")
            for check in _judged(desk, pair.good, pair.lang):
                if check.severity is Severity.MINOR or family(check) in NEEDS_SOURCES:
                    continue
                what = f"« {attribute.name} »: the good example fails {check.rule}: {check.reason}"
                yield desk.error(f"{path}.good", what, "mend the example")


def _identifiers(desk: LintDesk) -> Iterator[Finding]:
    for at, identifier in enumerate(desk.policy.safety.custom_identifiers):
        path = f"safety.custom_identifiers[{at}]"
        shown = (*identifier.examples, *identifier.not_examples)
        if is_slow(identifier.pattern, is_part_of_words=True, texts=shown):
            what = f"{identifier.name}: the pattern does not come to an end"
            yield desk.error(path, what, SLOW_MEND)
        else:
            yield from _identified(desk, identifier, path)


def _identified(desk: LintDesk, identifier: CustomIdentifier, path: str) -> Iterator[Finding]:
    for index, example in enumerate(identifier.examples):
        if not _finds(identifier, example):
            what = f"{identifier.name}: the pattern does not find its own example"
            yield desk.error(f"{path}.examples[{index}]", what, "mend the pattern")
        elif not _is_caught(desk, example):
            what = f"{identifier.name}: a public reply that quotes the example is not caught"
            yield desk.error(f"{path}.examples[{index}]", what, "mend the pattern")
    for index, example in enumerate(identifier.not_examples):
        if _finds(identifier, example):
            what = f"{identifier.name}: the pattern finds what it should leave alone"
            yield desk.error(f"{path}.not_examples[{index}]", what, "mend the pattern")


def _finds(identifier: CustomIdentifier, text: str) -> bool:
    found = find_all(identifier.pattern, text, is_case_sensitive=True, is_part_of_words=True)
    return any(found)


def _is_caught(desk: LintDesk, value: str) -> bool:
    return all(
        _of_family(_judged(desk, _CARRIER[lang].format(value=value), lang), _PERSONAL)
        for lang in desk.languages
        if lang in _CARRIER
    )
