"""A text is counted as the network counts it."""

import pytest

from agent.domain.channels import CountUnit, Limit
from agent.domain.counting import count, find_emoji, graphemes, is_within

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇫🇷"


def _limit(unit: CountUnit, maximum: int = 10, **rest: object) -> Limit:
    return Limit.model_validate({"unit": unit, "max": maximum, **rest})


COUNTS: list[tuple[CountUnit, str, int]] = [
    (CountUnit.CODE_POINTS, "été", 3),
    (CountUnit.CODE_POINTS, FAMILY, 7),
    (CountUnit.GRAPHEMES, FAMILY, 1),
    (CountUnit.GRAPHEMES, "e\u0301t\u00e9", 3),
    (CountUnit.UTF16, "😊a", 3),
    (CountUnit.UTF8_BYTES, "é😊", 6),
    (CountUnit.WEIGHTED, "été", 3),
    (CountUnit.WEIGHTED, FAMILY, 2),
    (CountUnit.WEIGHTED, FLAG, 2),
    (CountUnit.WEIGHTED, "日本", 4),
    (CountUnit.WEIGHTED, "« a – b … »", 12),
    (CountUnit.WEIGHTED, "1️⃣", 2),
]


@pytest.mark.parametrize(("unit", "text", "expected"), COUNTS)
def test_counts_in_the_unit(unit: CountUnit, text: str, expected: int) -> None:
    assert count(text, _limit(unit)) == expected


@pytest.mark.parametrize("link", ["https://example.org/a/very/long/path?x=1", "exemple.fr/aide"])
def test_a_link_has_the_weight_of_the_network(link: str) -> None:
    limit = _limit(CountUnit.WEIGHTED, 280, link_weight=23)
    assert count(f"Voir {link}.", limit) == 5 + 23 + 1


def test_the_domain_of_a_mention_is_free_on_mastodon() -> None:
    limit = _limit(CountUnit.CODE_POINTS, 500, link_weight=23, is_mention_domain_free=True)
    assert count("@lea@mastodon.example Merci", limit) == len("@lea Merci")


def test_every_limit_must_hold() -> None:
    both = (_limit(CountUnit.GRAPHEMES, 5), _limit(CountUnit.UTF8_BYTES, 10))
    assert is_within("abcde", both)
    assert not is_within("ééééé😊", both)
    assert not is_within("é" * 5 + "e", both)
    assert is_within("anything", ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Merci 😊", ["😊"]),
        (f"{FAMILY}{FLAG}", [FAMILY, FLAG]),
        ("Croc'Lune® 12 #1", []),
        ("❤️", ["❤️"]),
    ],
)
def test_finds_emoji(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_emoji(text)] == found


def test_graphemes() -> None:
    assert graphemes(f"a{FAMILY}") == ["a", FAMILY]
