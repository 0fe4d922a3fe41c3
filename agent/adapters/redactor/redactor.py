"""The Redactor port on Presidio: find, leave the brand's own alone, mask."""

from collections.abc import Sequence
from typing import Any

from agent.adapters.redactor.compact import compact
from agent.adapters.redactor.custom import custom_detectors
from agent.adapters.redactor.engine import analyse, build_engine
from agent.adapters.redactor.masking import mask
from agent.adapters.redactor.ner import load_pipelines, person_detectors
from agent.adapters.redactor.own_contacts import OwnContacts
from agent.adapters.redactor.person.lexicon import fold, load_lexicon
from agent.adapters.redactor.plain_text import PlainText, read_plain
from agent.adapters.redactor.registry import DETECTORS
from agent.domain.brand import CustomIdentifier
from agent.domain.redaction import PersonalDataSpan, Redaction


class PresidioRedactor:
    """Finds personal data in French and English and masks every occurrence of it.

    Building the first takes half a second (Presidio is imported then) and needs no network, nor
    does running it. An instance keeps no text and may be shared between threads.
    """

    def __init__(
        self,
        custom_identifiers: Sequence[CustomIdentifier] = (),
        public_contacts: Sequence[str] = (),
        brand_names: Sequence[str] = (),
        *,
        pipelines: Sequence[Any] | None = None,
    ) -> None:
        """Build the engine.

        Args:
            custom_identifiers: the brand's own identifiers; their names become types.
            public_contacts: e-mails, phones, links and handles of the brand, never masked.
            brand_names: names of the brand; its handles, hosts and they are never masked.
            pipelines: spaCy pipelines that find names; None: those of the installed models.

        Raises:
            BrandPackError: the pattern of a custom identifier is not valid.
        """
        chosen = load_pipelines() if pipelines is None else tuple(pipelines)
        detectors = (
            *custom_detectors(custom_identifiers),
            *DETECTORS,
            *person_detectors(chosen),
        )
        self._engine = build_engine(detectors)
        self._entities = list(dict.fromkeys(str(one.type) for one in detectors))
        self._own = OwnContacts(public_contacts, brand_names)
        self._lexicon = load_lexicon()

    def redact(self, text: str) -> Redaction:
        """Return `text` masked; the spans' offsets are those of `text` as given.

        Raises:
            TimeoutError: the pattern of a custom identifier takes too long on this text.
        """
        plain = read_plain(text)
        found = analyse(self._engine, plain.text, self._entities)
        if found:
            found = self._own.without_own(compact(plain.text), found)
        return mask(text, _in_message(found, plain), self._is_word)

    def _is_word(self, name: str) -> bool:
        word = fold(name)
        lexicon = self._lexicon
        return word in lexicon.everyday or word in lexicon.mild or word in lexicon.vocabulary


def _in_message(spans: list[PersonalDataSpan], plain: PlainText) -> list[PersonalDataSpan]:
    if plain.places is None:
        return spans
    places = (plain.span(span.start, span.end) for span in spans)
    return [
        span.model_copy(update={"start": start, "end": end})
        for span, (start, end) in zip(spans, places, strict=True)
    ]
