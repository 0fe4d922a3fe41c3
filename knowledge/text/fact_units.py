"""The words that follow or precede a number: currencies, months, durations, measures."""

from decimal import Decimal

_MONTH_WORDS = (
    "janvier janv january jan",
    "février fevrier févr fevr fév february feb",
    "mars march mar",
    "avril avr april apr",
    "mai may",
    "juin june jun",
    "juillet juil july jul",
    "août aout august aug",
    "septembre sept september sep",
    "octobre oct october",
    "novembre nov november",
    "décembre decembre déc dec december",
)
MONTHS = {word: n for n, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()}

_WEEKDAY_WORDS = "lundi mardi mercredi jeudi vendredi samedi dimanche"
_WEEKDAY_WORDS_EN = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {
    word + plural: n
    for words in (_WEEKDAY_WORDS, _WEEKDAY_WORDS_EN)
    for n, word in enumerate(words.split(), start=1)
    for plural in ("", "s")
}

CURRENCIES = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "eur": "EUR",
    "$": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "usd": "USD",
    "£": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "livres sterling": "GBP",
    "gbp": "GBP",
    "chf": "CHF",
    "francs suisses": "CHF",
}
CENTS = {"centimes": "EUR", "centime": "EUR", "cents": "EUR", "pence": "GBP", "p": "GBP"}

_MINUTES = {
    Decimal(1) / Decimal(60): "seconde secondes second seconds sec secs",
    Decimal(1): "minute minutes min mn mins",
    Decimal(60): "heure heures h hour hours hr hrs",
    Decimal(1440): "jour jours j jrs day days",
    Decimal(10080): "semaine semaines sem week weeks wk wks",
}
_MONTHS_LONG = {Decimal(1): "mois month months", Decimal(12): "an ans année années year years yr"}
DURATIONS: dict[str, tuple[str, Decimal]] = {
    **{w: ("min", size) for size, words in _MINUTES.items() for w in words.split()},
    **{w: ("month", size) for size, words in _MONTHS_LONG.items() for w in words.split()},
}
"""Unit word -> (base unit, how many of it)."""

_MEASURES: dict[str, dict[str, str]] = {
    "ml": {"1": "ml", "10": "cl", "100": "dl", "1000": "l litre litres liter liters"},
    "g": {
        "0.001": "mg",
        "1": "g gr gramme grammes gram grams",
        "1000": "kg kilo kilos kilogrammes",
    },
    "mm": {
        "1": "mm",
        "10": "cm",
        "1000": "m mètre mètres metre metres meter meters",
        "1000000": "km kilomètres kilometres kilometers",
    },
    "MB": {"1": "mo mb", "1000": "go gb", "1000000": "to tb"},
    "Wh": {"1": "wh", "1000": "kwh"},
    "W": {"1": "w watts", "1000": "kw"},
    "°C": {"1": "°c degrés"},
    "m2": {
        "1": "m² m2 sqm mètre_carré mètres_carrés metres_carres square_metre square_metres"
        " square_meter square_meters",
    },
    "mAh": {"1": "mah"},
    "V": {"1": "v volts"},
    "kcal": {"1": "kcal calories"},
    "in": {"1": "inch inches pouces pouce", "12": "feet"},
    "oz": {"1": "oz ounces"},
    "lb": {"1": "lb lbs"},
    "mi": {"1": "miles mile"},
    "point": {"1": "point points pts"},
    "piece": {"1": "pièce pièces piece pieces pcs"},
}
MEASURES: dict[str, tuple[str, Decimal]] = {
    word.replace("_", " "): (base, Decimal(size))
    for base, sizes in _MEASURES.items()
    for size, words in sizes.items()
    for word in words.split()
}
"""Unit word, lower case -> (base unit, how many of it)."""


def alternatives(words: dict[str, object]) -> str:
    """Return a regex alternation of the keys, longest first."""
    from re import escape

    return "|".join(escape(word) for word in sorted(words, key=len, reverse=True))
