"""Whether a passage says the opposite of a claim, and how surely."""

import re
from collections.abc import Sequence
from enum import StrEnum

from agent.steps.check.families import held
from agent.steps.check.grounding.brackets import gives_outcome_of_another
from agent.steps.check.grounding.denials import says_contrary
from agent.steps.check.grounding.exclusions import (
    adds_to_what_is_only,
    includes_what_is_left_out,
    start_of_exception,
)
from agent.steps.check.grounding.extremes import knows_no_limit
from agent.steps.check.grounding.labels import gives_value_of_another
from agent.steps.check.grounding.outcomes import FREE, outcomes_in
from agent.steps.check.grounding.pieces import Part, part_spans
from agent.steps.check.grounding.polarity import (
    Clause,
    are_opposed,
    denied_stems,
    is_negated,
    opposes,
)
from agent.steps.check.grounding.reading import Claim, PassageText, clauses, share_of
from agent.steps.check.grounding.sides import takes_other_side, takes_same_side
from agent.steps.check.grounding.stakes import may_harm
from agent.steps.check.grounding.things import gives_figure_of_another, gives_one_value_to_all
from agent.steps.check.guide import Guide
from agent.steps.check.phrases import phrases
from agent.steps.check.words import stems
from knowledge.passages import Language
from knowledge.text.facts import agrees

_SAME_CLAUSE = 0.6
_MOST = 0.8
_NEARLY_ALL = 0.85
_FEWEST_STEMS = 2
_AGREEING = 0.4
SURE = 0.6
"""Share of the words of a clause that a contradiction must share: see `benchmarks.x3_curve`."""
MOST = 0.8
SURE_OF_LIMIT = 0.5
_SHORT = 4
_DENIES_TWICE = re.compile(
    r"\b(?:n'|ne )(?:\w+ )?(?:empech|interdi|exclu)\w* (?:pas|rien|en rien)\b"
    r"|(?:n't|not|never) (?:stop|prevent|keep|rule|forbid|exclude)\w*\b"
)
""" "It doesn't stop you": a denial that affirms."""
_ANSWERS_WITH_CASE = re.compile(
    r"\s*(?:(?:no|non|yes|oui)\b ?,? ?)?(?:not|pas|sauf|only|seulement) "
    r"(?:if|when|unless|before|after|until|once|si|quand|tant qu|avant|apres|lorsqu|en cas)\b"
)
"""What is denied stands in the question, not in the reply: « Non, pas si vous annulez avant. »"""
_FOR_ALL = re.compile(
    r"\b(?:pour (?:tous|toutes|tout le monde|chacun)|a tous|for (?:all|every\w*|any\w*))\b"
)
_DENIED_FIGURE = re.compile(
    r"(?:\b(?:pas|not|non)|n't)\b(?: \w+){0,2}? [€£$]?(\d+(?:[.,]\d+)?)(?![\d.,])"
)
_ALL_OF_THEM = re.compile(
    r"\b(?:tous (?:nos|les|vos)(?! (?:jours|mois|ans|deux))|toutes (?:nos|les|vos)(?! semaines)"
    r"|tout le monde|all (?:our|the(?! (?:way|best|time))|of)|everyone|everybody|any of|whichever"
    r"|quel(?:le)?s? que)\b"
)
_OTHERS = re.compile(r"\b(?:autres?|others?|the rest|le reste)\b")
""" « Les représentations du jeudi sont surtitrées. Les autres ne le sont pas. »"""
_FOR_ANY = re.compile(r"\b(?:any|quiconque|whoever|toute personne|tout \w+)\b")
_FOR_SOME = re.compile(
    r"\b(?:pour (?:les|nos|une?|des) |aux |for (?:the |our |those |an? )?)[a-z]{3,}"
)

_CONTRASTS = re.compile(
    r"\b(?:mais|but|tandis que|alors que|while|whereas|though|par contre|en revanche|however)\b"
)
_REFUSES = re.compile(r"\b(?:refus|interdi|exclu|forbid|prohibit)\w*")
_DENIES_A_CASE = re.compile(
    r"\W*(?:sans|without|faute de|failing)\b[^,]+,.*\b(?:ne |n'|not\b|no\b|\w+n't)"
)
""" « Sans antivol, le vol n'est pas couvert »: two denials that state a condition."""


class Opposition(StrEnum):
    """How surely a passage says the opposite of a claim; `UNSURE` is a person's to judge."""

    NONE = "none"
    UNSURE = "unsure"
    SURE = "sure"


