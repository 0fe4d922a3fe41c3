"""One reply read once: every rule looks at the same sentences, facts, signals and ledger."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from agent.domain.brand.identity import Situation
from agent.domain.brand.policies import ChannelPolicy
from agent.domain.channels import ChannelLimits
from agent.domain.checks import CheckSubject
from agent.domain.counting import find_emoji
from agent.domain.messages import Surface, ThreadEntry
from agent.steps.check.grounding.line import GroundedLine
from agent.steps.check.grounding.promises import Promise, find_promises
from agent.steps.check.guide import Guide
from agent.steps.check.signals import CRISIS, HARM, Signal, read_signals
from knowledge.passages import Language
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import find_facts
from knowledge.text.language import detect
from knowledge.text.normalise import fold
from knowledge.text.numerals import find_numerals
from knowledge.text.sentences import Sentence, split

_QUOTES = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"\n]{2,}\"|(?<!\w)'[^'\n]{2,}'(?!\w)")
_SHOWN = re.compile(r"[^ ]+")
_SURE = 0.55
_LARGEST_COUNT = 60
_NO_POLICY = ChannelPolicy()
_MOST_READ = 6000
"""Characters of a message, or of a reply whose language is in question, that are read."""


class _Heard:
    """The customer's message, read once however many replies to it are checked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.folded = fold(text)

    @cached_property
    def detected(self) -> tuple[Language, float]:
        return detect(self._text)

    @property
    def lang(self) -> Language:
        found, confidence = self.detected
        return found if confidence >= _SURE else Language.UNKNOWN

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return find_facts(self._text, self.lang)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        return _whole_numbers(self._text, self.lang)

    @cached_property
    def without_links(self) -> str:
        return _without_links(self.folded, self.facts)


@lru_cache(maxsize=64)
def _heard(text: str) -> _Heard:
    return _Heard(text)


def _whole_numbers(text: str, lang: Language) -> tuple[int, ...]:
    values = (numeral.value for numeral in find_numerals(text, lang))
    return tuple(dict.fromkeys(int(v) for v in values if v % 1 == 0 and 1 < v <= _LARGEST_COUNT))


def _without_links(text: str, facts: Sequence[Fact]) -> str:
    """Return `text` with links and addresses blanked out, as long as before."""
    for fact in facts:
        if fact.kind in (FactKind.URL, FactKind.EMAIL):
            text = text[: fact.start] + " " * (fact.end - fact.start) + text[fact.end :]
    return text


