"""Names of people, found by cue and by lists of names (see the `person` package)."""

from collections.abc import Iterator

from agent.adapters.redactor.found import Found
from agent.adapters.redactor.person.lexicon import load_lexicon
from agent.adapters.redactor.person.rules import find_persons


def find_people(text: str) -> Iterator[Found]:
    """Yield every name of a person in `text`."""
    yield from find_persons(text, load_lexicon())
