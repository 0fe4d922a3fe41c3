"""Builds the claim ledger: what stands behind each sentence of a reply."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.asides import EMERGENCY, is_never_a_claim
from agent.steps.check.grounding.backing import denies_passage, names_a_place_more
from agent.steps.check.grounding.causes import asserts, cause_of, is_echo, is_grave
from agent.steps.check.grounding.courtesy import (
    is_approved,
    is_courtesy,
    makes_claim,
    strip_greeting,
    unbacked_quality,
)
from agent.steps.check.grounding.line import A_SUM, Cause, GroundedLine
from agent.steps.check.grounding.promises import Promise, is_backed
from agent.steps.check.grounding.reading import (
    Claim,
    read_passage,
    usable_passages,
    without_closing,
)
from agent.steps.check.grounding.reasons import tells_unknown_cause
from agent.steps.check.grounding.reckoning import sums_in
from agent.steps.check.grounding.support import Support, find_support
from agent.steps.check.grounding.theirs import is_theirs_to_know
from agent.steps.check.guide import text_key
from agent.steps.check.phrases import phrases
from agent.steps.check.words import stems
from knowledge.passages import Passage
from knowledge.text.facts import Fact, FactKind, agrees
from knowledge.text.sentences import Sentence, split

_SMALL_SPELLED = 12
_A_PAIR = 2
_FOR_FREE = re.compile(r"\bne (?:vous |te )?(?:coute(?:nt|ra)?|paie?(?:rez)?) rien\b")
_FOR_FREE_EN = re.compile(
    r"\b(?:costs? (?:you )?nothing|(?:doesn't|does not) cost (?:\w+ )?anything)\b"
)
_NOT_YET = re.compile(
    r"^\W*(?:(?:non|no|helas|malheureusement|desoles?|sorry|unfortunately|i'm afraid not|not yet"
    r"|not (?:at the moment|for now|right now|just yet|any ?more|quite|exactly|only)"
    r"|pas encore(?! tout)"
    r"|pas (?:encore )?(?:tout a fait|exactement|vraiment|seulement)|presque|almost"
    r"|pas (?:pour|a) (?:le moment|l'instant|ce jour)|plus maintenant)\b[ ,]*)+"
    r"[:;,.] ?(?=\w+ \w+ \w+)"
)
_ELLIPSIS = re.compile(
    r"^\W*(?:(?:no|yes|non|oui)\b\W*)?(?:(?:it|they|we|you|that|there) (?:\w+n't|\w+ not)"
    r"|ce n'est (?:pas|plus)(?: le cas| possible)?) ?[:;,] "
)
""" "No, it isn't: …": what is denied stands in the question."""
_ANSWERS = frozenset({"oui", "non", "yes", "yep", "nope"})


def ground(case: Case) -> tuple[GroundedLine, ...]:
    """Return one line a sentence, in order."""
    passages = usable_passages(case)
    lines = tuple(_line(case, sentence, passages) for sentence in case.sentences)
    is_carried = any(line.passage is not None for line in lines)
    return tuple(line.settled(is_carried=is_carried) for line in lines)


def _line(case: Case, sentence: Sentence, passages: Sequence[Passage]) -> GroundedLine:
    if statement_id := _statement(case, sentence):
        return GroundedLine(sentence, LedgerStatus.SUPPORTED, statement_id=statement_id)
    if is_approved(case, sentence):
        return GroundedLine(sentence, LedgerStatus.COURTESY)
    promise = case.promise_in(sentence)
    facts = _facts_to_support(case, sentence, passages)
    is_kind = _is_kind(case, sentence, passages)
    if not facts and promise is None and is_kind:
        return GroundedLine(sentence, LedgerStatus.COURTESY)
    support = _verbatim(sentence, passages) or _find(case, sentence, facts, passages)
    if support.passage and _adds_quality(case, sentence, support.passage):
        if promise is None:
            return _with_a_quality_more(case, sentence)
        support = Support()
    if support.passage and (promise is None or _allows(case, sentence, support.passage, promise)):
        if names_a_place_more(case, sentence, passages):
            return _prose(sentence, "No passage names a place that this sentence names.")
        if _tells_unknown_cause(case, sentence, passages):
            return _prose(sentence, "No passage tells the cause that this sentence tells.")
        return GroundedLine(
            sentence, LedgerStatus.SUPPORTED, support.passage, is_promise=promise is not None
        )
    return _unsupported(case, sentence, facts, promise, support, passages)


def _prose(sentence: Sentence, reason: str) -> GroundedLine:
    """What a person must judge, and blocks nothing."""
    unsupported = LedgerStatus.UNSUPPORTED
    return GroundedLine(sentence, unsupported, reason=reason, cause=Cause.PROSE)


def _tells_unknown_cause(case: Case, sentence: Sentence, passages: Sequence[Passage]) -> bool:
    known = frozenset(stems(case.message)).union(*(read_passage(p).stems for p in passages))
    return tells_unknown_cause(case.folded_of(sentence), known)


def _with_a_quality_more(case: Case, sentence: Sentence) -> GroundedLine:
    """All that it says is carried but a quality: only one that may do harm, or a gift, blocks."""
    is_blocking = is_grave(case, sentence)
    return GroundedLine(
        sentence,
        LedgerStatus.UNSUPPORTED,
        reason="It lends the offer a quality that its passage does not.",
        is_blocking=is_blocking,
        cause=Cause.CLAIM if is_blocking else Cause.DOUBT,
    )


def _is_kind(case: Case, sentence: Sentence, passages: Sequence[Passage]) -> bool:
    """A courtesy, or a contact; no « nous ne reprenons pas X » where a passage takes X back."""
    if _gives_contact(case, sentence):
        return True
    return is_courtesy(case, sentence) and not denies_passage(case, sentence, passages)


def _find(
    case: Case, sentence: Sentence, facts: tuple[Fact, ...], passages: Sequence[Passage]
) -> Support:
    """« … en cochant la taille 41 »: a count of the customer's own needs no passage besides."""
    support = _support(case, sentence, facts, passages)
    if support.missing is None or not _is_their_count(case, support.missing, passages):
        return support
    others = tuple(fact for fact in facts if not _is_their_count(case, fact, passages))
    again = _support(case, sentence, others, passages)
    return again if again.passage else support


