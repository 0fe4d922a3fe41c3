"""S10: only links to the brand's own domains, never one that the customer brought."""

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import find_facts
from knowledge.text.literal_facts import normal_url


def _find(case: Case) -> Outcome:
    for fact in case.facts:
        if fact.kind is not FactKind.URL:
            continue
        written = case.text[fact.start : fact.end]
        host = fact.value.partition("/")[0]
        if (
            "@" in written.split("//")[-1].partition("/")[0]
            or host.startswith("xn--")
            or ".xn--" in host
        ):
            return Finding("The address is built to mislead.", fact.start, fact.end)
        if not _is_allowed(case, fact, host):
            theirs = any(fact.value == m.value for m in case.message_facts)
            whose = "The customer's own link is repeated." if theirs else "An unknown domain."
            return Finding(whose, fact.start, fact.end)
    return None


def _is_allowed(case: Case, fact: Fact, host: str) -> bool:
    host = host.partition(":")[0]
    if any(host == own or host.endswith(f".{own}") for own in case.guide.own_hosts):
        return True
    for passage in case.subject.passages or ():
        known = [f.value for f in find_facts(passage.answer) if f.kind is FactKind.URL]
        known += [normal_url(passage.link)] if passage.link else []
        if any(fact.value == url or host == url.partition("/")[0] for url in known):
            return True
    return False


RULE = Rule(
    "S10.link",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "Voir https://www.ateliernoisette.example/livraison"),
        Example("fr", "Voir aide.ateliernoisette.example."),
        Example(
            "fr",
            "Le guide : https://www.economie.gouv.fr/x",
            "",
            ("Le guide est sur https://www.economie.gouv.fr/x",),
        ),
        Example("en", "See https://shop.ateliernoisette.example/box"),
        Example("en", "We bake, i.e. we roast, etc. Nothing else."),
    ),
    bad=(
        Example("fr", "Voir https://ateliernoisette.example.promo-gratuit.com/box"),
        Example("fr", "Oui, https://monblog.fr/avis est juste.", "Lisez https://monblog.fr/avis"),
        Example("fr", "Voir bit.ly/3abcd pour la suite."),
        Example("en", "See https://nuts-review.com/best"),
        Example("en", "See https://ateliernoisette.example@evil.com/box"),
        Example("en", "Right, www.example-review.org says it.", "See www.example-review.org"),
    ),
)
