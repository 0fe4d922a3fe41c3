"""A reply without any limit, beside a passage that sets one on the matter, is for a person."""

from datetime import UTC, datetime

import pytest

from agent.domain.checks import CheckSubject, Verdict
from agent.steps.check import Rubric
from knowledge.passages import Language, Passage

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
REASON = "A passage sets a limit that the reply leaves out."


def _reason(rubric: Rubric, lang: Language, message: str, reply: str, source: str) -> str:
    passage = Passage(id="given", lang=lang, question="", answer=source)
    subject = CheckSubject(message=message, reply=reply, lang=lang, passages=(passage,), now=NOW)
    checks = rubric.check(subject, None).checks
    (x3,) = [check for check in checks if check.rule.startswith("X3")]
    return x3.reason if x3.verdict is Verdict.ABSTAIN else ""


@pytest.mark.parametrize(
    ("lang", "message", "reply", "source"),
    [
        (
            Language.FR,
            "On peut louer des draps au camping ?",
            "Oui, la location de draps est proposée à 9 € par lit, directement à l'accueil.",
            "Location de draps : 9 € par lit, à réserver en ligne. Non disponible à l'accueil.",
        ),
        (
            Language.EN,
            "Can I use a coupon online?",
            "Coupons can be used in store and online.",
            "Coupons: accepted in store. Not accepted online.",
        ),
    ],
)
def test_a_limit_left_out_is_read(
    rubric: Rubric, lang: Language, message: str, reply: str, source: str
) -> None:
    assert _reason(rubric, lang, message, reply, source) == REASON


@pytest.mark.parametrize(
    ("lang", "message", "reply", "source"),
    [
        (
            Language.EN,
            "Can I use a coupon online?",
            "Coupons are accepted in store, not online.",
            "Coupons: accepted in store. Not accepted online.",
        ),
        (
            Language.FR,
            "Où vous trouver ?",
            "La boutique est au 12 rue des Alpes.",
            "La boutique est au 12 rue des Alpes. Le parking n'est pas couvert.",
        ),
    ],
)
def test_a_limit_taken_up_or_of_another_matter_is_no_doubt(
    rubric: Rubric, lang: Language, message: str, reply: str, source: str
) -> None:
    assert _reason(rubric, lang, message, reply, source) != REASON
