"""What is the brand's own stays readable, however it is written."""

import pytest

from agent.adapters.redactor.compact import compact
from agent.adapters.redactor.own_contacts import OwnContacts
from agent.domain.redaction import PersonalDataSpan

OWN = OwnContacts(
    ("contact@maisonbrume.fr", "09 70 80 90 00", "https://www.maisonbrume.fr", "@maison.brume"),
    ("Maison Brume",),
)


def _left(text: str, kind: str) -> bool:
    span = PersonalDataSpan(type=kind, start=0, end=len(text), score=0.9)
    return not OWN.without_own(compact(text), [span])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Contact@MaisonBrume.fr", "EMAIL"),
        ("0970809000", "PHONE"),
        ("+33 9 70 80 90 00", "PHONE"),
        ("https://maisonbrume.fr/aide", "URL_PERSONAL"),
        ("boutique.maisonbrume.fr", "URL_PERSONAL"),
        ("maison-brume.com", "URL_PERSONAL"),
        ("@MaisonBrume", "HANDLE"),
        ("@maison.brume", "HANDLE"),
        ("Maison Brume", "PERSON"),
    ],
)
def test_own_is_left(text: str, kind: str) -> None:
    assert _left(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("julie@maisonbrume.fr", "EMAIL"),
        ("06 12 34 56 78", "PHONE"),
        ("https://maisonbrume.fr.arnaque.com", "URL_PERSONAL"),
        ("@brume_sav_officiel", "HANDLE"),
        ("Marc Brume", "PERSON"),
    ],
)
def test_what_only_resembles_the_brand_is_not_left(text: str, kind: str) -> None:
    assert not _left(text, kind)
