"""Suggestions from the desk's work, and what becomes of each: accepted into a proposal, refused."""

from collections.abc import Iterator, Mapping, Sequence

from agent.domain.brand import BrandPack
from agent.domain.drafts import NoteKind
from agent.domain.ids import BrandId
from agent.domain.packs import Learned, Proposal
from agent.domain.redaction import PLACEHOLDER
from agent.domain.reviews import Reviewer, ReviewItem
from agent.ports import Clock, Store
from agent.services.guards import refuse_guide
from agent.services.history import HistoryService
from agent.services.learning.clusters import clusters, is_said_already
from agent.services.learning.entering import entered
from agent.services.learning.suggestions import Example, Suggestion, SuggestionKind, key_of
from agent.services.learning.wordings import wordings
from agent.services.packs import ProposalService

READ = 500
"""How many of the last items are looked at."""
UNANSWERED = frozenset(
    {NoteKind.NO_ANSWER, NoteKind.UNSURE, NoteKind.OTHER_LANGUAGE, NoteKind.OUT_OF_DATE}
)
_SAME_QUESTION, _SAME_REPLY = 0.6, 0.8
_MOST_EXEMPLARS = 12
_LEAST_WORDS = 8


class LearningService:
    """Learning proposes, people accept: nothing here changes the guide by itself."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        history: HistoryService,
        proposals: ProposalService,
        packs: Mapping[BrandId, BrandPack],
    ) -> None:
        self._store = store
        self._clock = clock
        self._history = history
        self._proposals = proposals
        self._packs = packs

    def suggestions(self, brand_id: BrandId, count: int = READ) -> tuple[Suggestion, ...]:
        """Return what the last items suggest and nobody has said yes or no to: gaps first.

        The same items always give the same suggestions. Every text is redacted.
        """
        items = sorted(self._history.last(brand_id, count), key=lambda item: item.id)
        with self._store.read() as work:
            settled = work.packs.learned(brand_id)
        pack = self._packs[brand_id]
        found = [*_gaps(items, settled), *wordings(items, pack), *_exemplars(items, pack)]
        keys = {one.key for one in settled}
        return tuple(one for one in found if one.key not in keys)

    def refuse(self, brand_id: BrandId, suggestion: Suggestion, by: Reviewer) -> None:
        """Say no: it does not come back.

        Raises:
            NotAllowed: this person is no lead of the brand.
        """
        self._settle(brand_id, suggestion, by, is_accepted=False)

    def accept(
        self, proposal_id: str, revision: int, suggestion: Suggestion, by: Reviewer
    ) -> Proposal:
        """Put a suggestion into a proposal, where a lead completes it before activation.

        Raises:
            NotAllowed, ProposalClosed, ProposalChanged: as `ProposalService.save`.
            ConfigurationError: the file it goes to cannot be changed as it is written.
        """
        proposal = self._proposals.proposal(proposal_id)
        changes = entered(self._proposals.result(proposal), suggestion)
        saved = self._proposals.save(proposal_id, revision, by, changes)
        self._settle(proposal.brand_id, suggestion, by, is_accepted=True)
        return saved

    def _settle(
        self, brand_id: BrandId, suggestion: Suggestion, by: Reviewer, *, is_accepted: bool
    ) -> None:
        now = self._clock.now()
        learned = Learned(
            brand_id=brand_id,
            key=suggestion.key,
            kind=suggestion.kind.value,
            is_accepted=is_accepted,
            text=suggestion.text,
            items=suggestion.items,
            by=by,
            at=now,
        )
        with self._store.write() as work:
            refuse_guide(work, by, brand_id)
            work.packs.settle(learned)
            said = "suggestion.accepted" if is_accepted else "suggestion.refused"
            work.audit.add(now, by.id, said, brand_id, key=learned.key, kind=learned.kind)


def _gaps(items: Sequence[ReviewItem], settled: Sequence[Learned]) -> Iterator[Suggestion]:
    """Yield groups of questions that no entry answers, but those a lead has ruled on."""
    closed = [one for one in settled if one.kind == SuggestionKind.GAP.value]
    by_lang: dict[str, list[ReviewItem]] = {}
    for item in items:
        if not item.is_sensitive and UNANSWERED & {n.kind for n in item.outcome.draft.notes}:
            by_lang.setdefault(item.outcome.triage.language.value, []).append(item)
    for lang in sorted(by_lang):
        asked = by_lang[lang]
        for group in clusters([one.outcome.redaction.text for one in asked]):
            members = [asked[at] for at in group]
            if not _is_closed(members, closed):
                yield _gap(members)


def _is_closed(members: Sequence[ReviewItem], closed: Sequence[Learned]) -> bool:
    ruled = {item for one in closed for item in one.items}
    if sum(member.id in ruled for member in members) * 2 >= len(members):
        return True
    texts = [one.text for one in closed]
    return is_said_already(members[0].outcome.redaction.text, texts, _SAME_QUESTION)


def _gap(members: Sequence[ReviewItem]) -> Suggestion:
    first = members[0].outcome
    return Suggestion(
        key=key_of(SuggestionKind.GAP, first.redaction.text),
        kind=SuggestionKind.GAP,
        lang=first.triage.language,
        text=first.redaction.text,
        category=first.triage.category,
        examples=tuple(_example(member) for member in members),
    )


def _example(item: ReviewItem) -> Example:
    mask = item.outcome.redaction.mask
    said = item.decision.public or item.decision.private if item.decision else None
    return Example(item=item.id, message=item.outcome.redaction.text, after=mask(said or ""))


def _exemplars(items: Sequence[ReviewItem], pack: BrandPack) -> Iterator[Suggestion]:
    """Yield replies worth showing: let out without a check set aside, unlike those already there.

    What a person wrote better comes first: that is what the drafter cannot do yet.
    """
    known = [one.reply for one in pack.exemplars]
    released = [item for item in items if _is_exemplary(item)]
    released.sort(key=lambda item: (-(item.decision.edit_ratio if item.decision else 0), item.id))
    count = 0
    for item in released:
        example = _example(item)
        if count >= _MOST_EXEMPLARS or is_said_already(example.after, known, _SAME_REPLY):
            continue
        count += 1
        known.append(example.after)
        yield Suggestion(
            key=key_of(SuggestionKind.EXEMPLAR, item.id),
            kind=SuggestionKind.EXEMPLAR,
            lang=item.outcome.triage.language,
            text=example.after,
            category=item.outcome.triage.category,
            is_edited=bool(item.decision and item.decision.edit_ratio),
            examples=(example,),
        )


def _is_exemplary(item: ReviewItem) -> bool:
    decision = item.decision
    if decision is None or decision.public is None or decision.override_reason:
        return False
    said = item.outcome.redaction.mask(decision.public)
    is_kept = item.outcome.draft.statement_id is not None
    is_long = len(said.split()) >= _LEAST_WORDS
    return is_long and not is_kept and not item.is_sensitive and not PLACEHOLDER.search(said)
