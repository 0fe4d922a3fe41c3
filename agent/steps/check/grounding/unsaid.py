"""Whether a passage limits or denies something on the matter that the reply never takes up.

« Oui, nos livreurs passent le samedi » beside « Pas de livraison le week-end »: other words, so
that no rule sees the contrary; but a reply without any limit, beside a passage with one about the
same thing, is for a person to read.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.families import held
from agent.steps.check.grounding.pieces import part_spans
from agent.steps.check.grounding.polarity import is_negated
from agent.steps.check.grounding.reading import read_passage, usable_passages
from agent.steps.check.phrases import phrases
from agent.steps.check.words import stems
from knowledge.passages import Language, Passage

_LIMITS = re.compile(
    r"\b(?:must|required?|requires|avoid|reserv\w+|en supplement|supplementaire|extra|obligatoires?"
    r"|doi(?:t|vent)|faut|en plus|uniquement|only|sauf|hors|seule?s?|deconseill\w+|un[a-z]+ed"
    r"|jusqu'a|up to|preavis|notice|subject to|sous reserve)\b"
)
_TAKES_UP = re.compile(
    r"\b(?:except\w*|a l'exception|alone|elsewhere|unable|unfortunately|malheureusement|helas"
    r"|as long|so long|tant que|si|s'il|if|when|quand|lorsqu\w*|once|des que|within|necessaires?"
    r"|needed|needs?|at least|au moins|minimum|avant|before|until|moins d\S*|plus d\S*|under|over"
    r"|au-dela|a partir|des|from|due|condition|pass\w+ (?:de|d')|asks?|demand\w+|suffit|rest\w+"
    r"|left|wait|instead|plutot|otherwise|sinon|that said|en revanche|however|but|mais)\b"
)
_MOST_OF_IT = 0.8


class _Limit(NamedTuple):
    """A stretch of a passage that limits or denies."""

    words: frozenset[str]
    """Stems."""
    own: frozenset[str]
    """Those that stand nowhere else in the passage, or all where none does."""
    is_denial: bool


def leaves_out_a_limit(case: Case) -> bool:
    """Return whether some passage sets a limit on the matter, and the reply none whatever."""
    lang = case.reply_lang
    answer = " ".join(
        case.folded_of(line.sentence)
        for line in case.lines
        if line.status is not LedgerStatus.COURTESY
    )
    if _sets_limit(answer, lang) or _TAKES_UP.search(answer):
        return False
    said = frozenset(stems(case.text))
    asked = frozenset(stems(case.message))
    return any(
        held(limit.own, said | asked) and not _is_said(limit, said)
        for passage in usable_passages(case)
        for limit in _limits_of(passage)
    )


def _is_said(limit: _Limit, said: frozenset[str]) -> bool:
    """Whether the reply has the words of a limit; those of a denial it would have to deny."""
    return not limit.is_denial and len(held(limit.words, said)) >= _MOST_OF_IT * len(limit.words)


def _sets_limit(folded: str, lang: Language) -> bool:
    return (
        is_negated(folded, lang)
        or phrases("grounding.limit").search(folded, lang) is not None
        or _LIMITS.search(folded) is not None
    )


@lru_cache(maxsize=4096)
def _limits_of(passage: Passage) -> tuple[_Limit, ...]:
    stretches = [
        part.folded[start:end]
        for part in read_passage(passage).parts
        for start, end in part_spans(part)
    ]
    found = Counter(word for text in stretches for word in set(stems(text)))
    limits: list[_Limit] = []
    for text in stretches:
        words = frozenset(stems(text))
        if words and _sets_limit(text, passage.lang):
            own = frozenset(word for word in words if found[word] == 1)
            limits.append(_Limit(words, own or words, is_negated(text, passage.lang)))
    return tuple(limits)
