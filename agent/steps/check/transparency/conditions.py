"""X10: a condition of the cited passage is never lost on the way."""

import re

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.families import held
from agent.steps.check.grounding.courtesy import strip_greeting
from agent.steps.check.grounding.line import GroundedLine
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.grounding.reading import read_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable
from agent.steps.check.words import stems
from knowledge.passages import Passage
from knowledge.text.facts import agrees, find_facts
from knowledge.text.normalise import fold

_YES = re.compile(
    r"(?:oui|bien sur|tout a fait|absolument|yes|yep|sure|of course|absolutely|certainly)\b"
)
_STRICT = re.compile(
    r"\b(?:a condition|sous condition|sous reserve|uniquement|seulement|exclusivement"
    r"|reserve\w* (?:a|aux)"
    r"|si (?:le|la|l'|vous|votre|il|elle|les)"
    r"|sur (?:presentation|rendez-vous|reservation|inscription)"
    r"|muni\w* d|accompagn\w+ (?:d|par)|provided|as long as|only|if (?:the|you|your|it|they)"
    r"|accompanied|on (?:presentation|appointment)|with (?:a valid|proof)|by appointment"
    r"|for (?:\w+ ){0,2}(?:customers|members|subscribers|residents|students|holders) with"
    r"|who also)\b"
)
_MOST_OF_IT = 0.75
_ANY_OF_IT = 0.34


def _find(case: Case) -> Outcome:
    cited = [line for line in case.lines if line.passage and line.status is LedgerStatus.SUPPORTED]
    if not cited:
        return not_applicable("no passage is cited")
    said = frozenset(stems(case.text))
    for line in cited:
        passage = line.passage
        lost = _lost_fragment(case, passage, said) if passage else None
        if passage and lost:
            reason = f'"{lost}" must be said with this answer ({passage.id}).'
            return Finding(reason, line.sentence.start, line.sentence.end)
    for line in cited:
        if line.passage and _drops_restriction(case, line, line.passage, said):
            reason = f"The passage ({line.passage.id}) sets a condition that the reply leaves out."
            return Finding(reason, line.sentence.start, line.sentence.end)
    return None


def _lost_fragment(case: Case, passage: Passage, said: frozenset[str]) -> str | None:
    return next((f for f in passage.must_include if not _is_said(case, f, said, passage)), None)


def _is_said(case: Case, fragment: str, said: frozenset[str], passage: Passage) -> bool:
    if fold(fragment) in case.folded:
        return True
    facts = find_facts(fragment, passage.lang)
    if not all(any(agrees(known, fact) for known in case.facts) for fact in facts):
        return False
    words = frozenset(stems(fragment))
    return bool(words) and len(words & said) / len(words) >= _MOST_OF_IT


def _drops_restriction(
    case: Case, line: GroundedLine, passage: Passage, said: frozenset[str]
) -> bool:
    """Whether a generous word is repeated without the condition of its own sentence."""
    generous = phrases("transparency.generous").search(
        case.folded_of(line.sentence), case.reply_lang
    )
    if _agrees_outright(case, line) and _drops_strict_condition(case, passage, line, said):
        return True
    if generous is None:
        return False
    words = frozenset(stems(line.sentence.text))
    return any(
        _is_narrowed(case, part, generous[0], words, said) for part in read_passage(passage).parts
    )


def _agrees_outright(case: Case, line: GroundedLine) -> bool:
    """« Oui, c'est couvert » to a question: the asker will count on it."""
    opening = strip_greeting(case.folded_of(line.sentence), case)
    return "?" in case.subject.message and _YES.match(opening) is not None


def _drops_strict_condition(
    case: Case, passage: Passage, line: GroundedLine, said: frozenset[str]
) -> bool:
    """Whether the yes forgets the « à condition que… » of the sentence that it repeats."""
    words = frozenset(stems(line.sentence.text))
    for part in read_passage(passage).parts:
        strict = _STRICT.search(part.folded)
        if strict is None or not held(words, frozenset(stems(part.folded[: strict.start()]))):
            continue
        needed = frozenset(stems(part.folded[strict.start() :])) - words
        kept = held(needed, said)
        if needed and len(kept) / len(needed) < _ANY_OF_IT and not _sets_a_limit(case):
            return True
    return False


def _sets_a_limit(case: Case) -> bool:
    return phrases("grounding.limit").search(case.folded, case.reply_lang) is not None


def _is_narrowed(
    case: Case, part: Part, generous: str, words: frozenset[str], said: frozenset[str]
) -> bool:
    is_same_offer = generous[:6] in part.folded and len(words & part.stems) >= min(2, len(words))
    narrowing = phrases("transparency.restriction").search(part.folded, case.reply_lang)
    if not is_same_offer or narrowing is None:
        return False
    condition = part.folded[narrowing.start() :].split(";")[0].split(",")[0]
    facts = [f for f in find_facts(condition, case.reply_lang) if not f.value.startswith("wd-")]
    if facts and any(any(agrees(fact, known) for known in case.facts) for fact in facts):
        return False
    needed = frozenset(stems(condition)) or part.stems - words
    return bool(needed) and len(needed & said) / len(needed) < _ANY_OF_IT


RULE = Rule(
    "X10.conditions",
    Severity.MAJOR,
    _find,
    good=(
        Example(
            "fr",
            "La livraison est offerte dès 50 € en France métropolitaine.",
            passages=("@delivery-delay",),
        ),
        Example(
            "fr",
            "L'inscription au club est gratuite, réservée aux majeurs.",
            passages=("@club",),
        ),
        Example(
            "fr",
            "C'est gratuit pour les membres.",
            passages=("L'accès est gratuit, uniquement pour les membres.",),
        ),
        Example("fr", "Merci pour votre message."),
        Example(
            "fr",
            "Oui, le vol est couvert, si le vélo est attaché avec un antivol agréé.",
            "Le vol de vélo est couvert ?",
            passages=("Le vol de vélo est couvert si le vélo est attaché avec un antivol agréé.",),
        ),
        Example(
            "en",
            "Joining the Noisette club is free, for adults only.",
            passages=("@club",),
        ),
        Example(
            "en",
            "You have 14 days to return an unopened box.",
            passages=("@returns",),
        ),
    ),
    bad=(
        Example("fr", "La livraison est offerte dès 50 €.", passages=("@delivery-delay",)),
        Example("fr", "L'inscription au club Noisette est gratuite.", passages=("@club",)),
        Example(
            "fr",
            "L'atelier du samedi est gratuit.",
            passages=("L'atelier du samedi est gratuit, uniquement pour les membres.",),
        ),
        Example(
            "fr",
            "Oui, le vol de votre vélo est couvert.",
            "Le vol de vélo est couvert ?",
            passages=("Le vol de vélo est couvert si le vélo est attaché avec un antivol agréé.",),
        ),
        Example(
            "en",
            "Yes, we pay 12p for each kWh that you export.",
            "Is the export tariff open to me?",
            passages=("Export tariff: 12p per kWh, only for homes with a smart meter.",),
        ),
        Example("en", "Joining the Noisette club is free.", passages=("@club",)),
        Example("en", "Delivery is free from €50.", passages=("@delivery-delay",)),
        Example(
            "en",
            "The Saturday workshop is free.",
            passages=("The Saturday workshop is free for members only.",),
        ),
    ),
)
