"""A bare link after a full stop is not part of what was said before it."""

import pytest

from knowledge.text.sentences import split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Elle ne contient pas de sucre. https://shop.example/a",
            ["Elle ne contient pas de sucre.", "https://shop.example/a"],
        ),
        ("It is free.\nhttps://shop.example/a", ["It is free.", "https://shop.example/a"]),
        ("Voir p. ex. https://shop.example/a", ["Voir p. ex. https://shop.example/a"]),
        ("Tout est ici : https://shop.example/a", ["Tout est ici : https://shop.example/a"]),
    ],
)
def test_a_link_of_its_own(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in split(text)] == expected
