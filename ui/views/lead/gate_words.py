"""Why a gate has its colour, in the reader's language."""

from evals.compare import Comparison
from evals.gate import Reason
from ui.locales import Words


def reason_words(reason: Reason, comparison: Comparison | None, text: Words) -> str:
    """Return one reason of a gate in the reader's language, with the difference it rests on."""
    said = text.count(f"evals.reason.{reason.kind.value}", len(reason.cases))
    if comparison is None or not comparison.common:
        return said
    return f"{said} {points_words(comparison, text)}"


def points_words(found: Comparison, text: Words) -> str:
    """Return the change of the share that passes and its 95 % interval, in points."""
    low, high = (_signed(bound, text) for bound in found.interval)
    return text("evals.points", difference=_signed(found.difference, text), low=low, high=high)


def _signed(share: float, text: Words) -> str:
    sign = "+" if share > 0 else "−" if share < 0 else ""
    return sign + text.decimal(abs(share) * 100)
