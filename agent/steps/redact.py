"""Step 1: no personal data goes further. Runs before any model, log line, embedding or export."""

import re

from agent.domain.errors import StepFailed
from agent.domain.messages import ThreadEntry
from agent.domain.redaction import PLACEHOLDER, SHORTEST_VALUE, Redaction
from agent.ports import Redactor

STEP = "redact"


def redact(text: str, redactor: Redactor) -> Redaction:
    """Return `text` without personal data, or fail: there is no third outcome.

    Raises:
        StepFailed: the redactor failed, or its result still shows a value it found, or carries
            a placeholder it did not issue. The message goes to a person and no further. Only
            the kind of failure is named, never the text.
    """
    try:
        redaction = redactor.redact(text)
    except Exception as failure:
        # Whatever it is, its message may quote the customer: only the kind of failure is told.
        raise StepFailed(STEP, type(failure).__name__) from None
    if redaction.unknown_placeholders(redaction.text):
        raise StepFailed(STEP, "a placeholder that was not issued")
    if surviving_values(redaction):
        raise StepFailed(STEP, "a value that was found is still readable")
    return redaction


def redact_thread(thread: tuple[ThreadEntry, ...], redactor: Redactor) -> tuple[ThreadEntry, ...]:
    """Return the earlier messages without personal data.

    Raises:
        StepFailed: as `redact`, for any of them.
    """
    return tuple(
        entry.model_copy(update={"author": "", "text": redact(entry.text, redactor).text})
        for entry in thread
    )


def surviving_values(redaction: Redaction) -> tuple[str, ...]:
    """Return the placeholders whose value still stands, as a whole word, in the redacted text."""
    readable = PLACEHOLDER.sub("\n", redaction.text)
    return tuple(
        placeholder
        for placeholder, value in redaction.values.items()
        if len(value) >= SHORTEST_VALUE and _is_whole_word(value, readable)
    )


def _is_whole_word(value: str, text: str) -> bool:
    return value in text and bool(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text))
