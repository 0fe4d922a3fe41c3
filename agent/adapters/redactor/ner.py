"""Names found by a spaCy model, where one happens to be installed. Nothing is ever downloaded."""

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from agent.adapters.redactor.found import Detector, Find, Found
from agent.adapters.redactor.person.lexicon import fold, load_lexicon
from agent.domain.redaction import PersonalDataType

# Best first; only the first that is installed is used for its language.
_MODELS = {
    "fr": ("fr_core_news_lg", "fr_core_news_md", "fr_core_news_sm"),
    "en": ("en_core_web_lg", "en_core_web_md", "en_core_web_sm"),
}
_UNUSED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "morphologizer", "senter")
_LABELS = frozenset({"PER", "PERSON"})
_SCORE = 0.64
_FRENCH = re.compile(r"\b(?:le|la|les|de|des|je|vous|est|et|mon|pas|une?|que|pour)\b", re.I)
_ENGLISH = re.compile(r"\b(?:the|of|is|and|you|my|to|in|not|an?|that|for|it|i)\b", re.I)


def installed_models() -> tuple[str, ...]:
    """Return the names of the spaCy models to use: at most one for each language."""
    found = (next(filter(find_spec, names), None) for names in _MODELS.values())
    return tuple(name for name in found if name)


def load_pipelines() -> tuple[Any, ...]:
    """Load the installed models, without the parts that names do not need.

    Raises:
        OSError: a model is installed but cannot be read by this spaCy.
    """
    names = installed_models()
    if not names:
        return ()
    import spacy

    return tuple(spacy.load(name, exclude=list(_UNUSED)) for name in names)


def person_detectors(pipelines: Sequence[Any]) -> tuple[Detector, ...]:
    """Return one detector of names for each pipeline; it runs on texts in its language."""
    languages = {pipeline.lang for pipeline in pipelines}
    return tuple(
        Detector(f"spacy_{pipeline.lang}", PersonalDataType.PERSON, _finder(pipeline, languages))
        for pipeline in pipelines
    )


def _finder(pipeline: Any, languages: set[str]) -> Find:
    def find(text: str) -> Iterator[Found]:
        if len(languages) > 1 and _language(text) != pipeline.lang:
            return
        for entity in pipeline(text).ents:
            if entity.label_ in _LABELS and _is_name(entity.text):
                yield Found(entity.start_char, entity.end_char, _SCORE)

    return find


def _language(text: str) -> str:
    return "fr" if len(_FRENCH.findall(text)) >= len(_ENGLISH.findall(text)) else "en"


def _is_name(text: str) -> bool:
    """Refuse what small models often take for a name: "Bonjour", "Merci", "Colissimo"."""
    lexicon = load_lexicon()
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", text)]
    return any(
        len(word) > 1 and word not in lexicon.vocabulary and word not in lexicon.places
        for word in words
    )
