"""Drafts again as a person asks, from approved text: shorter, otherwise, from another entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from agent.domain.brand.identity import Register
from agent.domain.drafts import Draft, Note, NoteKind, Wish
from agent.steps.draft.extractive import ExtractiveDrafter
from agent.steps.draft.mood import is_upset
from agent.steps.draft.notes import with_notes
from agent.steps.draft.request import DraftRequest, Steer, Style
from agent.steps.draft.settle import IsSound
from agent.steps.draft.wish import Asked, read
from knowledge.passages import Language, Passage

_SHORTER, _LEAST = 0.6, 12
"""The share of its words that a shortened text may keep, and how few words it is held to."""


@dataclass(frozen=True)
class Rewriting:
    """One note on one draft; what it cannot change is said in the notes of the result."""

    approved: ExtractiveDrafter
    request: DraftRequest
    before: Draft
    wish: Wish
    entry: Passage | None
    """The entry that the note's words point to, if it is not the one already cited."""
    is_sound: IsSound

    @cached_property
    def asked(self) -> Asked:
        return read(self.wish.note)

    def draft(self, instead_of: Draft) -> Draft:
        """Return the first composition that follows the note and passes every blocking rule.

        Where there is none, or the note asks for nothing that approved text can do, the draft
        comes back as it was. `instead_of` is what a model's try left: why it was not kept.
        """
        tried = [note for note in instead_of.notes if note.kind is NoteKind.MODEL_UNUSED]
        drafted = self._drafted()
        if not tried:
            return drafted
        return with_notes(drafted, *tried).model_copy(update={"origin": instead_of.origin})

    def _drafted(self) -> Draft:
        sound = (one for one in self._tried() if self.is_sound(one))
        after = next((one for one in sound if self._differs(one)), None)
        fixed = self._fixed_register()
        if after is None:
            return self._noted(self.before, *(fixed or (Note(kind=NoteKind.WISH_UNHEARD),)))
        offered = self.approved.with_candidates(self.request, after)
        return self._noted(offered, *self._done(after), *fixed)

    def _tried(self) -> Iterator[Draft]:
        asked, request = self.asked, self._steered()
        if self.entry is not None:
            yield from (self.approved.with_passage(request, self.entry, s) for s in self._styles())
        elif asked.is_shorter or asked.is_otherwise or self._may_change_register():
            yield from (self.approved.draft(request, style) for style in self._styles())

    def _styles(self) -> tuple[Style, ...]:
        if not self.asked.is_shorter:
            return tuple(Style)
        # Who is upset is owed a word about it, however short the reply.
        return (Style.PLAIN,) if is_upset(self.request.triage) else (Style.BARE, Style.PLAIN)

    def _steered(self) -> DraftRequest:
        words = len((self.before.public or "").split())
        steer = Steer(
            turn=self.wish.turn if self.asked.is_otherwise else 0,
            words=max(_LEAST, int(words * _SHORTER)) if self.asked.is_shorter else None,
            register_wanted=self.asked.register if self._may_change_register() else None,
        )
        return self.request.model_copy(update={"steer": steer})

    def _differs(self, draft: Draft) -> bool:
        if not (draft.public or draft.private):
            return False
        if self.entry is None and (draft.private is None) != (self.before.private is None):
            return False
        if self.asked.is_shorter and self.entry is None and _length(draft) >= _length(self.before):
            return False
        return (draft.public, draft.private) != (self.before.public, self.before.private)

    def _done(self, after: Draft) -> Iterator[Note]:
        if self.entry is not None:
            yield Note(kind=NoteKind.WISH_ENTRY, about=self.entry.question)
        if self.asked.is_shorter and _length(after) < _length(self.before):
            yield Note(kind=NoteKind.WISH_SHORTER)
        if self.asked.is_otherwise:
            yield Note(kind=NoteKind.WISH_WORDING)
        if self._may_change_register():
            yield Note(kind=NoteKind.WISH_REGISTER)

    def _may_change_register(self) -> bool:
        """Whether the brand leaves the form of address to the conversation."""
        is_french = self.request.triage.language is Language.FR
        is_open = self.approved.register_in(Language.FR) is Register.MIRROR
        return self.asked.register is not None and is_french and is_open

    def _fixed_register(self) -> tuple[Note, ...]:
        if self.asked.register is None or self._may_change_register():
            return ()
        return (Note(kind=NoteKind.WISH_REGISTER_FIXED),)

    def _noted(self, draft: Draft, *notes: Note) -> Draft:
        kept = tuple(note for note in draft.notes if note.kind not in WISHES)
        return with_notes(draft.model_copy(update={"notes": ()}), *notes, *kept)


WISHES = frozenset(
    {
        NoteKind.WISH_ENTRY,
        NoteKind.WISH_SHORTER,
        NoteKind.WISH_WORDING,
        NoteKind.WISH_REGISTER,
        NoteKind.WISH_REGISTER_FIXED,
        NoteKind.WISH_UNHEARD,
    }
)
"""What a rewriting says of itself: said anew each time."""


def wish_after(before: Draft, note: str) -> Wish:
    """Return the next wish about a draft; `note` is without personal data."""
    return Wish(note=note, turn=before.wish.turn + 1 if before.wish else 1)


def _length(draft: Draft) -> int:
    return len(f"{draft.public or ''} {draft.private or ''}".split())