@dataclass
class Case:
    """A subject with what rules derive from it. Offsets of every view are offsets in the reply."""

    subject: CheckSubject
    guide: Guide
    limits: ChannelLimits | None
    lines: Sequence[GroundedLine] = field(default_factory=tuple)
    """The ledger, set before the first rule runs."""

    @property
    def text(self) -> str:
        """The reply."""
        return self.subject.reply

    @property
    def is_public(self) -> bool:
        """Whether others than the customer can read it (reviews included)."""
        return self.subject.surface is not Surface.PRIVATE

    @cached_property
    def folded(self) -> str:
        """The reply in lower case, without accents, same length."""
        return fold(self.text)

    @cached_property
    def bare(self) -> str:
        """`folded` with quotations, links and proper names blanked out."""
        blanked = _without_links(_QUOTES.sub(_blank, self.folded), self.facts)
        pattern = self.guide.name_pattern
        return pattern.sub(_blank, blanked) if pattern else blanked

    def own_words_of(self, sentence: Sentence) -> str:
        """Return a sentence as written, with what `bare` blanks out blanked."""
        return _shown(sentence.text, self.bare[sentence.start : sentence.end])

    @cached_property
    def _heard(self) -> "_Heard":
        return _heard(self.subject.message[:_MOST_READ])

    @property
    def message(self) -> str:
        """The customer's message, folded; of a very long one, its beginning."""
        return self._heard.folded

    @cached_property
    def lang(self) -> Language:
        """The language the reply should be in."""
        if self.subject.lang is not Language.UNKNOWN:
            return self.subject.lang
        return self._heard.detected[0]

    @cached_property
    def reply_lang(self) -> Language:
        """The language the reply is in; `UNKNOWN` makes rules look at both."""
        found, confidence = detect(self.text[:_MOST_READ])
        if found is not Language.UNKNOWN and (found is self.lang or confidence >= _SURE):
            return found
        return Language.UNKNOWN if found is not Language.UNKNOWN else self.lang

    @property
    def message_lang(self) -> Language:
        """The language the message is in; `UNKNOWN` makes cues of both count."""
        return self._heard.lang

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the reply."""
        return split(self.text)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The comparable facts of the reply."""
        return find_facts(self.text, self.reply_lang)

    @property
    def message_facts(self) -> tuple[Fact, ...]:
        """The comparable facts of the message."""
        return self._heard.facts

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many of something the message, then the reply, speak of: whole numbers from two."""
        return tuple(
            dict.fromkeys((*self._heard.counts, *_whole_numbers(self.text, self.reply_lang)))
        )

    @cached_property
    def promises(self) -> list[Promise]:
        """The promises of the reply, by position."""
        return find_promises(self.folded, self.reply_lang)

    def promise_in(self, sentence: Sentence) -> Promise | None:
        """Return the first promise of one sentence."""
        starts = range(sentence.start, sentence.end)
        return next((promise for promise in self.promises if promise.start in starts), None)

    @cached_property
    def product_spans(self) -> list[tuple[int, int]]:
        """Spans of the brand's product names."""
        names = self.guide.product_pattern
        return [match.span() for match in names.finditer(self.folded)] if names else []

    @cached_property
    def emoji(self) -> list[tuple[int, int]]:
        """Spans of the emoji of the reply."""
        return find_emoji(self.text)

    @cached_property
    def signals(self) -> frozenset[Signal]:
        """What the message is about."""
        return read_signals(self.subject, self._heard.without_links, self.message_lang)

    @property
    def is_complaint(self) -> bool:
        """Whether the customer is unhappy, and not merely mixed praise."""
        return Signal.COMPLAINT in self.signals

    @property
    def is_grave(self) -> bool:
        """Whether somebody may be hurt or a crisis may be starting."""
        return bool(self.signals & (HARM | CRISIS))

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """The guide's situations that apply to the message."""
        names = {signal.value for signal in self.signals}
        names |= {"crisis"} if self.is_grave else set()
        triage = self.subject.triage
        categories = {category.value for category in triage.categories()} if triage else set()
        return tuple(
            situation
            for situation in self.guide.policy.situations
            if (categories & set(situation.categories)) or (not triage and situation.id in names)
        )

    @cached_property
    def channel(self) -> ChannelPolicy:
        """What the brand does on this network."""
        return self.guide.policy.channels.get(self.subject.channel, _NO_POLICY)

    @cached_property
    def own_entries(self) -> tuple[ThreadEntry, ...]:
        """What we already said in the thread."""
        return tuple(e for e in self.subject.thread if self.guide.is_own_author(e.author))

    @cached_property
    def day(self) -> date | None:
        """The day on which passages must be in force; None: not known."""
        return self.subject.now.date() if self.subject.now else None

    def folded_of(self, sentence: Sentence) -> str:
        """Return the folded words of one sentence."""
        return self.folded[sentence.start : sentence.end]

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence that holds `offset`."""
        return next((s for s in self.sentences if s.start <= offset < s.end), None)


def _shown(text: str, bare: str) -> str:
    """Return `text` with a space wherever `bare` has one."""
    shown, end = [], 0
    for kept in _SHOWN.finditer(bare):
        shown += [" " * (kept.start() - end), text[kept.start() : kept.end()]]
        end = kept.end()
    return "".join(shown) + " " * (len(text) - end)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
