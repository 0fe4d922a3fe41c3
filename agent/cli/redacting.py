"""Redaction with offsets in the text as given, whatever its Unicode normal form."""

from agent.domain.base import nfc_with_origins
from agent.domain.redaction import Redaction
from agent.ports import Redactor
from agent.steps.redact import redact


def redact_in_place(redactor: Redactor, text: str) -> Redaction:
    """Return the redaction of `text` with spans moved to offsets of `text` itself."""
    normal, origins = nfc_with_origins(text)
    redaction = redact(normal, redactor)
    if normal == text:
        return redaction
    spans = tuple(
        span.model_copy(update={"start": origins[span.start], "end": origins[span.end]})
        for span in redaction.spans
    )
    return redaction.model_copy(update={"spans": spans})
