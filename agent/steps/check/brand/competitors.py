"""B5: competitors are named as the brand allows, and never compared with."""

import re
from functools import lru_cache

from agent.domain.brand.lexicon import CompetitorPolicy
from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.guide import Guide, names_pattern
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable


@lru_cache(maxsize=512)
def _pattern(guide: Guide) -> re.Pattern[str] | None:
    names = [name for c in guide.competitors for name in (c.name, *c.aliases)]
    return names_pattern(names)


@lru_cache(maxsize=512)
def _lower_names(guide: Guide) -> frozenset[str]:
    names = [name for c in guide.competitors for name in (c.name, *c.aliases)]
    return frozenset(name for name in names if name[:1].islower())


def _find(case: Case) -> Outcome:
    rivals = phrases("brand.rivals").search(case.bare, case.reply_lang)
    if rivals and _compares(case, rivals.start()):
        return Finding("It compares the brand with its competitors.", *rivals.span())
    pattern = _pattern(case.guide)
    if pattern is None:
        return not_applicable("the guide lists no competitor")
    for match in pattern.finditer(case.folded):
        if not _is_the_name(case, match):
            continue
        if _compares(case, match.start()):
            reason = f'It compares with "{case.text[match.start() : match.end()]}".'
            return Finding(reason, *match.span(), None, Severity.AUTOFAIL)
        if not _may_be_named(case, match[0]):
            reason = f'The brand does not name "{case.text[match.start() : match.end()]}".'
            return Finding(reason, *match.span())
    return None


def _is_the_name(case: Case, match: re.Match[str]) -> bool:
    """« Free » is a rival, « free delivery » is not: a name has its capital."""
    written = case.text[match.start() : match.end()]
    return not written[:1].isalpha() or written[0].isupper() or written in _lower_names(case.guide)


def _compares(case: Case, at: int) -> bool:
    sentence = case.sentence_at(at)
    words = case.folded_of(sentence) if sentence else case.folded
    return phrases("brand.comparison").search(words, case.reply_lang) is not None


def _may_be_named(case: Case, folded_name: str) -> bool:
    policy = case.guide.policy.lexicon.competitor_policy
    if policy is CompetitorPolicy.NEUTRAL:
        return True
    if policy is CompetitorPolicy.NEVER:
        return False
    return re.search(rf"(?<!\w){re.escape(folded_name)}(?!\w)", case.message) is not None


RULE = Rule(
    "B5.competitor",
    Severity.MAJOR,
    _find,
    may_rise=True,
    good=(
        Example("fr", "Nos biscuits sont faits à Valence.", "Vous êtes mieux que Chocoforme ?"),
        Example("fr", "Ils sont meilleurs tièdes."),
        Example("en", "Our biscuits are made in Valence.", "Better than Chocoforme?"),
        Example("en", "They taste better than ever when warm."),
    ),
    bad=(
        Example("fr", "Chez Chocoforme aussi, sans doute."),
        Example("fr", "Nous sommes bien meilleurs que Maison Delatour."),
        Example("fr", "Contrairement à nos concurrents, nous torréfions."),
        Example("en", "Chocoforme sells them too."),
        Example("en", "We are cheaper than Delatour."),
        Example("en", "Unlike our competitors, we roast the nuts."),
    ),
)