def opposition(claim: Claim, source: PassageText, guide: Guide) -> Opposition:
    """Return whether the passage says the opposite of the claim, and whether that is sure.

    A figure of another thing and the other side of a rule are sure. Of what is denied, only what
    shares most of its words with the passage is, or what may harm somebody: on pairs that no
    wording here was made for, one such finding in two was wrong.
    """
    if claim.folded.strip(" .!") in source.folded:
        return Opposition.NONE
    if _gives_what_is_of_another(claim, source):
        return Opposition.SURE
    if takes_other_side(claim.folded, source.parts, claim.lang):
        is_unsure = _are_both_contrasts(claim, source) or _DENIES_A_CASE.match(claim.folded)
        return Opposition.UNSURE if is_unsure else Opposition.SURE
    if not is_negated(claim.folded, claim.lang) and knows_no_limit(
        claim.folded, claim.stems, source.parts
    ):
        return Opposition.SURE
    if _adds_to_what_is_only(claim, source):
        return Opposition.UNSURE
    if takes_same_side(claim.folded, source.parts, claim.lang):
        return Opposition.NONE
    is_denied = says_contrary(claim.folded, source.parts, claim.lang)
    if not is_denied and not _says_opposite(claim, source, guide):
        return Opposition.NONE
    if _is_half_agreed(claim, source, guide) or _are_both_free(claim, source):
        return Opposition.UNSURE
    if _are_both_contrasts(claim, source) or _DENIES_A_CASE.match(claim.folded):
        return Opposition.UNSURE
    is_sure = may_harm(claim.folded) or _is_strong(claim, source, guide)
    return Opposition.SURE if is_sure else Opposition.UNSURE


def _gives_what_is_of_another(claim: Claim, source: PassageText) -> bool:
    """Whether a figure, a value or the price of a bracket is not the one that the passage has."""
    return (
        _gives_value_of_another(claim, source)
        or gives_figure_of_another(claim.folded, claim.fact_words, source.parts)
        or gives_one_value_to_all(claim.folded, claim.fact_words, source.parts)
        or gives_outcome_of_another(claim.folded, claim.lang, source.parts)
    )


def _adds_to_what_is_only(claim: Claim, source: PassageText) -> bool:
    is_denied = is_negated(claim.folded, claim.lang)
    return adds_to_what_is_only(claim.folded, is_denied, [part.folded for part in source.parts])


def _gives_value_of_another(claim: Claim, source: PassageText) -> bool:
    is_denied = is_negated(claim.folded, claim.lang)
    return not is_denied and gives_value_of_another(claim.folded, claim.stems, source.parts)


def _are_both_free(claim: Claim, source: PassageText) -> bool:
    """Whether both say that something costs nothing: "no fee applies" and "free of charge"."""
    texts = (claim.folded, source.folded)
    return is_negated(claim.folded, claim.lang) and all(
        any(f.value == FREE for f in outcomes_in(folded)) for folded in texts
    )


def _are_both_contrasts(claim: Claim, source: PassageText) -> bool:
    """Whether both affirm one thing and deny another: « X, mais pas Y » beside « Y : refusé »."""
    if not _CONTRASTS.search(claim.folded) or not is_negated(claim.folded, claim.lang):
        return False
    denials = [
        is_negated(part.folded, claim.lang) or _REFUSES.search(part.folded) is not None
        for part in source.parts
    ]
    return any(denials) and not all(denials)


