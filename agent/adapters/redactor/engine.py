"""Presidio's engine without a model: our detectors as its recognisers, and nothing that talks.

Presidio is imported here only, inside functions: the import takes half a second.
None of its own recognisers is loaded. (Its e-mail one fetches the list of public suffixes from
the network, its card one does not run in French, and it has none for France.)
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from agent.adapters.redactor.found import Detector
from agent.adapters.redactor.spared import import_presidio
from agent.adapters.redactor.windows import Window, windows
from agent.domain.redaction import PersonalDataSpan

LANGUAGE = "fr"
"""One pass for every language: the detectors read French and English alike."""
_LOGGERS = ("presidio-analyzer", "decision_process")


def build_engine(detectors: Sequence[Detector]) -> Any:
    """Return an AnalyzerEngine that runs exactly `detectors`, in silence.

    Raises:
        ImportError: presidio-analyzer is not installed.
    """
    import_presidio()
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.app_tracer import AppTracer

    _silence()
    recognisers = [_recogniser(detector) for detector in detectors]

    class FixedRegistry(RecognizerRegistry):
        """Hands out every recogniser it was built with: there is one language and no other use."""

        def get_recognizers(self, *_: Any, **__: Any) -> Any:
            return recognisers

    return AnalyzerEngine(
        registry=FixedRegistry(recognizers=recognisers, supported_languages=[LANGUAGE]),
        nlp_engine=_no_nlp_engine(),
        app_tracer=AppTracer(enabled=False),
        log_decision_process=False,
        supported_languages=[LANGUAGE],
        context_aware_enhancer=_no_enhancer(),
    )


def analyse(engine: Any, text: str, entities: list[str]) -> list[PersonalDataSpan]:
    """Run every recogniser once over `text` and return what they found, in no order."""
    found: list[PersonalDataSpan] = []
    for window in windows(text):
        found.extend(_analyse_window(engine, text, entities, window))
    return found


def _analyse_window(
    engine: Any, text: str, entities: list[str], window: Window
) -> Iterator[PersonalDataSpan]:
    artifacts, piece = engine.nlp_engine.artifacts, text[window.start : window.end]
    for result in engine.analyze(piece, LANGUAGE, entities=entities, nlp_artifacts=artifacts):
        start = window.start + result.start
        if window.first <= start < window.last:
            yield PersonalDataSpan(
                type=result.entity_type,
                start=start,
                end=window.start + result.end,
                score=result.score,
                found_by=result.recognition_metadata["recognizer_name"],
            )


def _silence() -> None:
    """Keep Presidio from logging: its decision log quotes the text it analysed."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)


def _recogniser(detector: Detector) -> Any:
    from presidio_analyzer import EntityRecognizer, RecognizerResult

    metadata_keys = (
        RecognizerResult.RECOGNIZER_NAME_KEY,
        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY,
    )

    class DetectorRecogniser(EntityRecognizer):
        """One of our detectors, as Presidio wants it."""

        def load(self) -> None:
            """Nothing to load: detectors are functions."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:
            metadata = dict(zip(metadata_keys, (detector.name, self.id), strict=True))
            return [
                RecognizerResult(
                    entity_type=detector.type,
                    start=one.start,
                    end=one.end,
                    score=one.score,
                    recognition_metadata=metadata,
                )
                for one in detector.find(text)
            ]

    return DetectorRecogniser(
        supported_entities=[detector.type],
        name=detector.name,
        supported_language=LANGUAGE,
    )


def _no_nlp_engine() -> Any:
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    # Presidio wants a spaCy document here; nobody ever reads it.
    no_tokens: Any = None

    class NoNlpEngine(NlpEngine):
        """A language pipeline that reads nothing: no detector needs tokens or lemmas."""

        def __init__(self) -> None:
            self.artifacts = NlpArtifacts([], no_tokens, [], [], None, LANGUAGE)

        def load(self) -> None:
            """Nothing to load."""

        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> NlpArtifacts:
            return self.artifacts

        def process_batch(self, texts: Any, language: str, *_: Any, **__: Any) -> Any:
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return False

        def is_punct(self, word: str, language: str) -> bool:
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return [LANGUAGE]

    return NoNlpEngine()


def _no_enhancer() -> Any:
    from presidio_analyzer import ContextAwareEnhancer

    class NoEnhancer(ContextAwareEnhancer):
        """Leaves scores alone: each detector has weighed its own context."""

        def __init__(self) -> None:
            super().__init__(0.0, 0.0, 0, 0)

        def enhance_using_context(self, text: str, raw_results: Any, *_: Any, **__: Any) -> Any:
            return raw_results

    return NoEnhancer()
