"""Same value, same placeholder; no occurrence left; nothing typed by a customer restorable."""

import pytest

from agent.adapters.redactor.masking import mask
from agent.adapters.redactor.overlaps import resolve
from agent.domain.redaction import PLACEHOLDER, PersonalDataSpan


def _span(text: str, value: str, kind: str, score: float = 0.9, nth: int = 0) -> PersonalDataSpan:
    start = -1
    for _ in range(nth + 1):
        start = text.index(value, start + 1)
    return PersonalDataSpan(type=kind, start=start, end=start + len(value), score=score)


def _never(_: str) -> bool:
    return False


def test_placeholders_are_numbered_from_left_to_right_for_each_type() -> None:
    text = "a@b.fr puis Léa puis c@d.fr"
    spans = [
        _span(text, "c@d.fr", "EMAIL"),
        _span(text, "Léa", "PERSON"),
        _span(text, "a@b.fr", "EMAIL"),
    ]
    redaction = mask(text, spans, _never)
    assert redaction.text == "[EMAIL_1] puis [PERSON_1] puis [EMAIL_2]"
    assert redaction.restore(redaction.text) == text


def test_other_occurrences_are_masked_whatever_their_case_and_spacing() -> None:
    text = "FR76 3000 ok ; fr763000 ; Fr76-3000"
    redaction = mask(text, [_span(text, "FR76 3000", "IBAN")], _never)
    assert redaction.text == "[IBAN_1] ok ; [IBAN_1] ; [IBAN_1]"


def test_a_surname_alone_after_the_full_name_gets_the_same_placeholder() -> None:
    text = "Sophie Lemaire. Rappelez LEMAIRE, ou sophie."
    redaction = mask(text, [_span(text, "Sophie Lemaire", "PERSON")], _never)
    assert redaction.text == "[PERSON_1]. Rappelez [PERSON_1], ou [PERSON_1]."
    assert redaction.values == {"[PERSON_1]": "Sophie Lemaire"}


def test_a_full_name_after_the_surname_alone_is_the_same_person() -> None:
    text = "Lemaire attend. C'est Sophie Lemaire."
    spans = [_span(text, "Lemaire", "PERSON"), _span(text, "Sophie Lemaire", "PERSON")]
    redaction = mask(text, spans, _never)
    assert redaction.text == "[PERSON_1] attend. C'est [PERSON_1]."
    assert redaction.values == {"[PERSON_1]": "Sophie Lemaire"}


def test_two_people_of_one_family_stay_two() -> None:
    text = "Aliou Diop et Penda Diop"
    spans = [_span(text, "Aliou Diop", "PERSON"), _span(text, "Penda Diop", "PERSON")]
    assert mask(text, spans, _never).text == "[PERSON_1] et [PERSON_2]"


def test_a_name_that_is_a_word_is_masked_elsewhere_only_as_written() -> None:
    text = "Rose Martin : la couleur rose, dit Rose."
    redaction = mask(text, [_span(text, "Rose Martin", "PERSON")], lambda name: name == "Rose")
    assert redaction.text == "[PERSON_1] : la couleur rose, dit [PERSON_1]."


def test_a_short_name_inside_another_word_is_left_alone() -> None:
    text = "Lou aime le Louvre"
    assert mask(text, [_span(text, "Lou", "PERSON")], _never).text == "[PERSON_1] aime le Louvre"


def test_the_same_phone_with_and_without_country_code_is_one() -> None:
    text = "+33 6 12 34 56 78 ou 06 12 34 56 78"
    spans = [_span(text, "+33 6 12 34 56 78", "PHONE"), _span(text, "06 12 34 56 78", "PHONE")]
    assert mask(text, spans, _never).text == "[PHONE_1] ou [PHONE_1]"


@pytest.mark.parametrize(
    "typed",
    ["[EMAIL_1]", "[ EMAIL_1 ]", "[email_1]", "[PERSON_1]", "[[EMAIL_1]]", "[SIRET_SIREN_12]"],
)
def test_a_placeholder_typed_by_the_customer_restores_nothing(typed: str) -> None:
    text = f"{typed} et a@b.fr"
    redaction = mask(text, [_span(text, "a@b.fr", "EMAIL")], _never)
    assert redaction.restore(redaction.text).count("a@b.fr") == 1
    issued = PLACEHOLDER.findall(redaction.text)
    assert len(issued) == len(redaction.spans) == 1


def test_a_text_without_findings_loses_its_typed_placeholders_too() -> None:
    assert mask("dis [EMAIL_1] stp", [], _never).text == "dis (EMAIL_1) stp"


def test_the_surer_finding_stands_and_the_rest_of_the_other_is_kept() -> None:
    text = "12 rue du Lac a@b.fr Annecy"
    spans = [
        PersonalDataSpan(type="ADDRESS", start=0, end=len(text), score=0.8),
        _span(text, "a@b.fr", "EMAIL", score=0.99),
    ]
    kept = resolve(text, spans)
    assert [(one.type, text[one.start : one.end]) for one in kept] == [
        ("ADDRESS", "12 rue du Lac"),
        ("EMAIL", "a@b.fr"),
        ("ADDRESS", "Annecy"),
    ]


def test_a_person_inside_an_address_is_a_street_name() -> None:
    text = "12 rue Victor Hugo"
    spans = [
        PersonalDataSpan(type="ADDRESS", start=0, end=len(text), score=0.7),
        _span(text, "Victor Hugo", "PERSON", score=0.9),
    ]
    assert [one.type for one in resolve(text, spans)] == ["ADDRESS"]


def test_the_order_of_findings_does_not_matter() -> None:
    text = "4111 1111 1111 1111"
    spans = [_span(text, text, kind, score=0.9) for kind in ("PHONE", "CARD", "ORDER_ID")]
    assert resolve(text, spans) == resolve(text, spans[::-1])
