"""Looks for the passage that carries a sentence: exact facts, enough words, same polarity."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.families import held
from agent.steps.check.grounding.bounds import is_within
from agent.steps.check.grounding.denials import says_contrary
from agent.steps.check.grounding.derived import Stated, is_derived, is_length_of
from agent.steps.check.grounding.equivalents import (
    days_named,
    has_same_figures,
    is_said_otherwise,
)
from agent.steps.check.grounding.exclusions import includes_what_is_left_out
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.grounding.polarity import (
    Clause,
    are_opposed,
    denied_stems,
    is_negated,
    opposes,
)
from agent.steps.check.grounding.things import gives_figure_of_another, is_comparable
from agent.steps.check.guide import Guide
from agent.steps.check.phrases import phrases
from agent.steps.check.words import stems
from knowledge.passages import Language, Passage
from knowledge.text.facts import Fact, FactKind, agrees, find_facts
from knowledge.text.normalise import fold
from knowledge.text.sentences import split

ENOUGH = 0.5
"""Share of a sentence's word weight that a passage must carry, when it states no exact fact."""
ENOUGH_WITH_FACTS = 0.3
_EACH_FACT = 0.5
"""Each further fact that the passage states too makes the words that must be shared fewer."""
_CLEARLY_BETTER = 0.25
_SOME = 0.2
_BARE_WITH_CONTACT = 4
_TELLING = frozenset({FactKind.PHONE, FactKind.EMAIL, FactKind.URL})
_SAME_CLAUSE = 0.6
_MOST = 0.8
_NEARLY_ALL = 0.85
_FEWEST_STEMS = 2
_AGREEING = 0.4
_CLAUSE_ENDS = re.compile(
    r"[;:()]|,(?= (?:not|non|sauf|hors|pas|sans|without|no)\b)"
    r"|\b(?:mais|but|sauf|except|tandis que|whereas|alors que|while|pour (?=ne)|so that)\b"
    r"|(?:^|(?<=[.;:] ))(?:si|if|when|lorsque|quand|en cas)\b[^,]*,"
)
_ANSWERS_WITH_CASE = re.compile(
    r"\s*(?:(?:no|non|yes|oui)\b ?,? ?)?(?:not|pas|sauf|only|seulement) "
    r"(?:if|when|unless|before|after|until|once|si|quand|tant qu|avant|apres|lorsqu|en cas)\b"
)
"""What is denied stands in the question, not in the reply: « Non, pas si vous annulez avant. »"""
_FOR_ALL = re.compile(
    r"\b(?:pour (?:tous|toutes|tout le monde|chacun)|a tous|for (?:all|every\w*|any\w*))\b"
)
_FOR_SOME = re.compile(
    r"\b(?:pour (?:les|nos|une?|des) |aux |for (?:the |our |those |an? )?)[a-z]{3,}"
)
_ANSWER = re.compile(
    r"^\s*(?:oui\b[ ,]*|non\b(?: ?[,:] *| (?=(?:nous|vous|ils?|elles?|on|les?|la|ce|c'est)\b))"
    r"|(?:yes|no)\b ?, *"
    r"|(?:we|it|they|you|there) (?:do|does|is|are|can|will|have|has)(?:n't| not)?\b ?, *)"
)
_MARKUP = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_EMPHASIS = re.compile(r"[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)")


class PassageText(NamedTuple):
    """A passage cut for comparison."""

    stems: frozenset[str]
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    folded: str


class Claim(NamedTuple):
    """What one sentence of a reply states."""

    folded: str
    stems: frozenset[str]
    facts: tuple[Fact, ...]
    lang: Language
    written: tuple[str, ...] = ()
    """The folded words of each fact."""
    counts: tuple[int, ...] = ()
    """The whole numbers, two or more, of the message and of the reply."""
    owned: frozenset[str] = frozenset()
    """Values of the facts that the customer wrote too."""

    @property
    def fact_words(self) -> tuple[tuple[Fact, str], ...]:
        """Each fact with the folded words that state it."""
        return tuple(zip(self.facts, self.written, strict=False))

    def words_of(self, fact: Fact) -> str:
        """Return the folded words that state a fact of the claim."""
        return dict(self.fact_words).get(fact, "")

    def around(self, fact: Fact) -> tuple[str, str]:
        """Return what the claim says before and after the words that state a fact of it."""
        before, _, after = self.folded.partition(self.words_of(fact) or "\0")
        return before, after


class Support(NamedTuple):
    """The best passage for a claim, and what is wrong with it if anything is."""

    passage: Passage | None = None
    share: float = 0.0
    missing: Fact | None = None
    """The first exact fact that no passage states."""
    is_opposed: bool = False
    """The passage says the opposite."""
    is_doubtful: bool = False
    """Of what says the opposite, another sentence of the passage agrees: only a reader can tell."""
    is_only_worded_otherwise: bool = False
    """It states every exact fact and shares some words, not enough of them to be sure."""


