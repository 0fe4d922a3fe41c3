"""One sentence of a reply and what stands behind it, as the rules see it."""

from enum import StrEnum
from typing import NamedTuple

from agent.domain.drafts import LedgerLine, LedgerStatus
from knowledge.passages import Passage
from knowledge.text.sentences import Sentence

A_SUM = "A sum of figures that are stated: check it."


class Cause(StrEnum):
    """Why a sentence is unsupported; doubt and prose are a person's to judge and block nothing."""

    NONE = ""
    FACT = "fact"
    PROMISE = "promise"
    CONTRADICTION = "contradiction"
    CLAIM = "claim"
    DOUBT = "doubt"
    ANSWER = "answer"
    PROSE = "prose"


class GroundedLine(NamedTuple):
    """A ledger line with what the rules need beyond the ledger."""

    sentence: Sentence
    status: LedgerStatus
    passage: Passage | None = None
    statement_id: str | None = None
    reason: str = ""
    is_blocking: bool = False
    is_promise: bool = False
    cause: Cause = Cause.NONE

    def settled(self, *, is_carried: bool) -> "GroundedLine":
        """Return a bare yes or no as a doubt, or as prose where a passage carries the rest.

        « Oui, pour tout le monde. À l'accueil, un bonnet coûte 3 €. »: the passage behind the
        second sentence is what the first one sums up. A reader judges both, nothing blocks: « oui,
        draps et serviettes vous attendent » says in other words what a passage may well state.
        """
        if self.cause is not Cause.ANSWER:
            return self
        cause = Cause.PROSE if is_carried else Cause.DOUBT
        return self._replace(cause=cause, is_blocking=False)

    def to_ledger(self) -> LedgerLine:
        """Return the line as the ledger stores it."""
        passage_id = self.passage.id if self.passage else self.statement_id
        return LedgerLine(
            sentence=self.sentence.text,
            status=self.status,
            passage_id=passage_id,
            start=self.sentence.start,
            end=self.sentence.end,
            reason=self.reason,
            is_blocking=self.is_blocking,
        )
