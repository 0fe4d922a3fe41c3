"""What a sentence of a reply states and what a passage holds, cut for comparison."""

import re
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.case import Case
from agent.steps.check.families import held
from agent.steps.check.grounding.pieces import Part, spans
from agent.steps.check.grounding.polarity import Clause
from agent.steps.check.guide import Guide
from agent.steps.check.words import stems
from knowledge.passages import Audience, Language, Passage
from knowledge.text.facts import Fact, find_facts
from knowledge.text.normalise import fold
from knowledge.text.sentences import split

_CLAUSE_ENDS = re.compile(
    r"[;:()]|,(?= (?:not|non|sauf|hors|pas|sans|without|no)\b)"
    r"|\b(?:mais|but|sauf|except|tandis que|whereas|alors que|while|pour (?=ne)|so that)\b"
    r"|,? (?:so|donc|therefore|par consequent)\b"
    r"|(?:^|(?<=[.;:] ))(?:si|if|when|lorsque|quand|en cas)\b[^,]*,"
)
_ANSWER = re.compile(
    r"^\s*(?:oui\b[ ,]*|non\b(?: ?[,:] *| (?=(?:nous|vous|ils?|elles?|on|les?|la|ce|c'est)\b))"
    r"|(?:yes|no)\b ?, *"
    r"|(?:we|it|they|you|there) (?:do|does|is|are|can|will|have|has)(?:n't| not)?\b ?, *)"
)
_MARKUP = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_FEWEST_NEAR = 2
_CLOSING = re.compile(
    r"\b(?:ferm(?:e|ent|ons|era|erons)|(?:closes?|shuts?|closing|fermeture))"
    r"(?= (?:ses portes |its doors )?(?:a|at|vers|around) (?:\d|midi|minuit|noon|midnight))"
)
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

    def is_owned(self, fact: Fact) -> bool:
        """Return whether the customer wrote the figure too; an age also as a bare number."""
        amount, _, unit = fact.value.partition(" ")
        years = f"{int(amount) // 12}" if unit == "month" and amount.isdigit() else ""
        return fact.value in self.owned or years in self.owned

    def placed(self, fact: Fact) -> Fact:
        """Return a fact at the place where `folded` states it; « 28 € » is not in « 280 € »."""
        words = self.words_of(fact)
        found = _literal(words).search(self.folded) if words else None
        return fact._replace(start=found.start(), end=found.end()) if found else fact

    def words_with(self, fact: Fact) -> tuple[frozenset[str], ...]:
        """Return the words that say what a fact is of: the claim's, and its stretch's if enough."""
        at = self.placed(fact).start
        stretches = [(a, b) for a, b in spans(self.folded, self.written) if a <= at < b]
        near = frozenset(s for a, b in stretches for s in stems(self.folded[a:b])) & self.stems
        return (self.stems, near) if len(near) >= _FEWEST_NEAR else (self.stems,)

    def around(self, fact: Fact) -> tuple[str, str]:
        """Return what the claim says before and after the words that state a fact of it."""
        words = self.words_of(fact)
        found = _literal(words).search(self.folded) if words else None
        ends = found.span() if found else (len(self.folded), len(self.folded))
        return self.folded[: ends[0]], self.folded[ends[1] :]


@lru_cache(maxsize=2048)
def _literal(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,]){re.escape(words)}(?![\d])")


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
def clauses(folded: str) -> tuple[Clause, ...]:
    """Return the clauses of a folded text without the yes or no that opens them."""
    pieces = (_ANSWER.sub("", piece) for piece in _CLAUSE_ENDS.split(folded))
    return tuple(Clause(piece, frozenset(stems(piece))) for piece in pieces if piece.strip())


def _part(text: str, lang: Language) -> Part:
    folded = without_closing(fold(text))
    return Part(text, folded, frozenset(stems(folded)), find_facts(text, lang))


def without_closing(folded: str) -> str:
    """Return a folded text, as long, without the verb of « ferme à 19 h 30 »: it denies nothing.

    What closes at an hour is open until then, and no contrary of « ouvert jusqu'à 19 h 30 ».
    """
    return _CLOSING.sub(lambda found: " " * len(found[0]), folded)


def share_of(words: frozenset[str], source: frozenset[str], guide: Guide) -> float:
    """Return the share of the weight of `words` that `source` holds; no words: all of it."""
    if not words:
        return 1.0
    total = sum(guide.weight(word) for word in words)
    return sum(guide.weight(word) for word in held(words, source)) / total


def usable_passages(case: Case) -> tuple[Passage, ...]:
    """Return the passages that may be cited there and then."""
    given = case.subject.passages or ()
    return tuple(
        passage
        for passage in given
        if (case.day is None or passage.is_in_force(case.day))
        and not (case.is_public and passage.audience is Audience.PRIVATE)
    )