@lru_cache(maxsize=8192)
def read_passage(passage: Passage) -> PassageText:
    """Return the passage cut into sentences with their stems and facts."""
    answer = plain(f"{passage.answer}\n{passage.next_step or ''}\n{passage.link or ''}")
    parts = tuple(_part(s.text, passage.lang) for s in split(answer))
    question = _part(passage.question, passage.lang)
    facts = tuple(fact for part in (*parts, question) for fact in part.facts)
    words = question.stems.union(*(part.stems for part in parts)) if parts else question.stems
    return PassageText(words, facts, parts, fold(f"{passage.question}\n{answer}"))


def plain(markdown: str) -> str:
    """Return Markdown without its marks; a link keeps its words and its address."""
    return _EMPHASIS.sub("", _MARKUP.sub(r"\1 (\2)", markdown))


@lru_cache(maxsize=8192)
def _clauses(folded: str) -> tuple[Clause, ...]:
    pieces = (_ANSWER.sub("", piece) for piece in _CLAUSE_ENDS.split(folded))
    return tuple(Clause(piece, frozenset(stems(piece))) for piece in pieces if piece.strip())


def _part(text: str, lang: Language) -> Part:
    return Part(text, fold(text), frozenset(stems(text)), find_facts(text, lang))


def find_support(claim: Claim, passages: Sequence[Passage], guide: Guide) -> Support:
    """Return the passage that carries `claim`; without one, what the nearest lacks."""
    nearest = Support()
    for passage in passages:
        support = _compare(claim, passage, guide)
        if _rank(support) > _rank(nearest):
            nearest = support
    return nearest


def _is_reworded(claim: Claim, share: float) -> bool:
    """Whether facts that a passage states, all of them, outweigh how few words are shared."""
    return share >= _SOME or bool(claim.facts)


def _rank(support: Support) -> tuple[bool, bool, float, bool]:
    is_near = support.is_only_worded_otherwise
    return support.passage is not None, is_near, support.share, support.missing is not None


@lru_cache(maxsize=8192)
def _compare(claim: Claim, passage: Passage, guide: Guide) -> Support:
    source = read_passage(passage)
    fewest = _BARE_WITH_CONTACT if any(f.kind in _TELLING for f in claim.facts) else 1
    is_bare = bool(claim.facts) and len(claim.stems) <= fewest
    share = 1.0 if is_bare else _share(claim.stems, source.stems, guide)
    missing = next((f for f in claim.facts if not _is_stated(f, claim, source, guide)), None)
    if missing is not None:
        return Support(None, share, missing)
    needed = (
        ENOUGH_WITH_FACTS / (1 + _EACH_FACT * (len(claim.facts) - 1)) if claim.facts else ENOUGH
    )
    is_foreign = claim.lang is not passage.lang and Language.UNKNOWN not in (
        claim.lang,
        passage.lang,
    )
    if not is_foreign and _is_contradicted(claim, source, guide):
        return Support(share=share, is_opposed=True, is_doubtful=_is_split_on(claim, source, guide))
    if share < needed and not (is_foreign and claim.facts):
        return Support(None, share, is_only_worded_otherwise=_is_reworded(claim, share))
    return Support(passage, max(share, 0.01))


def _share(words: frozenset[str], source: frozenset[str], guide: Guide) -> float:
    """Share of the weight of `words` that `source` holds; no words: all of it."""
    if not words:
        return 1.0
    total = sum(guide.weight(word) for word in words)
    return sum(guide.weight(word) for word in held(words, source)) / total


