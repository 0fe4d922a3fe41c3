"""B9: only the brand's own hashtags and handles."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule, replace
from knowledge.text.fact_types import FactKind
from knowledge.text.normalise import fold

_HASHTAG = re.compile(r"(?<![\w&/#])#([^\W\d_][\w]*)")
HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z0-9_](?:[\w.-]*\w)?(?:@[\w.-]+\w)?)")
_LABELS = frozenset({"ad", "pub", "publicite", "sponsored", "sponsorise", "partenariat"})


def hashtags(case: Case) -> list[re.Match[str]]:
    """Return the hashtags of the reply outside links."""
    return [m for m in _HASHTAG.finditer(case.text) if not _is_in_link(case, m.start())]


def handles(case: Case) -> list[re.Match[str]]:
    """Return the mentions of the reply outside links and e-mails."""
    return [m for m in HANDLE.finditer(case.text) if not _is_in_link(case, m.start())]


def _is_in_link(case: Case, at: int) -> bool:
    kinds = (FactKind.URL, FactKind.EMAIL)
    return any(f.start <= at < f.end for f in case.facts if f.kind in kinds)


def own_handles(case: Case) -> frozenset[str]:
    """Return the brand's handles, folded, without `@`."""
    listed = [*case.guide.policy.lexicon.handles_allowed, *case.guide.own_names]
    return frozenset(fold(name).lstrip("@") for name in listed)


def _find(case: Case) -> Outcome:
    allowed = {
        fold(tag).lstrip("#") for tag in case.guide.policy.lexicon.hashtags_allowed
    } | _LABELS
    for match in hashtags(case):
        if fold(match[1]) not in allowed:
            reason = f'The hashtag "{match[0]}" is not on the brand\'s list.'
            return Finding(reason, *match.span(), replace(match.start(), match.start() + 1, ""))
    author = fold(case.subject.author or "").lstrip("@")
    for match in handles(case):
        name = fold(match[1])
        if name not in own_handles(case) and name != author and f"@{name}" not in case.message:
            return Finding(f'The handle "{match[0]}" is not the brand\'s.', *match.span())
    return None


RULE = Rule(
    "B9.tags",
    Severity.MINOR,
    _find,
    good=(
        Example("fr", "Merci ! #AtelierNoisette"),
        Example("fr", "@lea merci, suivez @ateliernoisette.", author="lea"),
        Example("fr", "La commande n° 1 et le lien https://ateliernoisette.example/#aide"),
        Example("en", "#ad Our box is back @ateliernoisette"),
    ),
    bad=(
        Example("fr", "Merci ! #gourmandise"),
        Example("fr", "Voir aussi @autremarque."),
        Example("en", "Thanks! #foodie"),
        Example("en", "Ask @somebody_else about it."),
    ),
)
