"""T11 and T15: greeting and sign-off as the guide has them, and nobody's gender guessed."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.guide import text_key
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from agent.steps.check.signals import Signal
from knowledge.passages import Language
from knowledge.text.normalise import fold

_SIGNATURE = re.compile(
    r"(?:^|[\n.!?…»)]|[^\w\s])[ \u00a0\u202f]*(?:[–—-]{1,2}|\^|\b[Ss]igné[ :]+|\b[Ss]igned[ :]+)"
    r"[ \u00a0\u202f]*"
    r"([A-ZÀ-Ö][a-zà-öø-ÿ]{2,14})(?: [A-Z]\.?)?[ \u00a0.!]*$"
)
_FORMAL_SIGNATURE = re.compile(
    r"(?:[Cc]ordialement|[Bb]ien à (?:vous|toi)|À bientôt|[Bb]est(?: regards| wishes)?|[Rr]egards|"
    r"[Ss]incerely|[Cc]heers|[Tt]ake care|[Tt]hanks),?[ \n]+([A-ZÀ-Ö][a-zà-öø-ÿ]{2,14})[ .!]*$"
)

_ENDS_WITH_NAME = re.compile(r"[A-ZÀ-Ö][a-zà-öø-ÿ]{2,14}(?: [A-Z])?$")
"""A cheap gate: what both signatures end with, but for the marks after it."""
_AFTER_NAME = " \u00a0.!"
_LONGEST_ENDING = 17


def _find_opening(case: Case) -> Outcome:
    mechanics = case.guide.policy.mechanics
    if named := _signature(case):
        severity = Severity.AUTOFAIL if Signal.BOT_QUESTION in case.signals else None
        reason = f'The signature names "{named[1]}", whom the guide does not list.'
        return Finding(reason, *named.span(1), None, severity)
    if mechanics.is_greeting_required and not _greets(case) and not case.own_entries:
        return Finding("The guide asks for a greeting.", 0, 0)
    sign_offs = mechanics.sign_offs.get(case.reply_lang, ())
    if mechanics.is_sign_off_required and sign_offs and not _ends_with(case, sign_offs):
        return Finding("The guide asks for its sign-off.", len(case.text), len(case.text))
    return None


def _signature(case: Case) -> re.Match[str] | None:
    text = case.text.rstrip()
    if _ENDS_WITH_NAME.search(text.rstrip(_AFTER_NAME)[-_LONGEST_ENDING:]) is None:
        return None
    match = _SIGNATURE.search(text) or _FORMAL_SIGNATURE.search(text)
    if match is None:
        return None
    name = fold(match[1])
    listed = case.guide.policy.mechanics.sign_offs.values()
    is_listed = any(name in fold(sign_off) for texts in listed for sign_off in texts)
    is_ours = any(name in own for own in case.guide.own_names)
    is_theirs = name in case.message or name in fold(case.subject.author or "")
    return None if is_listed or is_ours or is_theirs else match


def _greets(case: Case) -> bool:
    match = phrases("grounding.greeting").search(case.folded, case.reply_lang)
    approved = case.guide.policy.mechanics.greetings.get(case.reply_lang, ())
    key = text_key(case.text)
    is_approved = any(key.startswith(text_key(greeting)) for greeting in approved)
    return is_approved or (match is not None and match.start() <= 1)


def _ends_with(case: Case, sign_offs: tuple[str, ...]) -> bool:
    key = text_key(case.text)
    return any(key.endswith(text_key(sign_off)) for sign_off in sign_offs)


OPENING = Rule(
    "T11.greeting_sign_off",
    Severity.MINOR,
    _find_opening,
    may_rise=True,
    good=(
        Example("fr", "Merci !\n– L'équipe de l'Atelier"),
        Example("fr", "Bonjour Léa, merci et à bientôt !"),
        Example("fr", "À très vite pour goûter le Croc-Lune", "J'adore"),
        Example("en", "Thanks! – The Atelier team"),
        Example("en", "Hello Sam, thank you."),
    ),
    bad=(
        Example("fr", "Merci pour votre message. – Julie"),
        Example("fr", "Nous regardons.\nCordialement,\nThomas"),
        Example("en", "We are looking into it. - Emma"),
        Example("en", "We will check. Best regards, Daniel"),
    ),
)

_CIVILITY = {
    Language.FR: re.compile(
        r"(?<![\w-])(?:[Mm]adame|[Mm]onsieur|Mme\.?|Mlle\.?|M\.(?= [A-Z])|[Cc]hère cliente|"
        r"[Cc]hère Madame|[Cc]her Monsieur|[Mm]ademoiselle)(?![\w-])"
    ),
    Language.EN: re.compile(
        r"(?<![\w-])(?:[Mm]adam|[Mm]a'am|Sir\b|sir\b|Mrs\.?|Miss\b|Mr\.?|Ms\.?)(?![\w-])"
    ),
}
_BOTH = re.compile(
    r"\bmadame,? (?:ou |et |/ ?)?monsieur\b|\bmonsieur,? (?:ou |et |/ ?)?madame\b"
    r"|\bsir ?(?:or|/) ?madam\b|\bmadam ?(?:or|/) ?sir\b|\bmesdames,? (?:et )?messieurs\b"
)


def _find_assumption(case: Case) -> Outcome:
    familiar = phrases("tone.familiar").search(case.bare, case.reply_lang)
    if familiar:
        return Finding("Too familiar, or a guess at who they are.", *familiar.span())
    text = _BOTH.sub(lambda match: " " * len(match[0]), case.folded)
    langs = (case.reply_lang,) if case.reply_lang in _CIVILITY else tuple(_CIVILITY)
    for lang in langs:
        for match in _CIVILITY[lang].finditer(case.text):
            if text[match.start() : match.end()].strip() and not _is_known(case, match):
                reason = "A title guesses the gender; nobody stated it."
                return Finding(reason, *match.span())
    return None


def _is_known(case: Case, match: re.Match[str]) -> bool:
    """Whether the customer used the title, or it belongs to a name that is not theirs."""
    title = fold(match[0]).rstrip(".")
    stated = f"{case.message} {fold(case.subject.author or '')}"
    stated += " ".join(fold(entry.text) for entry in case.subject.thread)
    is_stated = re.search(rf"(?<!\w){re.escape(title)}(?!\w)", stated) is not None
    return is_stated or not case.bare[match.start() : match.end()].strip()


ASSUMPTION = Rule(
    "T15.assumption",
    Severity.MAJOR,
    _find_assumption,
    good=(
        Example("fr", "Bonjour Madame, Monsieur, merci pour votre message."),
        Example("fr", "Bonjour Madame, nous regardons.", "Madame Petit, cliente déçue"),
        Example("fr", "Un croque-monsieur, et un monsieur-tout-le-monde heureux."),
        Example("fr", "Bonjour Camille, merci !", author="camille_b"),
        Example("en", "Dear Sir or Madam, thank you."),
        Example("en", "Hello Alex, thank you!", author="alex"),
    ),
    bad=(
        Example("fr", "Bonjour Madame, nous regardons.", "Mon colis ?", author="camille_b"),
        Example("fr", "Chère cliente, merci pour votre message.", "Merci"),
        Example("fr", "Bonjour Mademoiselle, merci.", "Merci"),
        Example("fr", "Merci ma belle !", "J'adore"),
        Example("en", "Hello Sir, thanks for your message.", "My box?", author="alex"),
        Example("en", "Dear Mrs Lee, thank you.", "Hello", author="k_lee"),
        Example("en", "Thanks buddy, see you soon.", "Great box"),
    ),
)
