"""The first step: no later one sees a personal datum; a doubt sends the message to a person."""

from agent.domain.errors import StepFailed
from agent.domain.redaction import Redaction
from agent.ports import Redactor


def redact(text: str, redactor: Redactor) -> Redaction:
    """Return `text` with every personal datum replaced by a placeholder.

    Raises:
        StepFailed: the redactor failed, or a value it found is still in the text. The cause is
            the error's class name: its words might quote the customer.
    """
    try:
        redaction = redactor.redact(text)
    except Exception as error:
        raise StepFailed("redact", type(error).__name__) from None
    if any(value in redaction.text for value in redaction.values.values()):
        raise StepFailed("redact", "a value found is still in the text")
    return redaction
