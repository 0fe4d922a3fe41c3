"""Which figures of a reply are reckoned, from those of a passage and of the customer.

« Le seuil est de 65 € : avec un panier de 47 €, il vous manque 18 €. » A reader checks the sum,
nothing blocks. What is reckoned may itself enter the next sum; a figure that the reply brings by
itself never may.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.steps.check.case import Case
from agent.steps.check.grounding.derived import PER_ONE, TOTAL_AFTER, TOTAL_BEFORE
from agent.steps.check.grounding.reading import read_passage
from agent.steps.check.grounding.sums import COUNT, Figure, Sort, figures_of, follows_from
from agent.steps.check.grounding.theirs import given, is_theirs
from agent.steps.check.words import stems
from knowledge.passages import Language, Passage
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import agrees, find_facts
from knowledge.text.normalise import fold
from knowledge.text.numerals import find_numerals
from knowledge.text.sentences import Sentence

_MOST_FIGURES = 16
_MOST_COUNTS = 12
_LARGEST_COUNT = 10_000
_LONGEST_STAY = 60
_SMALL = 12
_AS_EXAMPLE = re.compile(r"\b(?:par exemple|for example|for instance|mettons|disons|let's say)\b")
_IN_A_CASE = re.compile(r"\b(?:for|pour|with|avec) (?:an?|une?) $")
""" "For a 25-lesson course, that's 20": the case is nobody's claim."""
_NEXT_WORDS = 24
_RECKONS = re.compile(
    r"\b(?:soit|donc|so|fai(?:t|sai(?:en)?t)|font|fer(?:ai(?:en)?t|a|ont)|makes?|comes? to|is about"
    r"|equiva\w+|reste\w*|manque\w*|left|short|becomes?|devien\w+|works? out|total\w*|en tout"
    r"|altogether|a raison|just (?:under|over)|that's|means|earns?|gagne\w*|rapporte\w*"
    r"|revien\w+|represente\w*|takes)\b"
)
_MEASURES = frozenset(
    {
        FactKind.MONEY,
        FactKind.QUANTITY,
        FactKind.NUMBER,
        FactKind.DURATION,
        FactKind.TIME,
        FactKind.DATE,
    }
)
_NO_COUNTS = frozenset({FactKind.MONEY, FactKind.DATE, FactKind.TIME, FactKind.PERCENT})
_PERIODS = frozenset(stems("mois semaine an month week year"))
_COUNTED_THING = re.compile(r" ([a-z]+)")
_DAY = re.compile(r"(?<=-\d\d)-\d\d$")
_BARE_DAY = re.compile(r"\b(?:le|au|the|to|till|until) (\d{1,2})(?:th|st|nd|rd)?\b(?! ?[a-z€£$%])")
_RATES = tuple(
    (size, re.compile(rf"\b(?:{one})\b"), re.compile(rf"\b(?:{other})\b"))
    for size, one, other in (
        (12.0, r"mois|mensu\w+|month\w*", r"ans?|annee|annuel\w*|years?|yearly|annual\w*"),
        (52.0, r"semaines?|weeks?|weekly", r"ans?|annee|years?|yearly"),
        (7.0, r"jours?|days?|daily", r"semaines?|weeks?"),
        (24.0, r"heures?|hours?", r"jours?|days?"),
        (60.0, r"secondes?|minutes?|min", r"minutes?|heures?|hours?"),
    )
)
""" « 9 € par mois, soit 108 € par an »."""


def sums_in(case: Case, sentence: Sentence, passages: Sequence[Passage]) -> frozenset[Fact]:
    """Return the facts of the reply that only a reader can check: sums, and what enters them.

    Those of the whole reply, and of `sentence` also what reckons beyond everyday sums.
    """
    sums = _reckoned(case, passages)
    return sums | _reckons_with_theirs(case, sentence, passages, sums)


