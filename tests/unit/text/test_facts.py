"""Facts written in different ways have the same value; look-alikes are left alone."""

import pytest

from knowledge.passages import Language
from knowledge.text.facts import Fact, FactKind, agrees, find_facts

FR, EN = Language.FR, Language.EN
CASES: list[tuple[Language, str, list[tuple[str, str]]]] = [
    (FR, "Cela coûte 1 234,50 €.", [("money", "1234.5 EUR")]),
    (FR, "Cela coûte 1\u202f234,50\u00a0€.", [("money", "1234.5 EUR")]),
    (EN, "It costs €1,234.50.", [("money", "1234.5 EUR")]),
    (EN, "It costs 1234.50 EUR.", [("money", "1234.5 EUR")]),
    (FR, "Un bon de 12€50", [("money", "12.5 EUR")]),
    (FR, "trente euros", [("money", "30 EUR")]),
    (FR, "50 centimes", [("money", "0.5 EUR")]),
    (EN, "$30 or £25", [("money", "30 USD"), ("money", "25 GBP")]),
    (FR, "entre 10 et 20 €", [("money", "10..20 EUR")]),
    (FR, "1.500 €", [("money", "1500 EUR")]),
    (EN, "1,500 euros", [("money", "1500 EUR")]),
    (FR, "20 % de remise", [("percent", "20")]),
    (EN, "20% off", [("percent", "20")]),
    (FR, "vingt pour cent", [("percent", "20")]),
    (FR, "le 2 déc.", [("date", "--12-02")]),
    (EN, "on 2 December", [("date", "--12-02")]),
    (EN, "on December 2nd, 2026", [("date", "2026-12-02")]),
    (FR, "le 1er janvier 2027", [("date", "2027-01-01")]),
    (FR, "le 02/12/2026", [("date", "2026-12-02")]),
    (FR, "le 2/12", [("date", "--12-02")]),
    (EN, "2026-12-02", [("date", "2026-12-02")]),
    (FR, "du 2 au 15 décembre", [("date", "--12-02"), ("date", "--12-15")]),
    (EN, "from 2 to 15 December", [("date", "--12-02"), ("date", "--12-15")]),
    (FR, "fin décembre 2026", [("date", "2026-12")]),
    (FR, "en mars", [("date", "--03")]),
    (FR, "du lundi au samedi", [("date", "wd-1"), ("date", "wd-6")]),
    (EN, "on Mondays", [("date", "wd-1")]),
    (FR, "lundi 2 décembre", [("date", "--12-02")]),
    (FR, "à 10h30", [("time", "10:30")]),
    (FR, "à 10 h 30", [("time", "10:30")]),
    (EN, "at 10:30 pm", [("time", "22:30")]),
    (EN, "at 10.30 a.m.", [("time", "10:30")]),
    (EN, "open 10-6pm", [("time", "10:00"), ("time", "18:00")]),
    (EN, "1.30–6 pm", [("time", "13:30"), ("time", "18:00")]),
    (EN, "between 12.30 and 1.30 pm", [("time", "12:30"), ("time", "13:30")]),
    (EN, "the 10.15 train", [("time", "10:15|22:15")]),
    (EN, "two day passes", [("number", "2")]),
    (EN, "a three-day pass", [("duration", "4320 min")]),
    (EN, "from 9am to 6pm", [("time", "09:00"), ("time", "18:00")]),
    (FR, "de 9 h à 18 h", [("time", "09:00"), ("time", "18:00")]),
    (FR, "9h-18h", [("time", "09:00"), ("time", "18:00")]),
    (FR, "avant 14 h", [("time", "14:00")]),
    (FR, "24h/24 et 7j/7", [("time", "24/24"), ("time", "7/7")]),
    (FR, "2 To de stockage", [("quantity", "2000000 MB")]),
    (EN, "choose option 2 to go on", [("number", "2")]),
    (FR, "sous 48 h", [("duration", "2880 min")]),
    (EN, "within 48 hours", [("duration", "2880 min")]),
    (FR, "sous deux jours", [("duration", "2880 min")]),
    (FR, "2 jours ouvrés", [("duration", "2 business_days")]),
    (EN, "two business days", [("duration", "2 business_days")]),
    (FR, "3 à 5 jours ouvrés", [("duration", "3..5 business_days")]),
    (EN, "3-5 working days", [("duration", "3..5 business_days")]),
    (FR, "24 à 48 h", [("duration", "1440..2880 min")]),
    (EN, "a 30-day trial", [("duration", "43200 min")]),
    (FR, "sous une semaine", [("duration", "10080 min")]),
    (EN, "within a week", [("duration", "10080 min")]),
    (FR, "garantie deux ans", [("duration", "24 month")]),
    (EN, "24-month warranty", [("duration", "24 month")]),
    (FR, "une demi-heure", [("duration", "30 min")]),
    (FR, "un an et demi", [("duration", "18 month")]),
    (FR, "trois quarts d'heure", [("duration", "45 min")]),
    (EN, "two and a half hours", [("duration", "150 min")]),
    (EN, "a month's notice", [("duration", "1 month")]),
    (EN, "ten three-hour sessions", [("number", "10"), ("duration", "180 min")]),
    (EN, "free for under-12s", [("duration", "144 month")]),
    (FR, "dix heures du matin", [("time", "10:00")]),
    (FR, "huit heures moins le quart le soir", [("time", "19:45")]),
    (EN, "at quarter to six", [("time", "05:45|17:45")]),
    (EN, "from half eight in the morning", [("time", "08:30")]),
    (EN, "open ten to five", [("number", "10"), ("number", "5")]),
    (FR, "un demi-kilo", [("quantity", "500 g")]),
    (FR, "ma fille mesure 1m58", [("quantity", "1580 mm")]),
    (EN, "I'm 5ft9", [("quantity", "69 in")]),
    (EN, "at 5'9\", I fit", [("quantity", "69 in")]),
    (FR, "vingt mètres carrés", [("quantity", "20 m2")]),
    (FR, "un jeudi sur deux", [("date", "wd-4"), ("duration", "20160 min")]),
    (FR, "tous les quinze jours", [("duration", "20160 min")]),
    (EN, "once a fortnight", [("duration", "20160 min")]),
    (FR, "une quinzaine de jours", [("duration", "21600 min")]),
    (FR, "48 heures ouvrées avant", [("duration", "2 business_days")]),
    (EN, "for two further months", [("duration", "2 month")]),
    (FR, "de 9 h à midi", [("time", "09:00"), ("time", "12:00")]),
    (FR, "jusqu'à 24 heures avant l'arrivée", [("duration", "1440 min")]),
    (FR, "ouvert le lundi de Pâques", []),
    (FR, "quatre kilomètres et demi", [("quantity", "4500000 mm")]),
    (FR, "un mètre vingt", [("quantity", "1200 mm")]),
    (EN, "two pounds fifty", [("money", "2.5 GBP")]),
    (FR, "à deux cents mètres", [("quantity", "200000 mm")]),
    (EN, "two hundred and fifty grams", [("quantity", "250 g")]),
    (FR, "40 × 30 cm", [("quantity", "400 mm"), ("quantity", "300 mm")]),
    (FR, "250 ml", [("quantity", "250 ml")]),
    (FR, "1,5 L d'eau", [("quantity", "1500 ml")]),
    (EN, "0.25 kg", [("quantity", "250 g")]),
    (FR, "à 3 km", [("quantity", "3000000 mm")]),
    (FR, "1 000 pièces", [("quantity", "1000 piece")]),
    (FR, "90 °C", [("quantity", "90 °C")]),
    (FR, "14 boutiques", [("number", "14")]),
    (FR, "quatre-vingt-dix-sept boutiques", [("number", "97")]),
    (FR, "vingt et un sachets", [("number", "21")]),
    (FR, "soixante et onze sachets", [("number", "71")]),
    (EN, "forty-two shops", [("number", "42")]),
    (EN, "one hundred shops", [("number", "100")]),
    (FR, "la 2e tasse", [("number", "2")]),
    (FR, "https://www.exemple.fr/Aide/?", [("url", "exemple.fr/Aide")]),
    (FR, "sur exemple.fr/retours.", [("url", "exemple.fr/retours")]),
    (FR, "Contact@Exemple.fr", [("email", "contact@exemple.fr")]),
    (FR, "au 01 23 45 67 89", [("phone", "0123456789")]),
    (FR, "+33 (0)1 23 45 67 89", [("phone", "0123456789")]),
    (EN, "+44 20 7946 0018", [("phone", "02079460018")]),
    (FR, "appelez le 3114", [("phone", "3114")]),
    (FR, "avec le code BIENVENUE10", [("promo_code", "BIENVENUE10")]),
    (EN, "use WELCOME10 for 10% off", [("promo_code", "WELCOME10"), ("percent", "10")]),
    (FR, "Bonjour, merci à vous.", []),
    (FR, "La carte RTX4090 et le module B12X", []),
    (FR, "un thé, une tasse", []),
    (EN, "one of our teams, a day of joy", []),
    (FR, "scannez le code QR", []),
    (FR, "etc. Nous.co", []),
    (FR, "merci.De rien", []),
    (FR, "voir bit.ly/3xYz et www.exemple.info", [("url", "bit.ly/3xYz"), ("url", "exemple.info")]),
]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_reads_the_facts(lang: Language, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(f.kind.value, f.value) for f in find_facts(text, lang)] == expected


