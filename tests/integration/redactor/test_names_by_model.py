"""A spaCy model, where one is installed, adds names; none is ever fetched."""

from typing import Any

import pytest

from agent.adapters.redactor import PresidioRedactor, ner

NAME = "Zorblax Quint"


def _pipeline(language: str, label: str) -> Any:
    """Return a real, small spaCy pipeline that knows one name by rule."""
    import spacy

    pipeline = spacy.blank(language)
    ruler: Any = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": label, "pattern": NAME},
            {"label": label, "pattern": "Bonjour"},
            {"label": "LOC", "pattern": "Brouzac"},
        ]
    )
    return pipeline


def test_its_persons_join_and_nothing_else() -> None:
    own = PresidioRedactor(pipelines=(_pipeline("fr", "PER"),))
    text = f"Bonjour, depuis lundi {NAME} est à Brouzac"
    redaction = own.redact(text)
    assert redaction.text == "Bonjour, depuis lundi [PERSON_1] est à Brouzac"
    assert redaction.spans[0].found_by == "spacy_fr"
    assert PresidioRedactor(pipelines=()).redact(text).text == text


def test_each_model_reads_only_its_own_language() -> None:
    own = PresidioRedactor(pipelines=(_pipeline("fr", "PER"), _pipeline("en", "PERSON")))
    assert own.redact(f"the parcel of {NAME} is not here").spans[0].found_by == "spacy_en"
    assert (
        own.redact(f"le dessin que {NAME} est en train de vous faire").spans[0].found_by
        == "spacy_fr"
    )


def test_installed_models_are_looked_up_and_never_downloaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    present = {"fr_core_news_md", "en_core_web_sm", "en_core_web_lg"}
    monkeypatch.setattr(ner, "find_spec", lambda name: name if name in present else None)
    assert ner.installed_models() == ("fr_core_news_md", "en_core_web_lg")


def test_without_models_there_are_no_pipelines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner, "find_spec", lambda name: None)
    assert ner.load_pipelines() == ()
