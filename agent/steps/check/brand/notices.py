"""B6, B7, B8: legal notices, environmental claims with a source, topics left alone."""

import re
from functools import lru_cache

from agent.domain.brand.policies import MandatoryMention
from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.brand.inflection import term_pattern
from agent.steps.check.case import Case
from agent.steps.check.gate import Gated
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.grounding.reading import read_passage
from agent.steps.check.guide import Guide, text_key
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable, replace
from agent.steps.check.words import stem
from knowledge.passages import Language

Terms = tuple[re.Pattern[str], ...]


@lru_cache(maxsize=512)
def _mentions(guide: Guide) -> tuple[tuple[MandatoryMention, Terms], ...]:
    listed = guide.policy.claims.mandatory_mentions
    return tuple((mention, tuple(map(term_pattern, mention.triggers))) for mention in listed)


@lru_cache(maxsize=512)
def _any_trigger(guide: Guide) -> Gated:
    """Find any word that asks for a notice: most replies hold none."""
    return Gated([term.pattern for _, terms in _mentions(guide) for term in terms])


def _find_mention(case: Case) -> Outcome:
    mentions = [(m, terms) for m, terms in _mentions(case.guide) if m.lang is case.lang]
    if not mentions:
        return not_applicable("the guide requires no legal notice in this language")
    if _any_trigger(case.guide).search(case.folded) is None:
        return None
    for mention, triggers in mentions:
        match = next((m for t in triggers if (m := t.search(case.folded))), None)
        if match and text_key(mention.text) not in text_key(case.text):
            end = len(case.text)
            reason = f'The notice "{mention.id}" must follow this word.'
            return Finding(reason, *match.span(), replace(end, end, f" {mention.text}"))
    return None


MENTION = Rule(
    "B6.mandatory_mention",
    Severity.AUTOFAIL,
    _find_mention,
    good=(
        Example("fr", "Un rhume ? Prenez soin de vous."),
        Example("fr", "Le Croc'Lune est en boutique."),
        Example(
            "fr",
            "La liqueur de noisette revient. L’abus d’alcool est dangereux pour la santé, "
            "à consommer avec modération.",
        ),
        Example("fr", "Nous avons vingt boîtes devinées."),
        Example("en", "The hazelnut liqueur is back. Please drink responsibly."),
    ),
    bad=(
        Example("fr", "La liqueur de noisette revient."),
        Example("fr", "Nos chocolats au rhum et aux whiskys."),
        Example("en", "The rum truffles are back."),
        Example("en", "Two liqueurs, one box."),
    ),
)


@lru_cache(maxsize=512)
def _green_terms(guide: Guide, lang: Language) -> Terms:
    table = guide.policy.claims.green_terms
    texts = table.get(lang, ()) if lang in table else [t for v in table.values() for t in v]
    return tuple(map(term_pattern, texts))


def _find_green(case: Case) -> Outcome:
    matches = list(phrases("brand.green").finditer(case.bare, case.reply_lang))
    matches += [m for t in _green_terms(case.guide, case.reply_lang) for m in t.finditer(case.bare)]
    for match in matches:
        if not _is_sourced(case, match):
            return Finding("An environmental claim without a source.", *match.span())
    return None


def _is_sourced(case: Case, match: re.Match[str]) -> bool:
    """A question, or a supported sentence whose passage has the same word."""
    root = stem(match[0].split()[0].strip("'"))
    for line in case.lines:
        if not line.sentence.start <= match.start() < line.sentence.end:
            continue
        if line.sentence.text.endswith("?"):
            return True
        passage = line.passage
        has_word = passage is not None and root[:5] in read_passage(passage).folded
        return line.status is LedgerStatus.SUPPORTED and (has_word or line.statement_id is not None)
    return False


GREEN = Rule(
    "B7.green_claim",
    Severity.MAJOR,
    _find_green,
    good=(
        Example("fr", "Nos boîtes en carton sont recyclables.", passages=("@packaging",)),
        Example("fr", "Cherchez-vous un emballage recyclable ?"),
        Example("fr", "Un feu vert, une solution durable au retard : nous y travaillons."),
        Example("en", "Our cardboard boxes are recyclable.", passages=("@packaging",)),
        Example("en", "The green box is the pistachio one."),
    ),
    bad=(
        Example("fr", "Nos boîtes sont biodégradables.", passages=("@packaging",)),
        Example("fr", "Un chocolat neutre en carbone !"),
        Example("fr", "Nos biscuits sont bons pour la planète."),
        Example("fr", "Nous avons un emballage vert."),
        Example("en", "Our boxes are compostable.", passages=("@packaging",)),
        Example("en", "We are a carbon-neutral brand."),
        Example("en", "An eco-friendly treat."),
    ),
)


@lru_cache(maxsize=512)
def _forbidden(guide: Guide) -> tuple[tuple[str, Gated], ...]:
    """Return for each topic its terms as one pattern."""
    return tuple(
        (topic.id, Gated([term_pattern(t).pattern for ts in topic.terms.values() for t in ts]))
        for topic in guide.policy.safety.forbidden_topics
        if any(topic.terms.values())
    )


def _find_topic(case: Case) -> Outcome:
    for topic, terms in _forbidden(case.guide):
        for match in terms.finditer(case.bare):
            if not _declines(case, match.start()):
                return Finding(f'The brand leaves "{topic}" alone.', *match.span())
    for match in phrases("brand.off_limits").finditer(case.bare, case.reply_lang):
        if not _declines(case, match.start()) and not stands_on_passage(case, match.start()):
            return Finding("A brand account takes no side on this.", *match.span())
    return None


def _declines(case: Case, at: int) -> bool:
    sentence = case.sentence_at(at)
    words = case.folded_of(sentence) if sentence else ""
    return phrases("brand.declines").search(words, case.reply_lang) is not None


TOPIC = Rule(
    "B8.off_limits",
    Severity.AUTOFAIL,
    _find_topic,
    good=(
        Example("fr", "Nous ne prenons pas position sur les élections.", "Vous votez quoi ?"),
        Example("fr", "À gauche en entrant, à droite du comptoir."),
        Example("fr", "Nous ne commentons pas une procédure en cours."),
        Example("en", "We don't comment on the elections.", "Who do you vote for?"),
        Example("en", "Turn right after the counter; the president's box is back."),
    ),
    bad=(
        Example("fr", "Cette réforme est une honte."),
        Example("en", "We are hoping the Conservatives get in."),
        Example("fr", "Le gouvernement a bien fait."),
        Example("fr", "Votez pour le meilleur aux prochaines élections."),
        Example("fr", "Notre chiffre d'affaires progresse."),
        Example("fr", "Ce vendeur a été licencié."),
        Example("en", "The government did well."),
        Example("en", "Vote for them!"),
        Example("en", "Our turnover grew last year."),
        Example("en", "That employee has been fired."),
    ),
)