def _reckoned(case: Case, passages: Sequence[Passage]) -> frozenset[Fact]:
    """Return the facts of the reply that are sums, and those that enter them.

    Facts of `case.facts`, at their places in the reply. An example ("say, on 5 March") enters a
    sum as a figure of the customer's does.
    """
    stated = [fact for p in passages for fact in read_passage(p).facts]
    ours = [figure for fact in stated for figure in figures_of(fact)][:_MOST_FIGURES]
    theirs = [figure for fact in given(case) for figure in figures_of(fact)][:_MOST_FIGURES]
    theirs = [figure._replace(is_theirs=True) for figure in (*theirs, *_bare_days(case))]
    known = [*ours, *theirs]
    counts = [*_counts(case, passages), *_nights(theirs)]
    sums: dict[Fact, tuple[Figure, ...]] = {}
    for fact in case.facts:
        is_known = any(agrees(fact, other) for other in stated)
        of = None if is_known else _of(case, fact, known, counts)
        if of and _is_rivalled(case, fact, stated) and all(one.is_theirs for one in of):
            of = None
        if of:
            sums[fact] = of
            counts += _written_amounts(case, fact)
        is_theirs_too = bool(of) or _is_given(case, fact) or _is_example(case, fact)
        if is_known or is_theirs_too:
            known += (f._replace(is_theirs=is_theirs_too) for f in figures_of(fact))
    used = [figure.fact for of in sums.values() for figure in of]
    return frozenset(
        fact
        for fact in case.facts
        if fact in sums or any(fact == one or agrees(fact, one) for one in used)
    )


def _reckons_with_theirs(
    case: Case, sentence: Sentence, passages: Sequence[Passage], sums: frozenset[Fact]
) -> frozenset[Fact]:
    """Return the measures of a sentence that reckons on with a figure of the customer's.

    « À 7 minutes par kilomètre, 21,1 km font un peu moins de 2 h 28 » : what is beyond everyday
    sums, rounded or in another unit, only a reader can check; nobody else gave these figures.
    """
    if not _RECKONS.search(case.folded_of(sentence)):
        return frozenset()
    stated = [fact for p in passages for fact in read_passage(p).facts]
    own = [
        fact
        for fact in case.facts
        if sentence.start <= fact.start < sentence.end
        and fact.kind in _MEASURES
        and not any(agrees(fact, other) for other in stated)
    ]
    if any(_is_given(case, fact) and _is_rivalled(case, fact, stated) for fact in own):
        return frozenset()
    before = [fact for fact in case.facts if fact.start < sentence.end]
    has_theirs = any(
        fact in sums or (_is_given(case, fact) and not _is_small(fact))
        for fact in before
        if not any(agrees(fact, other) for other in stated)
    )
    return frozenset(own) if has_theirs else frozenset()


def _is_rivalled(case: Case, fact: Fact, stated: Sequence[Fact]) -> bool:
    """Whether the passages have another figure of its unit that the reply keeps to itself.

    « Oui, donc 20 € », to « c'est bien 20 € ? », where the entry costs 25: our word, and no sum.
    """
    units = {figure[:2] for figure in figures_of(fact)}
    told = given(case)
    rivals = [
        other
        for other in stated
        if not units.isdisjoint(figure[:2] for figure in figures_of(other))
        and not any(agrees(one, other) for one in told)
    ]
    return bool(rivals) and not any(agrees(mine, other) for mine in case.facts for other in rivals)


def _is_small(fact: Fact) -> bool:
    """« Pour vous deux » is no figure to reckon from that makes an invented price a sum."""
    return fact.kind is FactKind.NUMBER and float(fact.value) <= _SMALL


def _of(
    case: Case, fact: Fact, known: Sequence[Figure], counts: Sequence[Figure]
) -> tuple[Figure, ...] | None:
    if _is_for_each_counted(case, fact):
        return None
    is_total = TOTAL_BEFORE.search(case.folded[: fact.start]) or TOTAL_AFTER.match(
        case.folded[fact.end :]
    )
    return follows_from(fact, known, counts, is_total=is_total is not None)


