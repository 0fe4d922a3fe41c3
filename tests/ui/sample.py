"""The seeds of the desk's tests, most urgent first: the order of the queue."""

from datetime import timedelta

from agent.domain.decisions import Category, EscalationReason, Route, Urgency
from agent.domain.drafts import NoteKind
from agent.domain.messages import Surface, ThreadEntry
from knowledge.passages import Band, Language
from tests.ui.seeds import HOSTILE, NOW, Seed

INJURY = Seed(
    name="injury",
    text="Votre bouilloire m'a brûlé la main, j'ai vu un médecin ce matin.",
    category=Category.INJURY_SAFETY,
    route=Route.HOLD,
    urgency=Urgency.CRITICAL,
    channel="x",
    evidence="brûlé la main",
    passages=(),
    band=Band.LOW,
    team="quality",
    reason=EscalationReason.CATEGORY_POLICY,
    notes=(NoteKind.SPECIALIST_WRITES,),
    due_minutes=12,
)
COMPLAINT = Seed(
    name="complaint",
    text=(
        "Dix jours que j'attends ma commande MV-48213 et personne ne répond au 06 39 98 12 34."
        " Vous comptez faire quelque chose ?"
    ),
    category=Category.COMPLAINT,
    route=Route.REPLY_AND_ESCALATE,
    urgency=Urgency.HIGH,
    author="Claire D.",
    evidence="personne ne répond",
    passages=("delivery-late", "delivery-time", "delivery-tracking"),
    public=(
        "Bonjour,\nDix jours d'attente sans réponse, c'est long : nous en sommes désolés."
        " Écrivez-nous en message privé depuis cette page, l'équipe s'en occupe."
    ),
    private="Bonjour,\nMerci de nous écrire ici. Nous reprenons votre dossier.",
    values={"[ORDER_ID_1]": "MV-48213", "[PHONE_1]": "06 39 98 12 34"},
    team="care",
    reason=EscalationReason.PERSONAL_MATTER,
    due_minutes=35,
    thread=(
        ThreadEntry(
            author="Claire D.",
            text="Commande passée, hâte de goûter vos tisanes.",
            created_at=NOW - timedelta(days=12),
        ),
        ThreadEntry(
            author="brand",
            text="Merci Claire, bonne dégustation.",
            created_at=NOW - timedelta(days=11),
        ),
    ),
)
DELIVERY = Seed(
    name="delivery",
    text="Bonjour, vous livrez en combien de temps ?",
    category=Category.FAQ_QUESTION,
    channel="facebook",
    evidence="livrez en combien de temps",
    passages=(
        "delivery-time",
        "delivery-cost",
        "delivery-late",
        "delivery-tracking",
        "account-app",
    ),
    due_minutes=180,
)
PASSWORD = Seed(
    name="password",
    text="Bonjour, j'ai oublié mon mot de passe, comment faire ?",
    category=Category.FAQ_QUESTION,
    channel="instagram",
    passages=("account-password", "account-email", "account-locked"),
    due_minutes=200,
)
APP = Seed(
    name="app",
    text="Avez-vous une application pour téléphone ?",
    category=Category.FAQ_QUESTION,
    channel="mastodon",
    passages=("account-app", "account-site-bug"),
    due_minutes=220,
)
TROLL = Seed(
    name="troll",
    text="Bande de minables, allez tous crever.",
    category=Category.TROLL_HATE,
    route=Route.MODERATE,
    channel="instagram",
    passages=(),
    band=Band.LOW,
    is_toxic=True,
    evidence="Bande de minables",
    notes=(NoteKind.MODERATE,),
    due_minutes=300,
)
MARKUP = Seed(
    name="markup",
    text=HOSTILE,
    category=Category.UNKNOWN_QUESTION,
    lang=Language.EN,
    channel="discourse",
    author="<b>mallory</b>",
    evidence="are your tisanes vegan?",
    passages=(
        "allergens-vegan",
        "allergens-list",
        "allergens-gluten",
        "allergens-nuts",
        "account-app",
    ),
    band=Band.MIDDLE,
    reason=EscalationReason.UNSURE_ANSWER,
    notes=(NoteKind.UNSURE,),
    due_minutes=320,
)
ENGLISH = Seed(
    name="english",
    text="Hi! How long does delivery take?",
    category=Category.FAQ_QUESTION,
    lang=Language.EN,
    channel="x",
    passages=("delivery-time", "delivery-cost", "delivery-late"),
    due_minutes=340,
)
PRIVATE = Seed(
    name="private",
    text="Bonjour, comment changer mon adresse e-mail ?",
    category=Category.FAQ_QUESTION,
    surface=Surface.PRIVATE,
    channel="facebook",
    passages=("account-email", "account-password"),
    due_minutes=360,
)
SAMPLE = (INJURY, COMPLAINT, DELIVERY, PASSWORD, APP, TROLL, MARKUP, ENGLISH, PRIVATE)


def routine(number: int) -> Seed:
    """Return one more known question, after all the others."""
    return Seed(
        name=f"routine-{number:03}",
        text=f"Bonjour, question {number} : peut-on suivre son colis ?",
        category=Category.FAQ_QUESTION,
        urgency=Urgency.LOW,
        passages=("delivery-tracking", "delivery-time", "delivery-cost"),
        due_minutes=400 + number,
    )
