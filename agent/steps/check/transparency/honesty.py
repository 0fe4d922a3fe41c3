"""X5, X8, X9: owns up to not knowing, links the official page, corrects in the open."""

import re
from collections.abc import Sequence

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.contradiction import contradicts
from agent.steps.check.grounding.courtesy import strip_greeting
from agent.steps.check.grounding.line import Cause, GroundedLine
from agent.steps.check.grounding.reading import read_passage, usable_passages
from agent.steps.check.guide import text_key
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable
from agent.steps.check.words import stems
from knowledge.contradiction import find_contradiction
from knowledge.passages import Passage
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import agrees, find_facts
from knowledge.text.normalise import fold
from knowledge.text.sentences import Sentence, split

_ALWAYS_STATED = frozenset({Cause.FACT, Cause.CLAIM, Cause.CONTRADICTION, Cause.ANSWER})
_SUPPOSES = re.compile(r"\W*(?:si |s'il |if |nous |we |on |i |merci|thank)")
_OF_A_THING = re.compile(
    r"\W*(?:(?:oui|yes|non|no)\b\W*)?(?:les?|la|l'|nos|notre|ils?|elles?|ces?|cette|the|our|it"
    r"|they|this|these)\b(?!.*\b(?:nous|on|we|us)\b)"
)
""" « Le moule vient de Limoges. »"""
_SHORTENERS = frozenset(
    {"bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "lnkd.in", "cutt.ly", "rb.gy", "is.gd"}
    | {"buff.ly", "shorturl.at", "t.ly", "rebrand.ly", "tiny.cc", "urlz.fr", "bl.ink", "s.id"}
)


def _find_invention(case: Case) -> Outcome:
    if case.subject.passages is None:
        return not_applicable("nothing is known of the passages")
    if passages := usable_passages(case):
        return _picks_one(case, passages)
    for line in case.lines:
        if line.status is LedgerStatus.UNSUPPORTED and _fills_a_gap(case, line):
            reason = "No passage answers this, and the reply fills the gap instead of saying so."
            return Finding(reason, line.sentence.start, line.sentence.end)
    return None


def _fills_a_gap(case: Case, line: GroundedLine) -> bool:
    """Whether a line states something of the offer: a word of humour or of thanks fills nothing."""
    if line.cause in _ALWAYS_STATED:
        return True
    words = strip_greeting(case.folded_of(line.sentence), case)
    if "?" not in case.subject.message and case.subject.message.strip():
        return False
    if _SUPPOSES.match(words) or line.sentence.text.rstrip().endswith(("!", "?")):
        return False
    return line.cause is Cause.DOUBT or _OF_A_THING.match(words) is not None


def _picks_one(case: Case, passages: Sequence[Passage]) -> Outcome:
    """Two passages disagree, and the reply gives the figure of one as if there were no other."""
    keys = find_contradiction(passages)
    if keys is None:
        return not_applicable("passages were found, and agree")
    figures = [f for p in passages if p.key in keys for f in read_passage(p).facts]
    said = [fact for fact in case.facts if any(agrees(fact, known) for known in figures)]
    by_passage = [
        any(agrees(fact, known) for fact in said for known in read_passage(p).facts)
        for p in passages
        if p.key in keys
    ]
    if sum(by_passage) != 1:
        return None
    return Finding(
        "Two passages disagree on this, and the reply picks one.", said[0].start, said[0].end
    )


UNCERTAINTY = Rule(
    "X5.uncertainty",
    Severity.MAJOR,
    _find_invention,
    good=(
        Example(
            "fr",
            "Nous n'avons pas cette information ici ; l'équipe technique la confirme.",
            passages=(),
        ),
        Example("fr", "Bonne question : l'équipe se renseigne et revient vers vous.", passages=()),
        Example("fr", "Le Croc'Lune contient du gluten.", passages=("@gluten",)),
        Example("en", "We don't have this information here: the team is checking.", passages=()),
        Example("fr", "Bien tenté ! Nous gardons nos propres mots.", "Écris un poème", passages=()),
        Example("en", "That's quite a field to beat!", "Worst company ever", passages=()),
        Example("en", "Thank you, our team will get back to you.", passages=()),
    ),
    bad=(
        Example(
            "fr",
            "Vous avez 30 jours pour échanger un article.",
            "On peut échanger sous combien de jours ?",
            passages=("L'échange est possible sous 30 jours.", "Échange possible sous 14 jours."),
        ),
        Example("fr", "Nos boîtes passent très bien au micro-ondes.", passages=()),
        Example("fr", "Le moule vient de Limoges.", passages=()),
        Example("en", "Our tins go in the microwave without a problem.", passages=()),
        Example("en", "The recipe comes from Piedmont.", passages=()),
    ),
)


def _links(case: Case) -> list[Fact]:
    return [fact for fact in case.facts if fact.kind is FactKind.URL]


def _find_link(case: Case) -> Outcome:
    for fact in _links(case):
        written = case.text[fact.start : fact.end]
        if written.lower().startswith("http://"):
            return Finding("The link is not https.", fact.start, fact.end)
        host = fact.value.partition("/")[0]
        if host in _SHORTENERS and host not in case.guide.own_hosts:
            return Finding("A shortened link hides where it leads.", fact.start, fact.end)
    return _missing_link(case)


def _missing_link(case: Case) -> Outcome:
    is_shown = case.limits is None or case.limits.are_links_clickable
    linked = [line for line in case.lines if line.passage and line.passage.link]
    if _links(case) or not linked or not case.channel.links_allowed or not is_shown:
        return None if _links(case) else not_applicable("no official page to link to here")
    line = linked[0]
    reason = f"An official page exists: {line.passage.link if line.passage else ''}"
    return Finding(reason, line.sentence.end, line.sentence.end)


LINK = Rule(
    "X8.official_link",
    Severity.MINOR,
    _find_link,
    good=(
        Example(
            "fr",
            "La livraison est offerte dès 50 € : https://www.ateliernoisette.example/livraison",
            passages=("@delivery-delay",),
        ),
        Example("fr", "Le Croc'Lune contient du gluten.", passages=("@gluten",)),
        Example(
            "fr",
            "La livraison est offerte dès 50 €.",
            passages=("@delivery-delay",),
            channel="tiktok",
        ),
        Example("en", "See https://www.ateliernoisette.example/contact"),
    ),
    bad=(
        Example("fr", "Tout est sur http://www.ateliernoisette.example/contact"),
        Example("fr", "Tout est ici : https://bit.ly/3abcd"),
        Example("fr", "La livraison est offerte dès 50 €.", passages=("@delivery-delay",)),
        Example("en", "It is all on https://tinyurl.com/abcd"),
        Example("en", "Delivery is free from €50.", passages=("@delivery-delay",)),
    ),
)

_COMPARED = frozenset(
    {FactKind.MONEY, FactKind.PERCENT, FactKind.DURATION, FactKind.DATE, FactKind.TIME}
    | {FactKind.QUANTITY, FactKind.PHONE, FactKind.NUMBER}
)
_SAME_SUBJECT = 0.5
_UNOWNED = "This differs from our earlier reply and does not say that it corrects it."
_CHALLENGES = re.compile(
    r"\b(?:(?:vous|tu) (?:m'|nous )?(?:\w+ )?(?:disiez|disais|aviez|avez|avais|as|annonciez)"
    r" (?:\w+ )?(?:dit|ecrit|repondu|annonce|parle|indique|promis)?|(?:hier|avant|plus haut|tantot)"
    r"|you (?:just |clearly |originally )?(?:said|told|wrote|promised|quoted|answered)|yesterday"
    r"|earlier|(?:last|previous|first) (?:reply|answer|message|time))\b"
)
"""The customer holds our earlier answer against this one."""


def _find_correction(case: Case) -> Outcome:
    if not case.own_entries:
        return not_applicable("we said nothing in this thread yet")
    if _owns_up(case):
        return None
    for sentence in case.sentences:
        facts = [f for f in case.facts if sentence.start <= f.start < sentence.end]
        for entry in case.own_entries:
            if changed := _changed_fact(case, sentence.text, facts, entry.text):
                return Finding(_UNOWNED, changed.start, changed.end)
            if _is_reversed(case, sentence, entry.text):
                return Finding(_UNOWNED, sentence.start, sentence.end)
    return None


def _is_reversed(case: Case, sentence: Sentence, earlier: str) -> bool:
    """« Fermé le lundi » after « ouvert le lundi », though no figure differs."""
    folded = case.folded_of(sentence)
    lang = case.reply_lang
    return any(contradicts(folded, fold(part.text), lang, case.guide) for part in split(earlier))


def _owns_up(case: Case) -> bool:
    markers = case.guide.policy.transparency.correction_markers.get(case.lang, ())
    key = text_key(case.text)
    if any(re.search(rf"\b{re.escape(text_key(marker))}\b", key) for marker in markers):
        return True
    return phrases("transparency.correction").search(case.folded, case.reply_lang) is not None


def _changed_fact(case: Case, sentence: str, facts: list[Fact], earlier: str) -> Fact | None:
    words = frozenset(stem for stem in stems(sentence) if not stem.isdigit())
    for part in split(earlier):
        known = find_facts(part.text, case.reply_lang)
        shared = words & frozenset(stems(part.text))
        is_challenged = _CHALLENGES.search(case.message) is not None and len(facts) == 1
        if not is_challenged and (not words or len(shared) / len(words) < _SAME_SUBJECT):
            continue
        for fact in facts:
            rivals = [other for other in known if other.kind is fact.kind]
            is_comparable = fact.kind in _COMPARED and rivals
            if is_comparable and not any(agrees(fact, other) for other in rivals):
                return fact
    return None


CORRECTION = Rule(
    "X9.correction",
    Severity.MAJOR,
    _find_correction,
    good=(
        Example(
            "fr",
            "Correction : notre réponse d'hier indiquait 30 jours, c'est 14 jours pour un retour. "
            "Toutes nos excuses.",
            thread=(("brand", "Vous avez 30 jours pour un retour."),),
        ),
        Example(
            "fr",
            "La boutique ouvre à 10 h.",
            thread=(("brand", "La livraison prend 3 à 5 jours ouvrés."),),
        ),
        Example(
            "en",
            "We were wrong earlier: you have 14 days to return a box.",
            thread=(("brand", "You have 30 days to return a box."),),
        ),
        Example("en", "You have 14 days.", thread=(("sam", "You have 30 days."),)),
        Example(
            "fr",
            "Oui, nous confirmons : ouvert le lundi de 9 h à 18 h.",
            "Vous disiez ouvert le lundi ?",
            thread=(("brand", "Nous sommes ouverts le lundi de 9 h à 18 h."),),
        ),
        Example(
            "en",
            "We're closed on Mondays.",
            "And on Mondays?",
            thread=(("brand", "We're open on Saturdays."),),
        ),
    ),
    bad=(
        Example(
            "fr",
            "Nous sommes fermés le lundi.",
            "Vous disiez que c'était ouvert le lundi ??",
            thread=(("brand", "Oui, nous sommes ouverts le lundi."),),
        ),
        Example(
            "fr",
            "C'est 14 jours.",
            "Mais hier vous m'avez dit 30 !",
            thread=(("brand", "Vous avez 30 jours pour un retour."),),
        ),
        Example(
            "en",
            "Dogs aren't allowed on the terrace.",
            "You told me dogs were fine",
            thread=(("brand", "Yes, dogs are allowed on the terrace."),),
        ),
        Example(
            "fr",
            "Vous avez 14 jours pour un retour.",
            thread=(("brand", "Vous avez 30 jours pour un retour."),),
        ),
        Example(
            "fr",
            "La livraison est offerte dès 50 €.",
            thread=(("brand", "La livraison est offerte dès 30 €."),),
        ),
        Example(
            "en",
            "You have 14 days to return a box.",
            thread=(("brand", "You have 30 days to return a box."),),
        ),
    ),
)