def _is_stated(fact: Fact, claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether the passage states the fact, and about the same thing as the claim does."""
    if not any(agrees(fact, known) for known in source.facts):
        return _is_said_otherwise(fact, claim, source)
    rivals = [part for part in source.parts if _is_rival(part, fact, claim)]
    holders = [p for p in rivals if any(agrees(fact, known) for known in p.facts)]
    if not holders or len(rivals) == len(holders):
        return True
    best = max(_share(claim.stems, part.stems, guide) for part in holders)
    rival = max(_share(claim.stems, p.stems, guide) for p in rivals if p not in holders)
    return rival < best + _CLEARLY_BETTER


def _is_said_otherwise(fact: Fact, claim: Claim, source: PassageText) -> bool:
    if is_said_otherwise(fact, claim.folded, source.folded, source.facts):
        return True
    if has_same_figures(fact, claim.words_of(fact), source.folded, claim.facts):
        return True
    stretches = [Stated(part.folded, part.facts) for part in source.parts]
    if fact.value in claim.owned and not days_named(claim.folded) and is_within(fact, stretches):
        return True
    if fact.kind is FactKind.DURATION and is_length_of(fact, claim.facts, claim.around(fact)):
        return True
    return is_derived(fact, claim.around(fact), claim.counts, stretches)


def _is_rival(part: Part, fact: Fact, claim: Claim) -> bool:
    """A part with a fact of that kind, unless the claim takes up that fact as well."""
    same_kind = (known for known in part.facts if known.kind is fact.kind)
    alike = [known for known in same_kind if is_comparable(fact, known)]
    others = [known for known in alike if not agrees(fact, known)]
    is_taken_up = any(agrees(mine, known) for mine in claim.facts for known in others)
    return bool(alike) and not (is_taken_up and len(others) == len(alike))


def _is_contradicted(claim: Claim, source: PassageText, guide: Guide) -> bool:
    if claim.folded.strip(" .!") in source.folded:
        return False
    if gives_figure_of_another(claim.folded, claim.fact_words, source.parts):
        return True
    if says_contrary(claim.folded, source.parts, claim.lang):
        return True
    return _says_opposite(claim, source, guide)


def _is_split_on(claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether the contradiction is of words alone, and a clause of the passage says the claim."""
    if claim.facts or phrases("grounding.quality").search(claim.folded, claim.lang):
        return False
    if _includes_what_is_left_out(claim, source) or _overstates(claim, source):
        return False
    ours = Clause(claim.folded, claim.stems)
    theirs = (clause for part in source.parts for clause in _clauses(part.folded))
    return any(
        not opposes(ours, other, claim.lang) and _share(claim.stems, other.stems, guide) >= _MOST
        for other in theirs
    )


def _says_opposite(claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether a clause of the claim has the words of a clause of the passage and denies it."""
    theirs = [clause for part in source.parts for clause in _clauses(part.folded)]
    if _ANSWERS_WITH_CASE.match(claim.folded):
        return False
    if _includes_what_is_left_out(claim, source):
        return True
    if _says_the_same(claim, source, guide):
        return False
    if _overstates(claim, source):
        return True
    return any(_is_opposed(clause, theirs, claim.lang, guide) for clause in _clauses(claim.folded))


def contradicts(folded: str, earlier: str, lang: Language, guide: Guide) -> bool:
    """Return whether a folded sentence says the opposite of an earlier one on the same matter."""
    theirs = _clauses(earlier)
    return any(_is_opposed(clause, theirs, lang, guide) for clause in _clauses(folded))


def _says_the_same(claim: Claim, source: PassageText, guide: Guide) -> bool:
    """Whether the passage says the claim nearly word for word, with the same denials and limits."""
    denied = denied_stems(claim.folded, claim.lang)
    limited = phrases("grounding.universal").search(claim.folded, claim.lang) is not None
    return any(
        _share(claim.stems, part.stems, guide) >= _NEARLY_ALL
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
    return any(
        len(words & part.stems) >= min(_FEWEST_STEMS, len(words), max(1, len(part.stems) - 1))
        and phrases("grounding.limit").search(part.folded, claim.lang) is not None
        and phrases("grounding.universal").search(part.folded, claim.lang) is None
        for part in source.parts
    )


def _includes_what_is_left_out(claim: Claim, source: PassageText) -> bool:
    is_denied = is_negated(claim.folded, claim.lang)
    parts = (part.folded for part in source.parts)
    return includes_what_is_left_out(claim.folded, is_denied, tuple(parts))


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
    if len(clause.stems) < _FEWEST_STEMS:
        return False
    near = [other for other in theirs if _is_near(clause, other, lang, guide)]
    if not near or not all(opposes(clause, other, lang) for other in near):
        return False
    agreeing = (other for other in theirs if not opposes(clause, other, lang))
    return not any(_shares_enough(clause, other) for other in agreeing)


def _shares_enough(clause: Clause, other: Clause) -> bool:
    shared = len(clause.stems & other.stems)
    return shared >= _FEWEST_STEMS and shared >= len(clause.stems) * _AGREEING


def _is_near(clause: Clause, other: Clause, lang: Language, guide: Guide) -> bool:
    if are_opposed(clause.stems, other.stems):
        shared = len(clause.stems & other.stems)
        return shared >= max(1.0, _SAME_CLAUSE * (min(len(clause.stems), len(other.stems)) - 1))
    if _share(clause.stems, other.stems, guide) >= _SAME_CLAUSE:
        return True
    is_whole = _share(other.stems, clause.stems, guide) >= _NEARLY_ALL and bool(other.stems)
    return is_whole and is_negated(other.folded, lang) and not is_negated(clause.folded, lang)