@pytest.mark.parametrize("text", [case[1] for case in CASES])
def test_facts_of_an_unknown_language_stay_inside_the_text(text: str) -> None:
    ends = [0]
    for fact in find_facts(text):
        assert ends[-1] <= fact.start < fact.end <= len(text)
        ends.append(fact.end)


AGREEMENTS: list[tuple[str, str, bool]] = [
    ("30 €", "30,00 EUR", True),
    ("30 €", "50 €", False),
    ("sous 5 jours ouvrés", "3 à 5 jours ouvrés", True),
    ("sous 3 jours ouvrés", "3 à 5 jours ouvrés", False),
    ("sous 5 jours", "5 jours ouvrés", False),
    ("à partir de 10 €", "entre 10 et 20 €", True),
    ("le 2 décembre", "le 2 décembre 2026", True),
    ("le 2 décembre 2026", "le 2 décembre", False),
    ("le 2 décembre", "le 3 décembre 2026", False),
    ("exemple.fr", "https://www.exemple.fr/retours", True),
    ("exemple.fr/autre", "https://www.exemple.fr/retours", False),
    ("à 18 h", "18 heures", True),
    ("48 h", "2 jours", True),
    ("30 %", "30 €", False),
    ("12 boîtes", "12 €", False),
]


@pytest.mark.parametrize(("claim", "source", "expected"), AGREEMENTS)
def test_agreement(claim: str, source: str, expected: bool) -> None:
    assert agrees(find_facts(claim, FR)[0], find_facts(source, FR)[0]) is expected


def test_a_fact_is_a_value() -> None:
    assert find_facts("20 %", FR) == (Fact(FactKind.PERCENT, "20", 0, 4),)
