"""A brand's own identifiers (loyalty card, contract number), as it describes them."""

from collections.abc import Iterator, Sequence
from typing import Any

from agent.adapters.redactor.found import Detector, Find, Found
from agent.domain.brand import CustomIdentifier
from agent.domain.errors import BrandPackError

_SCORE = 0.98
_SECONDS = 0.2
"""A pattern that takes longer on one message is refused at run: the message goes to a person."""


def custom_detectors(identifiers: Sequence[CustomIdentifier]) -> tuple[Detector, ...]:
    """Return one detector for each identifier.

    Raises:
        BrandPackError: a pattern is not a valid regular expression; names the identifier.
    """
    return tuple(Detector(f"brand:{one.name}", one.name, _finder(one)) for one in identifiers)


def _finder(identifier: CustomIdentifier) -> Find:
    pattern = _compiled(identifier)

    def find(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text, timeout=_SECONDS):
            if match.end() > match.start():
                yield Found(match.start(), match.end(), _SCORE)

    return find


def _compiled(identifier: CustomIdentifier) -> Any:
    import regex

    try:
        return regex.compile(identifier.pattern)
    except regex.error as error:
        raise BrandPackError(
            f"brand.yaml: safety.custom_identifiers: the pattern of {identifier.name} is not a"
            f" valid regular expression ({error}); correct it and run `portevoix lint`"
        ) from None