def _is_strong(claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether what differs is nearly all that differs."""
    if _DENIES_TWICE.search(claim.folded):
        return False
    if _includes_what_is_left_out(claim, source) or _overstates(claim, source):
        return share_of(claim.stems, source.stems, guide) >= SURE_OF_LIMIT
    theirs = [clause for part in source.parts for clause in clauses(part.folded)]
    return any(
        _shares_most(ours, other, len(claim.stems))
        for ours in clauses(claim.folded)
        for other in theirs
        if opposes(ours, other, claim.lang)
    )


def _shares_most(ours: Clause, other: Clause, length: int) -> bool:
    """Whether our clause is in theirs, or, in a short sentence, theirs in ours."""
    shared = len(held(ours.stems, other.stems))
    if shared >= MOST * len(ours.stems):
        return True
    return length <= _SHORT and shared >= len(other.stems)


def _is_half_agreed(claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether the contradiction is of words alone, and a clause of the passage says the claim."""
    if claim.facts or phrases("grounding.quality").search(claim.folded, claim.lang):
        return False
    if _includes_what_is_left_out(claim, source) or _overstates(claim, source):
        return False
    ours = Clause(claim.folded, claim.stems)
    theirs = (clause for part in source.parts for clause in clauses(part.folded))
    return any(
        not opposes(ours, other, claim.lang) and share_of(claim.stems, other.stems, guide) >= _MOST
        for other in theirs
    )


def _says_opposite(claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether a clause of the claim has the words of a clause of the passage and denies it."""
    theirs = [clause for part in source.parts for clause in clauses(part.folded)]
    if _ANSWERS_WITH_CASE.match(claim.folded):
        return False
    if _includes_what_is_left_out(claim, source):
        return True
    if _says_the_same(claim, source, guide):
        return False
    if _overstates(claim, source):
        return True
    return any(_is_opposed(clause, theirs, claim.lang, guide) for clause in clauses(claim.folded))


def contradicts(folded: str, earlier: str, lang: Language, guide: Guide) -> bool:
    """Return whether a folded sentence says the opposite of an earlier one on the same matter."""
    theirs = clauses(earlier)
    return any(_is_opposed(clause, theirs, lang, guide) for clause in clauses(folded))


def _says_the_same(claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether the passage says the claim nearly word for word, with the same denials and limits."""
    denied = denied_stems(claim.folded, claim.lang)
    limited = phrases("grounding.universal").search(claim.folded, claim.lang) is not None
    return any(
        share_of(claim.stems, part.stems, guide) >= _NEARLY_ALL
        and denied_stems(part.folded, claim.lang) & claim.stems == denied & part.stems
        and (not limited or phrases("grounding.universal").search(part.folded, claim.lang))
        for part in source.parts
    )


def _overstates(claim: Claim, source: PassageText) -> bool:
    """« tous », "always", "no conditions" where the passage on that matter limits or denies."""
    universal = phrases("grounding.universal").search(claim.folded, claim.lang)
    if universal is None or phrases("grounding.limit").search(claim.folded, claim.lang):
        return False
    words = claim.stems
    if _FOR_ALL.search(claim.folded) and _is_for_some(claim, source):
        return True
    if _ALL_OF_THEM.search(claim.folded) and not _OTHERS.search(claim.folded):
        shared = [part for part in source.parts if len(words & part.stems) >= _FEWEST_STEMS]
        if shared and any(_OTHERS.search(part.folded) for part in source.parts):
            return True
    return any(
        len(words & part.stems) >= min(_FEWEST_STEMS, len(words), max(1, len(part.stems) - 1))
        and _limits(part, words, claim.lang)
        and phrases("grounding.universal").search(part.folded, claim.lang) is None
        and not _FOR_ANY.search(part.folded)
        for part in source.parts
    )


def _limits(part: Part, words: frozenset[str], lang: Language) -> bool:
    """Whether a part limits what the words are of; a denial limits its own stretch only."""
    limit = phrases("grounding.limit").search(part.folded, lang)
    if limit is None:
        return False
    stretches = [part.folded[start:end] for start, end in part_spans(part)]
    return any(
        phrases("grounding.limit").search(stretch, lang) is not None
        and (not is_negated(stretch, lang) or words & frozenset(stems(stretch)))
        for stretch in stretches
    )


def _includes_what_is_left_out(claim: Claim, source: PassageText) -> bool:
    is_denied = is_negated(claim.folded, claim.lang)
    if any(_states_the_exception(claim, part) for part in source.parts):
        return False
    parts = (part.folded for part in source.parts)
    return includes_what_is_left_out(claim.folded, is_denied, tuple(parts))


def _states_the_exception(claim: Claim, part: Part) -> bool:
    """« Gratuit, sauf en cas de perte : 25 € »: a figure that only the exception has."""
    at = start_of_exception(part.folded)
    outcome = part.folded.find(":", at) if at is not None else -1
    if outcome < 0 or not claim.facts:
        return False
    after = [known for known in part.facts if known.start > outcome]
    return all(any(agrees(fact, known) for known in after) for fact in claim.facts)


def _is_for_some(claim: Claim, source: PassageText) -> bool:
    """ "Free for everyone", where the passage says free, and for whom."""
    quality = phrases("grounding.quality").search(claim.folded, claim.lang)
    return quality is not None and any(
        quality[0].split()[-1] in part.folded
        and _FOR_SOME.search(part.folded) is not None
        and _FOR_ALL.search(part.folded) is None
        for part in source.parts
    )


def _is_opposed(clause: Clause, theirs: Sequence[Clause], lang: Language, guide: Guide) -> bool:
    if len(clause.stems) < _FEWEST_STEMS or _denies_a_wrong_figure(clause, theirs):
        return False
    near = [other for other in theirs if _is_near(clause, other, lang, guide)]
    if not near or not all(opposes(clause, other, lang) for other in near):
        return False
    agreeing = (other for other in theirs if not opposes(clause, other, lang))
    return not any(_shares_enough(clause, other) for other in agreeing)


def _denies_a_wrong_figure(clause: Clause, theirs: Sequence[Clause]) -> bool:
    """« La limite n'est pas de 3 kW », where the passage has 3,6: the customer is put right."""
    denied = _DENIED_FIGURE.search(clause.folded)
    return denied is not None and not any(
        re.search(rf"(?<![\d.,]){re.escape(denied[1])}(?![\d.,])", other.folded) for other in theirs
    )


def _shares_enough(clause: Clause, other: Clause) -> bool:
    shared = len(clause.stems & other.stems)
    return shared >= _FEWEST_STEMS and shared >= len(clause.stems) * _AGREEING


def _is_near(clause: Clause, other: Clause, lang: Language, guide: Guide) -> bool:
    if are_opposed(clause.stems, other.stems):
        shared = len(clause.stems & other.stems)
        return shared >= max(1.0, _SAME_CLAUSE * (min(len(clause.stems), len(other.stems)) - 1))
    if share_of(clause.stems, other.stems, guide) >= _SAME_CLAUSE:
        return True
    is_whole = share_of(other.stems, clause.stems, guide) >= _NEARLY_ALL and bool(other.stems)
    return is_whole and is_negated(other.folded, lang) and not is_negated(clause.folded, lang)
