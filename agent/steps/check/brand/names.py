"""B4: product and brand names spelled as the brand spells them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from agent.domain.brand import Product
from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.gate import Gated
from agent.steps.check.guide import Guide, names_pattern
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable, replace
from knowledge.text.normalise import fold

_NEAR = 86.0
_SHORTEST_FUZZY = 6
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@lru_cache(maxsize=512)
def _wrong_forms(guide: Guide) -> tuple[tuple[Product, re.Pattern[str]], ...]:
    pairs = ((product, names_pattern(product.wrong)) for product in guide.products)
    return tuple((product, pattern) for product, pattern in pairs if pattern is not None)


def _find(case: Case) -> Outcome:
    if not case.guide.products:
        return not_applicable("the guide lists no product")
    findings = [*_listed(case), *_wrong_case(case)]
    taken = [(f.start or 0, f.end or 0) for f in findings]
    findings += [f for f in _near_misses(case) if not _overlaps(f, taken)]
    return findings or None


def _overlaps(finding: Finding, taken: list[tuple[int, int]]) -> bool:
    start, end = finding.start or 0, finding.end or 0
    return any(start < b and a < end for a, b in taken)


def _finding(case: Case, start: int, end: int, name: str) -> Finding:
    reason = f'The name is written "{name}".'
    return Finding(reason, start, end, replace(start, end, name))


@lru_cache(maxsize=512)
def _any_wrong_form(guide: Guide) -> Gated | None:
    """Find any of them: most replies hold none, and need no look for each apart."""
    known = names_pattern(form for product in guide.products for form in product.wrong)
    return Gated([known.pattern]) if known else None


def _listed(case: Case) -> Iterator[Finding]:
    known = _any_wrong_form(case.guide)
    if known is None or not known.occurs(case.folded):
        return
    for product, pattern in _wrong_forms(case.guide):
        for match in pattern.finditer(case.folded):
            if case.text[match.start() : match.end()] != product.canonical and _is_prose(
                case, match
            ):
                yield _finding(case, *match.span(), product.canonical)


def _wrong_case(case: Case) -> Iterator[Finding]:
    for name, folded in _distinctive(case.guide):
        if folded not in case.folded:
            continue
        for match in re.finditer(rf"(?<![\w@#]){re.escape(folded)}(?!\w)", case.folded):
            written = (
                case.text[match.start() : match.end()].replace("’", "'").replace("\u00a0", " ")
            )
            if written != name.replace("’", "'") and _is_prose(case, match):
                yield _finding(case, *match.span(), name)


@lru_cache(maxsize=512)
def _distinctive(guide: Guide) -> tuple[tuple[str, str], ...]:
    """Return the names whose capitals matter, as spelled and folded."""
    names = [product.canonical for product in guide.products] + [guide.brand_name]
    return tuple((name, fold(name)) for name in names if _is_distinctive(name))


def _is_distinctive(name: str) -> bool:
    """A single capitalised word may be an ordinary word in lower case: « Sérénité »."""
    return len(name.split()) > 1 or any(char.isupper() or char.isdigit() for char in name[1:])


def _is_prose(case: Case, match: re.Match[str]) -> bool:
    """Not part of a link, a handle or an e-mail."""
    return not any(
        f.start <= match.start() < f.end for f in case.facts if f.kind in ("url", "email")
    )


def _near_misses(case: Case) -> Iterator[Finding]:
    words = [match.span() for match in _WORDS.finditer(case.text)]
    names = _long_names(case.guide)
    starting: dict[str, list[int]] = {other[0]: [] for _, other, _ in names}
    for index, (start, _) in enumerate(words):
        if (first := case.folded[start]) in starting:
            starting[first].append(index)
    for name, other, size in names:
        for index in starting.get(other[0], ()):
            if index + size > len(words):
                break
            start, end = words[index][0], words[index + size - 1][1]
            if abs(end - start - len(other)) > 2:
                continue
            if _is_near_miss(case.text[start:end], case.folded[start:end], other):
                yield _finding(case, start, end, name)


@lru_cache(maxsize=512)
def _long_names(guide: Guide) -> tuple[tuple[str, str, int], ...]:
    """Return the names long enough to be nearly written, folded, and their number of words."""
    names = [product.canonical for product in guide.products]
    return tuple(
        (name, fold(name), len(_WORDS.findall(name)))
        for name in names
        if len(name) >= _SHORTEST_FUZZY
    )


def _is_near_miss(written: str, one: str, other: str) -> bool:
    """Nearly the name, and a name: it has a capital; plurals of the name are none."""
    if not any(char.isupper() for char in written):
        return False
    if one == other or one.rstrip("s") == other.rstrip("s") or one in (f"{other}es", f"{other}s"):
        return False
    return fuzz.ratio(one, other) >= _NEAR


RULE = Rule(
    "B4.product_name",
    Severity.MINOR,
    _find,
    good=(
        Example("fr", "Le Croc'Lune et la Noisette Box sont en boutique."),
        Example("fr", "Suivez @ateliernoisette et l'Atelier Noisette."),
        Example("fr", "Un pralin de 1903, une boîte de noisettes."),
        Example("fr", "Les Croc’Lunes sont là."),
        Example("en", "Croc'Lune and two Noisette Boxes."),
        Example("en", "A box of hazelnuts from https://ateliernoisette.example"),
    ),
    bad=(
        Example("fr", "Le croc'lune est en boutique."),
        Example("fr", "La noisette box arrive."),
        Example("fr", "Le Croque Lune est là."),
        Example("fr", "Le Praliné 1930 est là, le Pralinée 1903 aussi."),
        Example("en", "The Crunchy Moon is back."),
        Example("en", "Our CROC'LUNE is back."),
        Example("en", "The Noisete Box is back."),
    ),
)
