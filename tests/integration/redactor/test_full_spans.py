"""Each value is found whole and alone: nothing of it left, nothing of the sentence taken.

The value stands between « ⟦ » and « ⟧ » in the texts below; the marks are taken out first.
"""

import pytest

from agent.adapters.redactor import PresidioRedactor

WHOLE = [
    ("ADDRESS", "Mon adresse est ⟦13, chemin Lemaître\n19970 Joubert-sur-Mer⟧. Merci"),
    ("ADDRESS", "Adresse de livraison : ⟦215, rue de Petitjean\n37380 Ribérac⟧"),
    ("ADDRESS", "j'habite ⟦rue de Romont, 2620 Bouvier-des-Bois⟧ et rien ne vient"),
    ("ADDRESS", "au ⟦44 rue du faubourg saint antoine 75012 paris⟧"),
    ("ADDRESS", "adresse: ⟦7 allee des acacias bat c 33600 pessac⟧"),
    ("ADDRESS", "Envoyez à ⟦CS 70012, 35042 Rennes Cedex 9⟧."),
    ("ADDRESS", "domiciliée ⟦TSA 12345, 75901 Paris Cedex 15⟧"),
    ("ADDRESS", "⟦Chaussée de Charleroi 87, 6000 Charleroi⟧"),
    ("ADDRESS", "J'habite ⟦Grand-Place 3, 7000 Mons⟧"),
    ("ADDRESS", "⟦Bahnhofstrasse 21, 8001 Zürich⟧ chez mon frère"),
    ("ADDRESS", "JE SUIS AU ⟦27 RUE NATIONALE 59000 LILLE⟧ ET PERSONNE N'EST VENU"),
    ("ADDRESS", "je suis ⟦11 rue de l'abbé Grégoire à Grenoble 38000⟧"),
    ("ADDRESS", "⟦19, rue du 11 Novembre 1918, 69200 Vénissieux⟧"),
    ("ADDRESS", "⟦2 square du 8-Mai-1945\n35200 Rennes⟧"),
    ("ADDRESS", "Livrer à ⟦La Ferme des Hirondelles, 61400 Mortagne-au-Perche⟧"),
    ("ADDRESS", "⟦2250 boulevard René-Lévesque Est, bureau 10, Québec (Québec) G1K 7P6⟧"),
    ("ADDRESS", "c'est le ⟦5432 avenue du parc app 3 montréal h2v 4h1⟧"),
    ("ADDRESS", "I live at ⟦27881 House Prairie Apt. 782, Lakeview, MI 48056⟧ and nothing came"),
    ("ADDRESS", "Please ship to ⟦Flat 5, Morgan Points, Whitby, YO21 3PU⟧ before Friday"),
    ("ADDRESS", "it was left at ⟦5 webb vista, ludlow, sy8 1ap⟧ in the rain"),
    ("ADDRESS", "send it to ⟦PO Box 4471, Boise, ID 83701⟧"),
    ("PERSON", "c/o ⟦Durand⟧, 2e étage"),
    ("PERSON", "Merci de rappeler ⟦Amleto Mastandrea⟧ au plus vite"),
    ("PERSON", "Titulaire du contrat : ⟦Metrine Kasyoka⟧. Résiliation svp"),
    ("PERSON", "J'ai parlé à ⟦jeanne brunel⟧ hier"),
    ("PERSON", "Pas de nouvelles. Merci, ⟦michel mercier⟧"),
    ("PERSON", "Toujours rien.\nCordialement,\n⟦alexandrie texier⟧"),
    ("PERSON", "mon mari ⟦LEDUC Dominique⟧ a déjà appelé"),
    ("PERSON", "Hi, this is ⟦Tobiasz⟧ again"),
    ("PERSON", "Madame ⟦de La Fontaine⟧ attend"),
    ("PERSON", "au nom de mlle ⟦da costa⟧"),
    ("PERSON", "C'est au nom de ⟦M'Bappé⟧, comme le joueur"),
    ("PERSON", "Client : ⟦DURAND Paul⟧, en attente"),
    ("PLATE", "Véhicule ⟦CX-359-RO⟧ mal garé"),
    ("PLATE", "Ma plaque est ⟦439-EUL-71⟧."),
    ("PHONE", "c'est le ⟦O6 39 98 12 05⟧"),
    ("PHONE", "tel ⟦06•39•98•12•12⟧"),
    ("PHONE", "my num is ⟦2125550149⟧ call me"),
    ("EMAIL", "⟦jean[dot]dupont[at]gmail[dot]com⟧ svp"),
    ("EMAIL", "mon adresse est l'⟦association.bidule@gmail.com⟧"),
    ("EMAIL", "écrivez à ⟦d'angelo@gmail.com⟧"),
    ("CARD", "⟦5351 8273 6451 0297⟧ 08/27, refusée"),
    ("CARD", "visa ⟦4973/6541/2078/4524⟧"),
    ("IBAN", "RIB : ⟦30004 00823 00010284751 20⟧"),
    ("ORDER_ID", "N° de suivi : ⟦XS 123 456 789 FR⟧"),
    ("ORDER_ID", "contrat n° ⟦0412 8831 22⟧ à résilier"),
    ("ORDER_ID", "ORDER ⟦9920183⟧ WHERE IS IT"),
    ("URL_PERSONAL", "⟦https://192.168.1.20:8080/admin?u=jdupont⟧ en panne"),
    ("URL_PERSONAL", "⟦ftp://files.durand.net/photo.jpg⟧"),
    ("URL_PERSONAL", "⟦https://www.leboncoin.fr/ad/velos/2481937710⟧ c'est mon annonce"),
    ("URL_PERSONAL", "Votre site ⟦https://www.brume.fr/mon-compte/commandes/4?token=a⟧, rien"),
]  # fmt: skip
LEFT_ALONE = [
    "sur votre site www.maboutique.fr je vois rien",
    "d'après https://fr.wikipedia.org/wiki/Garantie c'est 2 ans",
    "https://www.service-public.fr/particuliers/vosdroits/F10035 dit le contraire",
    "Merci à Notre Dame",
    "c'est Game Over pour vous",
    "12 rue et 35000 euros, quel rapport ?",
    "merci beaucoup, c'est non",
    "Madame de la compta ne répond pas",
    "Bonsoir c'est Énorme votre promo",
    "Pour obtenir le PTZ, décret n°2020-361",
    "Lot n° 4521 rappelé ?",
    "le don manuel et le nom patronymique",
    "please find me some good restaurants",
    "0800 c'est payant ? j'ai fait le 3639 et rien",
]


@pytest.fixture(scope="module")
def redactor() -> PresidioRedactor:
    return PresidioRedactor(pipelines=())


@pytest.mark.parametrize(("kind", "marked"), WHOLE)
def test_the_whole_value_and_nothing_else(
    redactor: PresidioRedactor, kind: str, marked: str
) -> None:
    before, value, after = marked.replace("⟧", "⟦").split("⟦")
    spans = redactor.redact(before + value + after).spans
    assert [(one.type, one.start, one.end) for one in spans] == [
        (kind, len(before), len(before) + len(value))
    ]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(redactor: PresidioRedactor, text: str) -> None:
    assert redactor.redact(text).spans == ()
