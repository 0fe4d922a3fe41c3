"""X1: the AI disclosure stands where the brand's policy puts it."""

from agent.domain.brand.policies import Placement
from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.guide import text_key
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable, replace


def _placement(case: Case) -> Placement:
    own = case.channel.disclosure_placement
    return own if own is not None else case.guide.policy.transparency.disclosure_placement


def _find(case: Case) -> Outcome:
    placement = _placement(case)
    if placement in (Placement.PROFILE, Placement.NONE):
        return not_applicable("the policy puts nothing into the reply itself")
    if placement is Placement.THREAD_START and any(
        _discloses(case, e.text) for e in case.own_entries
    ):
        return not_applicable("disclosed earlier in this thread")
    if _discloses(case, case.text):
        return None
    texts = _texts(case)
    end = len(case.text)
    fix = replace(end, end, f"\n{texts[0]}") if texts else None
    return Finding("The brand's AI disclosure is missing here.", end, end, fix)


def _texts(case: Case) -> tuple[str, ...]:
    table = case.guide.policy.transparency.disclosure_texts
    return table.get(case.lang, ()) or table.get(case.guide.policy.default_language, ())


def _discloses(case: Case, text: str) -> bool:
    key = text_key(text)
    return any(text_key(approved) in key for approved in _texts(case))


RULE = Rule(
    "X1.ai_disclosure",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "Merci pour votre message."),
        Example(
            "fr",
            "Merci. Réponse préparée avec une IA, relue par notre équipe.",
            channel="webchat",
        ),
        Example(
            "fr",
            "Merci, c'est noté.",
            channel="forum",
            thread=(("brand", "Bonjour. Réponse préparée avec une IA, relue par notre équipe."),),
        ),
        Example("en", "Thanks. Drafted with AI, checked by our team.", channel="forum"),
        Example("en", "Thanks for your message."),
    ),
    bad=(
        Example("fr", "Merci pour votre message.", channel="webchat"),
        Example("fr", "Merci. Drafted with AI, checked by our team.", channel="webchat"),
        Example("fr", "Merci.", channel="forum", thread=(("brand", "Bonjour."),)),
        Example("en", "Thanks for your message.", channel="forum"),
    ),
)
