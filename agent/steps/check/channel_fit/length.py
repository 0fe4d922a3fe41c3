"""C1: the reply fits, counted as the network counts."""

from agent.domain.channels import CountUnit, Limit
from agent.domain.checks import Severity
from agent.domain.counting import count
from agent.domain.messages import Surface
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable

_UNITS = {
    CountUnit.CODE_POINTS: "characters",
    CountUnit.GRAPHEMES: "characters",
    CountUnit.UTF16: "characters",
    CountUnit.UTF8_BYTES: "bytes",
    CountUnit.WEIGHTED: "weighted characters",
}


def _limits(case: Case) -> tuple[Limit, ...]:
    own = case.channel.max_characters
    house = (Limit(unit=CountUnit.CODE_POINTS, max=own),) if own is not None else ()
    if case.limits is None:
        return house
    is_private = case.subject.surface is Surface.PRIVATE
    return (*(case.limits.private if is_private else case.limits.public), *house)


def _find(case: Case) -> Outcome:
    limits = _limits(case)
    if not limits:
        return not_applicable("no limit is known for this channel and surface")
    for limit in limits:
        size = count(case.text, limit)
        if size > limit.max:
            reason = f"{size} {_UNITS[limit.unit]}; the limit here is {limit.max}."
            return Finding(reason, min(limit.max, len(case.text)), len(case.text))
    return None


RULE = Rule(
    "C1.length",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "é" * 280, channel="x"),
        Example("fr", "a" * 250 + " https://ateliernoisette.example/" + "b" * 90, channel="x"),
        Example("fr", "😊" * 300, channel="bluesky"),
        Example("fr", "a" * 140, channel="tiktok"),
        Example("en", "@lea@mastodon.example " + "a" * 490, channel="mastodon"),
    ),
    bad=(
        Example("fr", "é" * 281, channel="x"),
        Example("fr", "😊" * 141, channel="x"),
        Example("fr", "é" * 301, channel="bluesky"),
        Example("fr", "👨‍👩‍👧‍👦" * 130, channel="bluesky"),
        Example("fr", "a" * 151, channel="tiktok"),
        Example("en", "é" * 2049, channel="google_reviews"),
        Example("en", "a" * 90, channel="billboard"),
    ),
)
