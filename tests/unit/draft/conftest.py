"""A small brand, whole in one file, and the requests that its drafter is tried with."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from agent.domain.brand import Brand, BrandPack, Statement
from agent.domain.channels import ChannelLimits, CountUnit, Limit
from agent.domain.decisions import Category, EscalationReason, Finding, Route, Sentiment, Triage
from agent.domain.ids import GuidelineVersion, MessageId
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.steps.draft import DraftRequest, ExtractiveDrafter
from knowledge.passages import Audience, Band, Hit, Language, Passage, Retrieval

DAY = date(2026, 11, 21)

POLICY: dict[str, Any] = {
    "schema_version": 1,
    "brand": {
        "id": "nuage",
        "name": "Nuage",
        "also_known_as": ["@nuage_fr"],
        "editorial_owner": {"name": "Équipe éditoriale"},
    },
    "languages": {"fr": {"register": "vous"}, "en": {}},
    "situations": [
        {
            "id": "complaint",
            "categories": ["complaint", "order_account"],
            "is_empathy_required": True,
            "emoji_max": 0,
            "exclamation_max": 0,
            "acknowledgements": [
                {
                    "lang": "fr",
                    "text": "Un colis en retard, c’est pénible : nous en sommes désolés.",
                    "cues": ["colis", "livraison", "retard", "pas reçu"],
                },
                {
                    "lang": "fr",
                    "text": "Une théière cassée, quelle déception : toutes nos excuses.",
                    "cues": ["cassé", "brisé", "abîmé"],
                },
                {"lang": "fr", "text": "Nous sommes désolés de cette expérience."},
                {"lang": "fr", "text": "Votre déception est légitime, nous en sommes désolés."},
                {
                    "lang": "en",
                    "text": "A parcel that does not turn up is frustrating: we are sorry.",
                    "cues": ["parcel", "delivery", "package"],
                },
                {"lang": "en", "text": "We are sorry about this."},
            ],
            "closings": {"fr": ["Nous restons à votre écoute."], "en": ["We are here to help."]},
        },
        {
            "id": "praise",
            "categories": ["praise"],
            "emoji_max": 1,
            "acknowledgements": [
                {
                    "lang": "fr",
                    "text": "Merci pour ce joli message, il fait plaisir à toute l’équipe ! 💛",
                },
                {"lang": "fr", "text": "Quel plaisir de vous lire, merci !"},
                {"lang": "en", "text": "Thank you, this made our day!"},
            ],
        },
        {
            "id": "question",
            "acknowledgements": [
                {"lang": "fr", "text": "Merci pour votre question."},
                {"lang": "en", "text": "Thanks for asking."},
            ],
            "closings": {"fr": ["Belle journée !"], "en": ["Have a lovely day!"]},
        },
    ],
    "mechanics": {
        "greetings": {"fr": ["Bonjour !", "Bonjour,"], "en": ["Hello!", "Hi,"]},
        "sign_offs": {"fr": ["– L’équipe Nuage"], "en": ["– The Nuage team"]},
        "is_greeting_required": False,
    },
    "transparency": {
        "disclosure_texts": {
            "fr": ["Réponse préparée avec une IA, relue par notre équipe."],
            "en": ["Drafted with AI, checked by our team."],
        },
        "bot_question_answers": {
            "fr": ["Un assistant prépare nos réponses et une personne de l’équipe relit chacune."],
            "en": ["An assistant drafts our replies and a person on our team checks each one."],
        },
        "unknown_texts": {
            "fr": ["Nous n’avons pas cette information ici : nous transmettons à l’équipe."],
            "en": ["We do not have this information here: we are passing it on to the team."],
        },
        "partial_unknown_texts": {
            "fr": ["Pour votre autre question, nous transmettons à l’équipe."],
        },
    },
    "safety": {"help_statements": {"self_harm": ["help-3114"], "threat": ["help-17"]}},
    "escalation": {
        "teams": [{"id": "care", "name": "Service client"}, {"id": "lead", "name": "Direction"}],
        "routes": [
            {
                "category": "injury_safety",
                "route": "hold",
                "team": "lead",
                "acknowledge_within": "0",
                "statements": ["hold-old", "hold-injury"],
            },
            {
                "category": "gdpr_request",
                "route": "hold",
                "team": "lead",
                "acknowledge_within": "0",
                "statements": ["hold-gdpr"],
            },
            {
                "category": "wants_human",
                "route": "reply_and_escalate",
                "team": "care",
                "acknowledge_within": "1 h",
                "statements": ["hand-off"],
            },
            {
                "category": "unknown_question",
                "route": "reply_and_escalate",
                "team": "care",
                "acknowledge_within": "4 h",
                "own_within": "1 d",
            },
            {
                "category": "faq_question",
                "route": "reply",
                "acknowledge_within": "4 h",
            },
        ],
    },
    "channels": {
        "facebook": {
            "private_paths": {
                "fr": ["Écrivez-nous en message privé depuis cette page."],
                "en": ["Please send us a private message from this page."],
            }
        },
        "x": {},
    },
    "moderation": {"rules": [], "statement_of_reasons": {}},
    "retention": {
        "message": "30 d",
        "draft": "30 d",
        "approved_reply": "30 d",
        "model_trace": "30 d",
    },
}

PASSAGES = (
    Passage(
        id="delivery-time",
        lang=Language.FR,
        question="Quels sont les délais de livraison ?",
        answer=(
            "La livraison standard prend **3 à 5 jours ouvrés** en France métropolitaine. "
            "Elle est offerte dès 45 € d’achat. "
            "Nos colis partent de notre atelier de Nantes, où chaque thé est préparé à la main. "
            "Pour la Belgique, comptez 7 jours ouvrés. "
            "Dans ce cas, les frais sont de 9,90 €."
        ),
        must_include=("en France métropolitaine",),
        next_step="Le suivi vous est envoyé par e-mail au départ du colis.",
        link="https://nuage.example/livraison",
    ),
    Passage(
        id="delivery-time",
        lang=Language.EN,
        question="How long does delivery take?",
        answer="Standard delivery takes 3 to 5 working days in mainland France.",
        must_include=("in mainland France",),
    ),
    Passage(
        id="returns",
        lang=Language.FR,
        question="Comment retourner un article ?",
        answer=(
            "Vous avez 30 jours pour retourner un article non ouvert. "
            "Les frais de retour sont à votre charge."
        ),
    ),
    Passage(
        id="gift-card",
        lang=Language.FR,
        question="Vendez-vous des cartes cadeaux ?",
        answer="Oui, des cartes cadeaux de 20 à 100 € sont en vente sur notre site.",
    ),
    Passage(
        id="order-lookup",
        lang=Language.FR,
        question="Où est ma commande ?",
        answer="Donnez-nous ici votre numéro de commande et nous regardons où en est votre colis.",
        audience=Audience.PRIVATE,
    ),
    Passage(
        id="noel",
        lang=Language.FR,
        question="Y a-t-il une offre de Noël ?",
        answer="L’offre de Noël est de 10 %.",
        valid_until=date(2025, 12, 31),
    ),
)

_STATEMENTS: tuple[dict[str, Any], ...] = (
    {
        "id": "hold-old",
        "kind": "holding",
        "text": "Ancien message.",
        "valid_until": date(2025, 1, 1),
    },
    {
        "id": "hold-injury",
        "kind": "holding",
        "text": "Votre message est pris très au sérieux. Notre équipe qualité le lit maintenant.",
    },
    {
        "id": "hold-gdpr",
        "kind": "holding",
        "text": "Nous lisons votre message. Écrivez-nous en message privé.",
    },
    {
        "id": "hand-off",
        "kind": "holding",
        "text": "Bien sûr : une personne de l’équipe vous répond.",
    },
    {
        "id": "help-3114",
        "kind": "help",
        "text": "Vous pouvez appeler le 3114, gratuit, jour et nuit.",
    },
    {"id": "help-17", "kind": "help", "text": "En cas de danger, appelez le 17."},
    {
        "id": "fact-plastic",
        "kind": "fact",
        "text": "Nos sachets sont sans plastique depuis 2022 : https://nuage.example/sachets",
        "topics": ["sachets-plastique"],
    },
)

Build = Callable[..., DraftRequest]


def brand_pack(**changes: Any) -> BrandPack:
    """Return the pack, with top-level keys of the policy replaced."""
    return BrandPack(
        policy=Brand.model_validate({**POLICY, **changes}),
        passages=PASSAGES,
        statements=tuple(
            Statement(lang=Language.FR, approver="Direction", **values) for values in _STATEMENTS
        ),
        version=GuidelineVersion("0" * 64),
    )


def retrieval_of(
    *ids: str, band: Band = Band.HIGH, lang: Language = Language.FR, **more: Any
) -> Retrieval:
    """Return a retrieval whose hits are these passages, best first."""
    by_key = {passage.key: passage for passage in PASSAGES}
    hits = tuple(
        Hit(passage=by_key[f"{name}@{lang.value}"], score=9.0 - rank)
        for rank, name in enumerate(ids)
    )
    sure = {Band.HIGH: 0.95, Band.MIDDLE: 0.6, Band.LOW: 0.1}[band]
    return Retrieval(hits=hits, band=band, answerable=sure, **more)


def triage_of(
    category: Category = Category.FAQ_QUESTION,
    *,
    also: Sequence[Category] = (),
    lang: Language = Language.FR,
    route: Route = Route.REPLY,
    reason: EscalationReason | None = None,
    sentiment: Sentiment = Sentiment.NEUTRAL,
    **more: Any,
) -> Triage:
    """Return a triage that leads with `category`."""
    findings = tuple(Finding(category=one, score=1.0) for one in (category, *also))
    return Triage(
        language=lang,
        language_confidence=0.99,
        category=category,
        findings=more.pop("findings", findings),
        sentiment=sentiment,
        route=route,
        reason=reason,
        **more,
    )


def request_of(
    text: str = "Bonjour, la livraison prend combien de temps ?",
    triage: Triage | None = None,
    retrieval: Retrieval | None = None,
    *,
    channel: str = "facebook",
    surface: Surface = Surface.PUBLIC,
    message_id: str = "m1",
    thread: tuple[ThreadEntry, ...] = (),
    public_max: int | None = None,
    **limits: Any,
) -> DraftRequest:
    """Return a request; `public_max` is the channel's limit in code points."""
    bound = (Limit(unit=CountUnit.CODE_POINTS, max=public_max),) if public_max else ()
    return DraftRequest(
        message=InboundMessage(
            id=MessageId(message_id), text=text, channel=channel, surface=surface, thread=thread
        ),
        text=text,
        triage=triage or triage_of(),
        retrieval=retrieval if retrieval is not None else retrieval_of("delivery-time", "returns"),
        limits=ChannelLimits(network=channel, public=bound, **limits),
        day=DAY,
    )


@pytest.fixture
def pack_with() -> Callable[..., BrandPack]:
    return brand_pack


@pytest.fixture
def drafter() -> ExtractiveDrafter:
    return ExtractiveDrafter(brand_pack())


@pytest.fixture
def request_with() -> Build:
    return request_of


@pytest.fixture
def triage_with() -> Callable[..., Triage]:
    return triage_of


@pytest.fixture
def found() -> Callable[..., Retrieval]:
    return retrieval_of
