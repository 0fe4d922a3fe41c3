"""The redactor as the pipeline uses it: Presidio's engine, our detectors, the masking."""

import itertools
import logging
import socket
import subprocess
import sys
import threading
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.adapters.redactor import PresidioRedactor
from agent.domain.brand import CustomIdentifier
from agent.domain.errors import BrandPackError, StepFailed
from agent.domain.redaction import PLACEHOLDER, PersonalDataType
from agent.ports import Redactor
from agent.steps.redact import redact

LOYALTY = CustomIdentifier(name="LOYALTY_CARD", pattern=r"\bMB\d{6}\b", examples=("MB123456",))
MESSAGE = (
    "Bonjour, je suis Sophie Lemaire, commande n° 4587123. Mon mail : paul arobase free point fr,"
    " mon tél 06 12 34 56 78, carte MB123456. Rappelez Sophie Lemaire ou Lemaire au 0612345678."
)


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return PresidioRedactor(
        custom_identifiers=(LOYALTY,),
        public_contacts=("contact@maisonbrume.fr", "09 70 80 90 00"),
        brand_names=("Maison Brume",),
        pipelines=(),
    )


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the redactor opened a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_a_whole_message(redactor: Redactor) -> None:
    redaction = redact(MESSAGE, redactor)
    assert redaction.text == (
        "Bonjour, je suis [PERSON_1], commande n° [ORDER_ID_1]. Mon mail : [EMAIL_1],"
        " mon tél [PHONE_1], carte [LOYALTY_CARD_1]. Rappelez [PERSON_1] ou [PERSON_1]"
        " au [PHONE_1]."
    )
    assert redaction.values["[EMAIL_1]"] == "paul arobase free point fr"
    assert redaction.values["[PERSON_1]"] == "Sophie Lemaire"


def test_spans_are_offsets_in_the_input_sorted_and_apart(redactor: Redactor) -> None:
    redaction = redactor.redact(MESSAGE)
    found = [(span.type, MESSAGE[span.start : span.end]) for span in redaction.spans]
    assert ("ORDER_ID", "4587123") in found
    assert ("LOYALTY_CARD", "MB123456") in found
    ends = [(span.start, span.end) for span in redaction.spans]
    assert ends == sorted(ends)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(ends))
    known = {kind.value for kind in PersonalDataType} | {"LOYALTY_CARD"}
    assert {span.type for span in redaction.spans} <= known
    assert all(span.found_by for span in redaction.spans)


def test_offsets_hold_for_decomposed_and_split_text(redactor: Redactor) -> None:
    message = unicodedata.normalize("NFD", "Hélène Dupré, 06\u200b12\u200b34\u200b56\u200b78")
    redaction = redactor.redact(message)
    person, phone = redaction.spans
    assert unicodedata.normalize("NFC", message[person.start : person.end]) == "Hélène Dupré"
    assert message[phone.start : phone.end].startswith("06")
    assert redaction.restore(redaction.text) == message


def test_the_brands_own_contacts_stay(redactor: Redactor) -> None:
    text = "J'ai écrit à contact@maisonbrume.fr et appelé le 09 70 80 90 00, @MaisonBrume ?"
    assert redactor.redact(text).text == text


def test_building_and_running_needs_no_network(no_network: None) -> None:
    own = PresidioRedactor(pipelines=())
    assert (
        own.redact("paul@free.fr via https://un-blog.fr").text == "[EMAIL_1] via [URL_PERSONAL_1]"
    )


def test_presidio_never_logs_what_it_reads(
    redactor: Redactor, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        redactor.redact(MESSAGE)
    output = capfd.readouterr()
    assert not caplog.records
    assert output.out == output.err == ""


_START = """
import sys
from agent.adapters.redactor import PresidioRedactor, spared
assert not {"presidio_analyzer", "spacy"} & sys.modules.keys(), "imported before it is needed"
"""
_REDACTS = """
assert PresidioRedactor(pipelines=()).redact("jean@exemple.fr").text == "[EMAIL_1]"
"""
_SPARES_SPACY = """
assert not any(name.split(".")[0] == "spacy" for name in sys.modules), "spaCy was not spared"
import spacy
assert spacy.blank("fr")("bonjour")[0].text == "bonjour", "a stand-in was left behind"
"""
_WANTS_MORE = """
spared._NAMED = ("spacy",)
"""


@pytest.mark.parametrize(
    "code",
    [_START + _REDACTS + _SPARES_SPACY, _START + _WANTS_MORE + _REDACTS],
    ids=["spares-spacy", "a-presidio-that-wants-more-of-spacy-gets-it"],
)
def test_presidio_is_imported_when_needed_and_without_spacy(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_invalid_pattern_of_the_brand_is_named() -> None:
    broken = CustomIdentifier(name="CARD_NUMBER", pattern="(", examples=("x",))
    with pytest.raises(BrandPackError, match="CARD_NUMBER"):
        PresidioRedactor(custom_identifiers=(broken,), pipelines=())


def test_a_runaway_pattern_of_the_brand_ends_with_a_person() -> None:
    runaway = CustomIdentifier(name="RUNAWAY", pattern=r"(a|aa)+$", examples=("a",))
    own = PresidioRedactor(custom_identifiers=(runaway,), pipelines=())
    with pytest.raises(StepFailed):
        redact("a" * 60 + "b", own)


def test_threads_share_one_redactor(redactor: Redactor) -> None:
    expected = redactor.redact(MESSAGE)
    results: list[bool] = []

    def work() -> None:
        results.extend(redactor.redact(MESSAGE) == expected for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 80
    assert all(results)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "?", "👍🏽", "[", "[EMAIL_", "@", "+33", "\x00", "ß" * 5]
)
def test_odd_texts_come_back_whole(redactor: Redactor, text: str) -> None:
    assert redact(text, redactor).text == text


def test_a_long_message_is_read_in_time_that_grows_with_its_length(redactor: Redactor) -> None:
    for filler in ("a " * 4000, "1 " * 4000, "12 rue " * 1500, "Jean " * 2000, "a.b@c " * 1500):
        redaction = redact(filler + "paul@free.fr", redactor)
        assert "paul@free.fr" not in redaction.text


_PIECES = st.sampled_from(
    [
        "Sophie Lemaire", "lemaire", "06 12 34 56 78", "paul@free.fr", "[EMAIL_1]", "[PERSON_1]",
        "12 rue des Lilas, 75011 Paris", "Rose", "rose", "commande n° 4587123", "née le 3 mai 1990",
        "FR76 3000 6000 0112 3456 7890 189", "@julie_dvt", "merci", ",", "\n", "[", "]", "_1]", "é",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=6), max_size=9).map(" ".join))
def test_whatever_the_text_nothing_found_survives_and_all_is_restorable(text: str) -> None:
    redaction = redact(text, _SHARED)
    issued = [match.group(0) for match in PLACEHOLDER.finditer(redaction.text)]
    assert len(issued) == len(redaction.spans)
    assert set(issued) == set(redaction.values)
    for value in redaction.values.values():
        assert value in text


_SHARED = PresidioRedactor(pipelines=())
