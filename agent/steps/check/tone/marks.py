"""T7, T8, T9: emoji, exclamation marks and capitals within the brand's measure."""

import re

from agent.domain.checks import Fix, Severity
from agent.steps.check.case import Case
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule, replace
from agent.steps.check.signals import HARM
from knowledge.text.fact_types import FactKind

_BURST = re.compile(r"[!?](?:[ \u00a0\u202f]?[!?])+")
_WORD = re.compile(r"(?<![\w@#/.-])[^\W\d_]{4,}(?![\w@/]|\.\w)")
_COMMON_ACRONYMS = frozenset(
    {"RGPD", "GDPR", "CNIL", "IBAN", "SEPA", "HTTP", "HTTPS", "COVID", "SIRET", "SIREN", "DGCCRF"}
    | {"INCI", "UNESCO", "INSEE", "URSSAF", "SAMU", "OTAN", "NASA", "ANSES", "ADEME", "AMAP"}
    | {"HTML", "WLAN", "BLUETOOTH", "HDMI", "NATO", "USPS", "FAQS", "ASAP", "WIFI", "CGUV"}
)


def _emoji_limit(case: Case) -> int:
    limits = [case.guide.policy.mechanics.emoji.max]
    limits += [s.emoji_max for s in case.situations if s.emoji_max is not None]
    if case.channel.emoji_max is not None:
        limits.append(case.channel.emoji_max)
    if case.is_grave or case.signals & HARM:
        limits.append(0)
    return min(limits)


def _find_emoji(case: Case) -> Outcome:
    policy = case.guide.policy.mechanics.emoji
    for start, end in case.emoji:
        shown = case.text[start:end]
        is_unlisted = bool(policy.allow) and shown not in policy.allow
        if shown in policy.deny or is_unlisted:
            return _too_much(case, start, end, "The brand does not use this emoji.")
    limit = _emoji_limit(case)
    if len(case.emoji) > limit:
        reason = f"{len(case.emoji)} emoji where at most {limit} fit."
        return _too_much(case, *case.emoji[limit], reason)
    return None


def _too_much(case: Case, start: int, end: int, reason: str) -> Finding:
    space = start - 1 if start and case.text[start - 1] in " \u00a0\u202f" else start
    return Finding(reason, start, end, replace(space, end, ""))


EMOJI = Rule(
    "T7.emoji",
    Severity.MINOR,
    _find_emoji,
    good=(
        Example("fr", "Merci 😊", "J'adore"),
        Example("fr", "Désolés pour ce retard.", "Toujours rien reçu"),
        Example("fr", "Le Croc'Lune® est de retour ™", "Il revient ?"),
        Example("en", "Thank you 👨‍👩‍👧‍👦", "Lovely family shop"),
    ),
    bad=(
        Example("fr", "Merci 😊🎉", "J'adore"),
        Example("fr", "Désolés 🙏", "Ma boîte est cassée"),
        Example("fr", "Merci 🤡", "Bravo"),
        Example("en", "Thanks 😊 see you 👋", "Great shop"),
        Example("en", "So sorry 😢", "Broken box"),
    ),
)


def _exclamation_limit(case: Case) -> int:
    set_here = [s.exclamation_max for s in case.situations if s.exclamation_max is not None]
    if set_here:
        return min(set_here)
    is_sad = case.is_complaint or case.is_grave
    return 0 if is_sad else case.guide.policy.mechanics.exclamation_max


def _find_exclamation(case: Case) -> Outcome:
    if burst := _BURST.search(case.text):
        kept = "?" if "?" in burst[0] else "!"
        fix = replace(*burst.span(), kept)
        return Finding("Repeated marks shout.", *burst.span(), fix)
    marks = [at for at, char in enumerate(case.text) if char == "!" and not _is_greeting(case, at)]
    limit = _exclamation_limit(case)
    if len(marks) <= limit:
        return None
    at = marks[limit]
    start = at - 1 if case.text[at - 1 : at] in (" ", "\u00a0", "\u202f") else at
    reason = f"{len(marks)} exclamation marks where at most {limit} fit."
    return Finding(reason, at, at + 1, replace(start, at + 1, "."))


def _is_greeting(case: Case, at: int) -> bool:
    """« Bonjour Léa ! » is a greeting, not an exclamation."""
    match = phrases("grounding.greeting").search(case.folded, case.reply_lang)
    if match is None or match.start() > 1 or at < match.end():
        return False
    between = case.text[match.end() : at]
    return len(between.split()) <= 2 and not any(mark in between for mark in ".!?,;:\n")


EXCLAMATION = Rule(
    "T8.exclamation",
    Severity.MINOR,
    _find_exclamation,
    good=(
        Example("fr", "Bonjour Léa ! Merci pour ces mots !", "J'adore"),
        Example("fr", "Bonjour ! Nous sommes désolés.", "Ma boîte est cassée"),
        Example("en", "Thank you so much!", "Love it"),
        Example("en", "We are sorry about the broken box.", "Broken box"),
    ),
    bad=(
        Example("fr", "Merci !! À bientôt", "J'adore"),
        Example("fr", "Merci ! À bientôt !", "J'adore"),
        Example("fr", "Désolés pour la boîte cassée !", "Ma boîte est cassée"),
        Example("en", "Really?! Thank you.", "Love it"),
        Example("en", "Thanks! See you soon!", "Love it"),
        Example("en", "Sorry about that!", "Terrible service"),
    ),
)


def _known_capitals(case: Case) -> set[str]:
    lexicon = case.guide.policy.lexicon
    names = [product.canonical for product in case.guide.products]
    names += [case.guide.brand_name, *(rival.name for rival in case.guide.competitors)]
    words = {word for name in names for word in re.findall(r"[^\W\d_]+", name)}
    codes = {f.value for f in case.facts if f.kind is FactKind.PROMO_CODE}
    return {*words, *lexicon.acronyms, *codes, *_COMMON_ACRONYMS}


def _find_capitals(case: Case) -> Outcome:
    shouted = [
        m for m in _WORD.finditer(case.text) if m[0].isupper() and m[0].upper() != m[0].lower()
    ]
    if not shouted:
        return None
    known = _known_capitals(case)
    for match in shouted:
        if match[0] in known or _is_in_passages(case, match[0]):
            continue
        return Finding(f'"{match[0]}" in capitals shouts.', *match.span(), _lower(case, match))
    return None


def _is_in_passages(case: Case, word: str) -> bool:
    return any(word in passage.answer for passage in case.subject.passages or ())


def _lower(case: Case, match: re.Match[str]) -> Fix:
    before = case.text[: match.start()].rstrip()
    is_first = not before or before[-1] in ".!?…"
    word = match[0].capitalize() if is_first else match[0].lower()
    return replace(match.start(), match.end(), word)


CAPITALS = Rule(
    "T9.capitals",
    Severity.MINOR,
    _find_capitals,
    good=(
        Example("fr", "Nos ateliers suivent la méthode HACCP et le RGPD."),
        Example("fr", "Le code BIENVENUE reste valable."),
        Example("fr", "La DLC est sur la boîte, et l'UE l'exige."),
        Example("en", "We follow HACCP and GDPR rules."),
        Example("en", "OK, the USB tin is back."),
    ),
    bad=(
        Example("fr", "Merci de NE JAMAIS partager ce lien."),
        Example("fr", "C'est GRATUIT pour tous."),
        Example("en", "Please NEVER share it."),
        Example("en", "It is FREE for all."),
    ),
)