def _is_their_count(case: Case, fact: Fact, passages: Sequence[Passage]) -> bool:
    if fact.kind is not FactKind.NUMBER:
        return False
    if not any(agrees(fact, known) for known in case.message_facts):
        return False
    noun = next(iter(stems(case.text[fact.end : fact.end + 24])), "")
    return not any(_counts(passage, noun) for passage in passages)


def _support(
    case: Case, sentence: Sentence, facts: tuple[Fact, ...], passages: Sequence[Passage]
) -> Support:
    """Compare with offsets that start with the sentence: an approved one comes back elsewhere."""
    own = tuple(_moved(fact, -sentence.start) for fact in facts)
    support = find_support(_claim(case, sentence, facts, own), passages, case.guide)
    if support.missing is None:
        return support
    return support._replace(missing=_moved(support.missing, sentence.start))


def _moved(fact: Fact, by: int) -> Fact:
    return fact._replace(start=fact.start + by, end=fact.end + by)


def _verbatim(sentence: Sentence, passages: Sequence[Passage]) -> Support | None:
    """A passage's own sentence, word for word, whatever its neighbours say."""
    wanted = text_key(sentence.text)
    passage = next((p for p in passages if wanted in _sentence_keys(p.answer)), None)
    return Support(passage) if passage else None


@lru_cache(maxsize=8192)
def _sentence_keys(answer: str) -> frozenset[str]:
    return frozenset(text_key(sentence.text) for sentence in split(answer))