def _counts(case: Case, passages: Sequence[Passage]) -> list[Figure]:
    """Return by what an amount may be multiplied, the customer's counts first."""
    text = "\n".join((case.folded, fold(case.message), *(read_passage(p).folded for p in passages)))
    found = [
        figure._replace(is_theirs=True)
        for figure in _counted_in(case.message, case.lang, case.message_facts)
    ]
    found += _counted_in(case.text, case.reply_lang, case.facts)
    for passage in passages:
        facts = find_facts(passage.answer, passage.lang)
        found += _counted_in(passage.answer, passage.lang, facts)
    found = list({figure.value: figure for figure in reversed(found)}.values())[-_MOST_COUNTS:]
    rates = (size for size, one, other in _RATES if one.search(text) and other.search(text))
    return [*found, *(_count(size, 0, 0) for size in rates)]


def _counted_in(text: str, lang: Language, facts: Sequence[Fact]) -> list[Figure]:
    """The numbers of a text but those of its prices, dates and hours."""
    taken = [(fact.start, fact.end) for fact in facts if fact.kind in _NO_COUNTS]
    return [
        _count(float(numeral.value), numeral.start, numeral.end)
        for numeral in find_numerals(text, lang)
        if 1 < numeral.value <= _LARGEST_COUNT
        and not any(start <= numeral.start < end for start, end in taken)
    ]


def _written_amounts(case: Case, fact: Fact) -> list[Figure]:
    """« … 3 kg de trop, à 10 € le kilo : 30 € » : what was reckoned may be a count of the next."""
    if fact.kind in _NO_COUNTS:
        return []
    numerals = find_numerals(case.text[fact.start : fact.end], case.reply_lang)
    found = (_count(float(n.value), fact.start, fact.end) for n in numerals if n.value > 1)
    return [figure._replace(is_theirs=True) for figure in found]


def _count(value: float, start: int, end: int) -> Figure:
    return Figure(Sort.AMOUNT, COUNT, value, Fact(FactKind.NUMBER, f"{value:g}", start, end))


def _is_for_each_counted(case: Case, fact: Fact) -> bool:
    """« 24 € par adulte » for two adults is the price of both, and of neither."""
    after = case.folded[fact.end : fact.end + 2 * _NEXT_WORDS]
    one = PER_ONE.match(after)
    if fact.kind is not FactKind.MONEY or one is None:
        return False
    noun = next(iter(stems(after[one.end() :])), "")
    return noun not in _PERIODS and any(
        (counted := _COUNTED_THING.match(text, numeral.end)) and noun in stems(counted[1])
        for text, lang in ((fold(case.message), case.lang), (case.folded, case.reply_lang))
        for numeral in find_numerals(text, lang)
    )


def _is_given(case: Case, fact: Fact) -> bool:
    """Whether the customer gave a figure, a price or an hour also as a bare number.

    « Mon forfait à 12,99 », "from 8".
    """
    if is_theirs(case, fact):
        return True
    amount = fact.value.partition(" ")[0]
    if fact.kind is FactKind.TIME:
        amount = amount.removesuffix(":00").lstrip("0")
    elif fact.kind is not FactKind.MONEY:
        return False
    return any(one.kind is FactKind.NUMBER and one.value == amount for one in given(case))


def _is_example(case: Case, fact: Fact) -> bool:
    sentence = next(s for s in case.sentences if s.start <= fact.start < s.end)
    is_case = _IN_A_CASE.search(case.folded[: fact.start]) is not None
    return is_case or _AS_EXAMPLE.search(case.folded_of(sentence)) is not None


def _nights(theirs: Sequence[Figure]) -> list[Figure]:
    """How many nights lie between the days that the customer gave."""
    days = sorted(figure.value for figure in theirs if figure.sort is Sort.DAY)
    apart = {later - day for day, later in pairwise(days) if 1 < later - day <= _LONGEST_STAY}
    return [_count(nights, 0, 0)._replace(is_theirs=True) for nights in apart]


def _bare_days(case: Case) -> list[Figure]:
    """« Arrivée le 12 juillet, départ le 19 » : the second is of the month of the first."""
    days = [f for f in given(case) if f.kind is FactKind.DATE and _DAY.search(f.value)]
    if not days:
        return []
    month = _DAY.sub("", days[0].value)
    bare = (found[1] for found in _BARE_DAY.finditer(fold(case.message)))
    facts = (days[0]._replace(value=f"{month}-{int(day):02}") for day in bare)
    return [figure for fact in facts for figure in figures_of(fact)]
