"""A chat model in triage: it adds what nobody saw, and its failure takes nothing away."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.bootstrap import load_brand
from agent.domain.brand import BrandPack
from agent.domain.decisions import Category, EscalationReason, Route, Triage
from agent.domain.errors import ModelError, ModelRefused, ModelUnavailable
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage
from agent.steps.triage import ModelClassifier, Triager
from agent.testing import ScriptedChatModel
from prompts.library import shipped

BRAND = Path(__file__).parents[3] / "knowledge" / "brands" / "verjolaine"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CALM = "Bonjour, quels moyens de paiement acceptez-vous ?"


@pytest.fixture(scope="module")
def pack() -> BrandPack:
    return load_brand(BRAND)


def triage(pack: BrandPack, text: str, said: dict[str, Any] | ModelError) -> Triage:
    model = ScriptedChatModel([said])
    identity = pack.policy.brand
    classifier = ModelClassifier(identity.id, identity.name, model, shipped())
    message = InboundMessage(id=MessageId("m"), text=text)
    found = Triager(pack.policy, classifier).triage(text, message, NOW)
    assert len(model.requests) == 1
    assert text in model.requests[0].user
    return found


def finds(category: str, words: str) -> dict[str, Any]:
    return {"findings": [{"category": category, "words": words}], "is_injection": False}


NOTHING = {"findings": [], "is_injection": False}


def test_a_finding_raises_the_category_and_keeps_its_words(pack: BrandPack) -> None:
    text = "Bonjour, où en est notre échange de mardi pour le numéro de janvier ?"
    assert triage(pack, text, NOTHING).category is not Category.PRESS
    found = triage(pack, text, finds("press", "le numéro de janvier"))
    assert found.category is Category.PRESS
    evidence = found.findings[0].evidence[0]
    assert text[evidence.start : evidence.end] == evidence.text == "le numéro de janvier"
    assert evidence.found_by == "model:scripted.press"


def test_words_that_are_not_there_stand_for_the_whole_text(pack: BrandPack) -> None:
    found = triage(pack, CALM, finds("legal_threat", "mon avocat"))
    assert found.findings[0].evidence[0].text == CALM


def test_a_model_that_sees_nothing_lowers_nothing(pack: BrandPack) -> None:
    text = "Je vais saisir mon avocat."
    assert triage(pack, text, NOTHING).category is Category.LEGAL_THREAT


def test_an_injection_it_sees_is_withheld(pack: BrandPack) -> None:
    found = triage(pack, CALM, NOTHING | {"is_injection": True})
    assert found.is_injection
    assert found.reason is EscalationReason.INJECTION
    assert found.route is Route.ESCALATE


@pytest.mark.parametrize("failure", [ModelUnavailable("c", "down"), ModelRefused("c", "no")])
def test_a_failure_leaves_the_rules_word(pack: BrandPack, failure: ModelError) -> None:
    calm = triage(pack, CALM, failure)
    assert calm.model_failure == failure.cause
    assert calm.model_copy(update={"model_failure": ""}) == triage(pack, CALM, NOTHING)
    assert triage(pack, "Je vais saisir mon avocat.", failure).category is Category.LEGAL_THREAT


@pytest.mark.parametrize("category", ["spam_scam", "troll_hate"])
def test_its_word_alone_hides_no_customer(pack: BrandPack, category: str) -> None:
    text = "Ma commande [ORDER_ID_1] n'est toujours pas arrivée."
    found = triage(pack, text, finds(category, text))
    assert found == triage(pack, text, NOTHING)
    assert found.route is Route.REPLY_AND_ESCALATE


@pytest.mark.parametrize(
    "text",
    [
        "my order [ORDER_ID_1] is missing, my email is [EMAIL_1], phone [PHONE_1]",
        "Je veux être remboursé, voici mon IBAN [IBAN_1]",
        "Ma commande [ORDER_ID_1] n'est pas arrivée. Écrivez-moi à [EMAIL_1] ou au [PHONE_1]",
    ],
)
def test_who_leaves_an_address_about_an_order_is_no_spammer(pack: BrandPack, text: str) -> None:
    message = InboundMessage(id=MessageId("m"), text=text)
    found = Triager(pack.policy).triage(text, message, NOW)
    assert Category.SPAM_SCAM not in found.categories()
    assert found.route is Route.REPLY_AND_ESCALATE