def _gives_contact(case: Case, sentence: Sentence) -> bool:
    """« Appelez le 15 » : a number or address everybody may be sent to, and no claim besides."""
    has_contact = any(
        (fact.kind, fact.value) in case.guide.contacts or fact.value in EMERGENCY
        for fact in case.facts
        if sentence.start <= fact.start < sentence.end
    )
    return has_contact and not makes_claim(case, sentence)


def _adds_quality(case: Case, sentence: Sentence, passage: Passage) -> bool:
    return unbacked_quality(case, sentence, read_passage(passage).folded) is not None


def _statement(case: Case, sentence: Sentence) -> str | None:
    """The approved statement, in force, that says this sentence."""
    ids = case.guide.statement_sentences.get(text_key(sentence.text), ())
    if not ids:
        return None
    by_id = {s.id: s for s in case.guide.pack.statements if s.id in ids}
    named = case.subject.statement_id
    for statement_id in sorted(by_id, key=lambda known: known != named):
        if case.day is None or by_id[statement_id].is_in_force(case.day):
            return statement_id
    return None


def _facts_to_support(
    case: Case, sentence: Sentence, passages: Sequence[Passage]
) -> tuple[Fact, ...]:
    """The facts of a sentence but public contacts, small spelled numbers and product names."""
    within = [fact for fact in case.facts if sentence.start <= fact.start < sentence.end]
    if not within:
        return ()
    spans = case.product_spans
    is_farewell = phrases("grounding.signoff").search(case.folded_of(sentence), case.reply_lang)
    return tuple(
        fact
        for fact in within
        if (fact.kind, fact.value) not in case.guide.contacts
        and not _is_small_spelled(case, fact, passages)
        and not (is_farewell and (fact.value.startswith("wd-") or _is_theirs(case, fact)))
        and not is_never_a_claim(case, fact)
        and not any(start <= fact.start < end for start, end in spans)
        and not _is_named_code(case, fact, passages)
    )


def _is_named_code(case: Case, fact: Fact, passages: Sequence[Passage]) -> bool:
    """« Votre code RIO », where the passage says « son RIO »."""
    if fact.kind is not FactKind.PROMO_CODE:
        return False
    word = re.compile(rf"(?<!\w){re.escape(fact.value)}(?!\w)")
    return any(word.search(passage.answer) for passage in passages)


def _is_theirs(case: Case, fact: Fact) -> bool:
    is_day = fact.kind in (FactKind.NUMBER, FactKind.DATE)
    return is_day and any(agrees(fact, known) for known in case.message_facts)


def _is_small_spelled(case: Case, fact: Fact, passages: Sequence[Passage]) -> bool:
    """« deux », unless a passage counts the very same things."""
    is_spelled = fact.kind is FactKind.NUMBER and case.text[fact.start].isalpha()
    if not is_spelled or float(fact.value) > _SMALL_SPELLED:
        return False
    noun = next(iter(stems(case.text[fact.end : fact.end + 24])), "")
    return not any(_counts(passage, noun) for passage in passages)


def _counts(passage: Passage, noun: str) -> bool:
    text = read_passage(passage)
    return any(
        fact.kind is FactKind.NUMBER and noun == next(iter(stems(part.text[fact.end :])), None)
        for part in text.parts
        for fact in part.facts
    )


def _in_one_word(folded: str) -> str:
    """« ne coûte rien » as « est gratuit »: the same claim, without the look of a denial.

    Neither is « pas encore : nous desservons Nantes » one of what follows it.
    """
    folded = _ELLIPSIS.sub("", _NOT_YET.sub("", without_closing(folded)))
    return _FOR_FREE_EN.sub("is free", _FOR_FREE.sub("est gratuit", folded))


