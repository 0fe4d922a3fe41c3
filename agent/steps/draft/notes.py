"""Notes to the reviewer: each kind said in one English sentence; the desk translates by kind."""

from agent.domain.drafts import Draft, Note, NoteKind

_SENTENCES = {
    NoteKind.NO_ANSWER: "No approved entry answers this message.",
    NoteKind.UNSURE: "No entry is sure enough to be the default: choose one of the candidates.",
    NoteKind.PARTLY_ANSWERED: "Not every question has an approved answer; passed on: {about}.",
    NoteKind.OTHER_LANGUAGE: "The approved answer exists in another language only: {about}.",
    NoteKind.OUT_OF_DATE: "The entry that would answer is not in force today: {about}.",
    NoteKind.CONTRADICTION: "Two entries state different facts: {about}. Settle which is right.",
    NoteKind.TOO_LONG: "The approved text does not fit here without losing a condition: {about}.",
    NoteKind.NO_STATEMENT: "No approved statement in force in this language for {about}.",
    NoteKind.SPECIALIST_WRITES: "A specialist writes this; no routine draft for {about}.",
    NoteKind.NO_PRIVATE_PATH: "The brand pack names no private path for this channel: {about}.",
    NoteKind.NO_APPROVED_TEXT: "The brand pack has no approved phrasing for {about}.",
    NoteKind.NO_DISCLOSURE: "A disclosure is required and the pack has none in this language.",
    NoteKind.LANGUAGE_UNKNOWN: "The language is not certain, so nothing was drafted.",
    NoteKind.INJECTION: "The message tries to instruct the agent, so nothing was drafted.",
    NoteKind.MODERATE: "To moderate under the charter; do not reply.",
    NoteKind.NO_REPLY: "No reply is called for.",
    NoteKind.CHECK_FAILED: "No composition passed the blocking checks: {about}.",
    NoteKind.STEP_FAILED: "A step failed, so nothing was drafted: {about}.",
    NoteKind.MODEL_UNUSED: "The chat model's text was not used: {about}. Approved text stands.",
    NoteKind.MODEL_SILENT: "The chat model did not read this message: {about}. Read it with care.",
    NoteKind.WORDS_ALONE: "The search by meaning was away: found by words alone.",
    NoteKind.MODEL_ESCALATES: "The chat model asks for a colleague: {about}",
    NoteKind.WISH_ENTRY: "As asked, answered from another entry: {about}",
    NoteKind.WISH_SHORTER: "Shortened, as asked.",
    NoteKind.WISH_WORDING: "Other approved phrasings, as asked.",
    NoteKind.WISH_REGISTER: "The other form of address, as asked.",
    NoteKind.WISH_REGISTER_FIXED: "The brand has one form of address; only its pack changes it.",
    NoteKind.WISH_UNHEARD: "No approved text follows this note: the draft is as it was.",
}


def sentence_of(note: Note) -> str:
    """Return the English sentence of one note."""
    about = note.about or "see the route"
    return _SENTENCES[note.kind].format(about=about)


def with_notes(draft: Draft, *notes: Note) -> Draft:
    """Return `draft` with `notes` added, in both forms."""
    merged = tuple(dict.fromkeys((*draft.notes, *notes)))
    text = " ".join(sentence_of(note) for note in merged)
    return draft.model_copy(update={"notes": merged, "note": text})
