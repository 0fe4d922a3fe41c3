"""The names of a brand and of its products are nobody's personal data."""

from pathlib import Path

import pytest

from agent.bootstrap import build_redactor, load_brand
from knowledge.sources import read as sources

SAMPLE = Path(sources.__file__).parents[1] / "brands" / "verjolaine"


@pytest.mark.parametrize(
    "text",
    [
        "Are the Croquants de Marius made in Crest?",
        "Les Croquants de Marius contiennent-ils du miel ?",
        "Do the Palets du Vercors contain nuts?",
    ],
)
def test_a_product_named_after_somebody_is_not_masked(text: str) -> None:
    assert build_redactor(load_brand(SAMPLE)).redact(text).text == text


def test_a_person_beside_a_product_still_is() -> None:
    found = build_redactor(load_brand(SAMPLE)).redact(
        "Je m'appelle Julien Delorme et les Croquants de Marius étaient cassés."
    )
    assert "Delorme" not in found.text
    assert "Croquants de Marius" in found.text