def _claim(case: Case, sentence: Sentence, facts: tuple[Fact, ...], own: tuple[Fact, ...]) -> Claim:
    folded = _in_one_word(strip_greeting(case.folded_of(sentence), case))
    words = case.folded_of(sentence)
    for fact in facts:
        start, end = fact.start - sentence.start, fact.end - sentence.start
        words = words[:start] + " " * (end - start) + words[end:]
    said = frozenset(stems(_in_one_word(strip_greeting(words, case))))
    written = tuple(case.folded[fact.start : fact.end].strip() for fact in facts)
    stated = (said or frozenset(stems(folded))) - _ANSWERS
    owned = frozenset(f.value for f in facts if any(agrees(f, m) for m in case.message_facts))
    counts = case.counts if facts else ()
    return Claim(folded, stated, own, case.reply_lang, written, counts, owned)


def _allows(case: Case, sentence: Sentence, passage: Passage, promise: Promise) -> bool:
    """Whether a passage lets us promise: marked so, in its own words, or given for once."""
    said = text_key(strip_greeting(case.folded_of(sentence), case))
    if passage.is_commitment or said in text_key(read_passage(passage).folded):
        return True
    is_of_the_guide = any(passage.key == known.key for known in case.guide.pack.passages)
    return not is_of_the_guide and is_backed(promise.kind, read_passage(passage).folded)


def _unsupported(
    case: Case,
    sentence: Sentence,
    facts: tuple[Fact, ...],
    promise: Promise | None,
    support: Support,
    passages: Sequence[Passage],
) -> GroundedLine:
    if promise is None and is_echo(case, sentence, facts):
        return GroundedLine(sentence, LedgerStatus.COURTESY)
    cause, reason = cause_of(case, sentence, facts, promise, support)
    is_allowed = (promise is not None and promise.kind == "guarantee") and any(
        _allows(case, sentence, passage, promise) for passage in passages
    )
    if cause is Cause.FACT and (promise is None or is_allowed):
        again = _without_theirs(case, sentence, facts, passages)
        cause, reason = again or _together(case, sentence, facts, passages) or (cause, reason)
    is_blocking = cause not in (Cause.PROSE, Cause.DOUBT)
    is_left_to_a_reader = is_allowed and cause is Cause.DOUBT
    return GroundedLine(
        sentence,
        LedgerStatus.UNSUPPORTED,
        reason=reason,
        is_blocking=is_blocking,
        is_promise=promise is not None and not is_left_to_a_reader,
        cause=cause,
    )


def _together(
    case: Case, sentence: Sentence, facts: tuple[Fact, ...], passages: Sequence[Passage]
) -> tuple[Cause, str] | None:
    """« 5 € pour les 12-17 ans, 9 € pour les adultes » : half in one passage, half in another."""
    if len(passages) < _A_PAIR or len(facts) < _A_PAIR:
        return None
    answers = "\n".join(passage.answer for passage in passages)
    whole = passages[0].model_copy(update={"answer": answers})
    if _support(case, sentence, facts, (whole,)).passage is None:
        return None
    return Cause.DOUBT, "No passage alone states these figures, several do together: read them."


def _without_theirs(
    case: Case, sentence: Sentence, facts: tuple[Fact, ...], passages: Sequence[Passage]
) -> tuple[Cause, str] | None:
    """What is left when the customer's own facts are taken as known; None: no less wrong.

    A bare « oui, le dimanche » to « ouvrez-vous dimanche ? » is our word, and stays a failure.
    """
    claim = _claim(case, sentence, facts, tuple(_moved(f, -sentence.start) for f in facts))
    sums = sums_in(case, sentence, passages)
    kept = tuple(
        f for f in facts if f not in sums and not is_theirs_to_know(case, f, claim, passages)
    )
    if len(kept) == len(facts):
        return None
    support = _support(case, sentence, kept, passages)
    has_sum = not sums.isdisjoint(facts)
    if support.passage is None and (kept or has_sum or asserts(case, sentence, support)):
        again = cause_of(case, sentence, kept, None, support)
        if again[0] in (Cause.FACT, Cause.CLAIM) or not (kept or has_sum):
            return None
        if again[0] is Cause.CONTRADICTION:
            return again
    if has_sum:
        return Cause.DOUBT, A_SUM
    return Cause.DOUBT, "The customer gave this figure, and no passage states it: read it."
