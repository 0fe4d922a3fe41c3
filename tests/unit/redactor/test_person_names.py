"""Names of every origin, in every case, after every cue; and the words they resemble."""

import pytest

from agent.adapters.redactor.detectors.person import find_people

ALONE = [
    "Sophie Lemaire", "Karim Benali", "Awa Traoré", "Nguyen Thi Lan", "Nguyễn Thị Hương",
    "Wei Zhang", "Gwenaëlle Tanguy", "Jean-Baptiste Le Goff", "João da Silva",
    "Gonçalves Pereira", "Yilmaz Kaya", "Thierry N'Guessan", "Marie-Ange Telchid",
    "Hery Rakotomalala", "Sunita Ramsamy", "Hiroshi Tanaka", "Zbigniew Kowalski",
    "Siobhán Murphy", "Oluwaseun Adeyemi", "Bouchra El Idrissi", "Samira Aït Ahmed",
    "Antoine de La Tour", "Thibault d'Harcourt", "Hervé de Kersauson", "Íñigo Fernández",
    "Luca Bianchi", "Paolo Conti", "Dimitri Papadopoulos", "Björn Eriksson", "Olena Shevchenko",
    "Priya Patel", "Mamadou Lamine Cissé", "Fatoumata Diallo", "Ousmane Sow", "Chinedu Okafor",
    "Tigran Petrosyan", "Rivka Abitbol", "Teiki Tetuanui", "Ewen Kerbrat", "Itziar Etcheverry",
    "Ange Santoni", "KERVIEL Jérôme", "Rose Martin", "Pierre Blanchard", "Marine Olivier",
    "Prune Delmas", "J. Martin", "Slimane B.", "Soib K. Kishiev", "Samuel Eto'o Fils",
]  # fmt: skip
IN_A_SENTENCE = [
    ("je m'appelle xqzora et je suis déçue", "xqzora"),
    ("bjr jsuis mohamed", "mohamed"),
    ("c'est karim, tu réponds ?", "karim"),
    ("mr blanc m'a insulté", "blanc"),
    ("Madame Petit attend", "Petit"),
    ("M. et Mme Boulanger", "Boulanger"),
    ("Le Dr Kaboré", "Kaboré"),
    ("ma femme fleur dumas", "fleur dumas"),
    ("Ma fille Inès s'est coupée", "Inès"),
    ("votre collègue Violette", "Violette"),
    ("Merci à Violette et Constance", "Constance"),
    ("Je m'appelle Claire et c'est clair", "Claire"),
    ("Ici Max, je veux un remboursement", "Max"),
    ("Cordialement,\nNadège Leconte", "Nadège Leconte"),
    ("Cdt, Yannick", "Yannick"),
    ("Bonjour Rose, merci", "Rose"),
    ("réservation au nom de moreau", "moreau"),
    ("Nom : Rakotomalala", "Rakotomalala"),
    ("Théo et Jade vous remercient", "Jade"),
    ("Marine m'a répondu hier", "Marine"),
    ("JE M'APPELLE FATIMA ZOHRA ET JE SUIS EN COLÈRE", "FATIMA ZOHRA"),
    ("pk jessica ma bloqué", "jessica"),
    ("My name is Emily Carter", "Emily Carter"),
    ("This is Oluwaseun Adeyemi", "Oluwaseun Adeyemi"),
    ("Dear Mr Grant, hello", "Grant"),
    ("said Hartvigsson.", "Hartvigsson"),
    ("Karim Benali's order", "Karim Benali"),
]
LEFT_ALONE = [  # a line, an origin or two
    "Le pull existe-t-il en rose et en bleu marine ?",
    "Pierre naturelle ou reconstituée ?",
    "Claire et nette, votre réponse",
    "J'ai un iPhone 15 Pro Max",
    "La tarte aux prunes et l'huile d'olive",
    "J'ai effeuillé la marguerite",
    "Le fauteuil Oscar en velours vert",
    "La robe Louise taille-t-elle grand ?",
    "Vos bougies Camille et Jasmin sont divines",
    "Je cherche le tapis « Marguerite »",
    "the Charlotte dress is lovely",
    "Chez Leroy Merlin c'est moins cher",
    "Yves Rocher fait le même",
    "J'ai lu Victor Hugo",
    "Livraison à Florence ou à Nancy ?",
    "la rue de Rivoli et la place Jean Jaurès",
    "Je suis Breton et fier de l'être",
    "Je suis furieuse",
    "Madame, Monsieur,",
    "Bonjour Décathlon",
    "Bonjour Service Client",
    "Cordialement, une cliente déçue",
    "Cordialement.\nEnvoyé de mon iPhone",
    "Je m'appelle comment déjà ?",
    "Au nom de la loi",
    "Le roi du SAV",
    "Moi c'est pareil",
    "C'est Noël avant l'heure",
    "mon jean neuf a déteint",
    "un petit geste, un grand merci",
    "May I return it?",
    "I don't will it",
    "Best regards",
    "X-ray technician",
    "I'm German, do you ship to Berlin?",
    "Johnson Inc. is a bank",
    "Attention, le leclerc d'à côté est moins cher",
    "DU JAMAIS VU, SCANDALEUX",
]


def _names(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_people(text)]


@pytest.mark.parametrize("name", ALONE)
@pytest.mark.parametrize("frame", ["{}", "Bonjour, {} attend son colis.", "Demandez à {}, merci"])
def test_a_full_name_needs_no_cue(name: str, frame: str) -> None:
    assert name in _names(frame.format(name))


@pytest.mark.parametrize(("text", "name"), IN_A_SENTENCE)
def test_found_in_a_sentence(text: str, name: str) -> None:
    assert name in _names(text)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert _names(text) == []


def test_the_title_is_not_part_of_the_name() -> None:
    assert _names("Monsieur M. Ly et Mme Le Bihan") == ["Ly", "Le Bihan"]


def test_swapping_the_origin_of_a_name_changes_nothing() -> None:
    frame = "bonjour je suis {} et mon colis est perdu"
    names = ("marie dupont", "fatou ndiaye", "mehdi bouzid", "linh nguyen", "joão ferreira")
    assert [_names(frame.format(name)) for name in names] == [[name] for name in names]
