from collections.abc import Callable

import pytest

from agent.domain.brand import Brand, BrandPack
from agent.domain.brand.identity import Register
from agent.domain.decisions import Category, Sentiment, Triage
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage, ThreadEntry
from agent.steps.draft.acknowledge import acknowledgements
from agent.steps.draft.compose import Kind, Part
from agent.steps.draft.mood import Mood, mood_of
from agent.steps.draft.phrases import Chooser, brand_said, invites_to_private, register_of
from agent.steps.draft.polish import count_questions, polished
from agent.steps.draft.request import Style
from knowledge.passages import Language

PackWith = Callable[..., BrandPack]
TriageWith = Callable[..., Triage]

OPTIONS = ("Bonjour !", "Bonjour,", "Hello !", "Bienvenue !")


def message(**changes: object) -> InboundMessage:
    return InboundMessage.model_validate({"id": MessageId("m1"), "text": "Bonjour", **changes})


def test_the_same_message_always_gets_the_same_phrase() -> None:
    assert Chooser("nuage|m1").pick(OPTIONS, "greeting") == Chooser("nuage|m1").pick(
        OPTIONS, "greeting"
    )


def test_different_messages_get_different_phrases() -> None:
    picked = {Chooser(f"nuage|m{n}").pick(OPTIONS, "greeting") for n in range(40)}
    assert picked == set(OPTIONS)


def test_a_phrase_already_said_in_the_thread_is_not_fresh() -> None:
    chooser = Chooser("nuage|m1", said=("BONJOUR ! Merci à vous.", "hello, ça va"))
    assert chooser.pick_fresh(OPTIONS, "greeting") == "Bienvenue !"
    assert Chooser("nuage|m1", said=("Bonjour hello bienvenue",)).pick_fresh(OPTIONS, "g") == ""


@pytest.mark.parametrize(
    ("text", "register"),
    [
        ("Pouvez-vous nous écrire ?", Register.VOUS),
        ("Écrivez-nous.", Register.VOUS),
        ("Tu peux nous écrire.", Register.TU),
        ("Dis-nous où en est ta commande.", Register.TU),
        ("S’il vous plaît, prenez rendez-vous.", Register.VOUS),
        ("Rendez-vous en boutique.", None),
        ("Bonjour !", None),
        ("Passez chez nous, tu verras.", None),
    ],
)
def test_register_is_read_from_words_that_address_the_reader(
    text: str, register: Register | None
) -> None:
    assert register_of(text) is register


def test_a_brand_that_mirrors_keeps_one_register() -> None:
    both = ("Écris-nous quand tu veux.", "Écrivez-nous quand vous voulez.")
    chooser = Chooser("s", lang=Language.FR, register=Register.TU)
    assert chooser.pick(both, "path") == both[0]
    assert Chooser("s", lang=Language.FR, register=Register.VOUS).pick(both, "path") == both[1]


@pytest.mark.parametrize("author", ["brand", "Nuage", "@Nuage_FR", "nuage"])
def test_our_own_entries_of_a_thread_are_known_by_any_of_our_names(
    pack_with: PackWith, author: str
) -> None:
    thread = (ThreadEntry(author="Zoé", text="?"), ThreadEntry(author=author, text="Bonjour !"))
    assert brand_said(message(thread=thread), pack_with().policy) == ("Bonjour !",)


def test_nobody_else_speaks_for_the_brand(pack_with: PackWith) -> None:
    thread = (ThreadEntry(author="nuage_fan", text="Bonjour !"),)
    assert brand_said(message(thread=thread), pack_with().policy) == ()


def mood_for(policy: Brand, triage: Triage) -> Mood:
    return mood_of(policy, triage, message())


@pytest.mark.parametrize(
    ("category", "situation"),
    [
        (Category.COMPLAINT, "complaint"),
        (Category.MIXED, "complaint"),
        (Category.PRAISE, "praise"),
        (Category.FAQ_QUESTION, "question"),
        (Category.PURCHASE_INTENT, "question"),
    ],
)
def test_each_category_has_its_situation(
    pack_with: PackWith, triage_with: TriageWith, category: Category, situation: str
) -> None:
    mood = mood_for(pack_with().policy, triage_with(category))
    assert mood.situation is not None
    assert mood.situation.id == situation


def test_a_question_asked_in_anger_gets_the_words_of_a_complaint(
    pack_with: PackWith, triage_with: TriageWith
) -> None:
    triage = triage_with(Category.FAQ_QUESTION, sentiment=Sentiment.NEGATIVE)
    mood = mood_for(pack_with().policy, triage)
    assert mood.situation is not None
    assert mood.situation.id == "complaint"
    assert (mood.exclamations, mood.emoji, mood.is_empathy_required) == (0, 0, True)


def test_praise_that_hides_a_complaint_gets_no_emoji(
    pack_with: PackWith, triage_with: TriageWith
) -> None:
    triage = triage_with(Category.MIXED, also=[Category.PRAISE, Category.COMPLAINT])
    assert mood_for(pack_with().policy, triage).emoji == 0


@pytest.mark.parametrize(
    ("text", "lang", "start"),
    [
        ("Toujours pas de colis, 3 semaines de retard", Language.FR, "Un colis en retard"),
        ("ma theiere est arrivee CASSEE", Language.FR, "Une théière cassée"),
        ("g pas recu mon colis", Language.FR, "Un colis en retard"),
        ("my package never came", Language.EN, "A parcel that does not turn up"),
        ("this is bad", Language.EN, "We are sorry about this."),
    ],
)
def test_the_acknowledgement_names_the_problem_of_the_message(
    pack_with: PackWith, triage_with: TriageWith, text: str, lang: Language, start: str
) -> None:
    mood = mood_for(pack_with().policy, triage_with(Category.COMPLAINT, lang=lang))
    first = next(texts for texts in acknowledgements(mood, text, lang, Style.FULL) if texts)
    assert first[0].startswith(start)


GENERAL = (
    "Nous sommes désolés de cette expérience.",
    "Votre déception est légitime, nous en sommes désolés.",
)


def test_a_problem_nobody_mentioned_is_never_named(
    pack_with: PackWith, triage_with: TriageWith
) -> None:
    mood = mood_for(pack_with().policy, triage_with(Category.COMPLAINT))
    offered = list(acknowledgements(mood, "Je suis très déçue", Language.FR, Style.FULL))
    assert offered == [(), GENERAL]


def test_plainer_styles_say_less(pack_with: PackWith, triage_with: TriageWith) -> None:
    mood = mood_for(pack_with().policy, triage_with(Category.COMPLAINT))
    text = "colis en retard"
    assert list(acknowledgements(mood, text, Language.FR, Style.PLAIN)) == [GENERAL]
    assert list(acknowledgements(mood, text, Language.FR, Style.BARE)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Écrivez-nous en message privé.", True),
        ("Une commande à modifier, cela se traite en privé.", True),
        ("Please send us a direct message.", True),
        ("Envoyez-nous un MP.", True),
        ("Des thés de private estates.", False),
        ("Écrivez-nous à aide@nuage.example.", False),
    ],
)
def test_an_invitation_to_write_in_private_is_known(
    text: str,
    expected: bool,
) -> None:
    assert invites_to_private(text) is expected


def test_courtesy_is_softened_before_the_answer_and_approved_words_never() -> None:
    parts = (
        Part(Kind.GREETING, "Bonjour !"),
        Part(Kind.BOT, "Un assistant, oui !"),
        Part(Kind.ANSWER, "C’est offert !", "p"),
        Part(Kind.CLOSING, "À bientôt ! 💛"),
        Part(Kind.DISCLOSURE, "IA, relu !"),
    )
    calm = polished(parts, Mood(None, 0, 0, None, is_empathy_required=True))
    assert [part.text for part in calm] == [
        "Bonjour,",
        "Un assistant, oui !",
        "C’est offert.",
        "À bientôt.",
        "IA, relu !",
    ]
    assert polished(parts, Mood(None, 9, 1, None, is_empathy_required=False)) == parts


def test_the_mark_inside_a_link_is_no_question() -> None:
    assert count_questions("Voir https://nuage.example/aide?lang=fr pour plus.") == 0
    assert count_questions("Quel est le modèle\u202f? Merci.") == 1
