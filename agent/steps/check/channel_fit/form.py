"""C2, C3, C5, C9: links, tags, markup and mentions as the network takes them."""

import re

from agent.domain.checks import Severity
from agent.steps.check.brand.tags import handles, hashtags, own_handles
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable, replace
from knowledge.text.fact_types import FactKind
from knowledge.text.normalise import fold

_EVERYBODY = re.compile(
    r"(?<![\w@])@(?:everyone|here|all|channel|tous|followers|highlight)\b", re.I
)
_MARKUP = re.compile(
    r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__|`([^`\n]+)`|\[([^\]\n]+)\]\((https?://[^)\s]+)\)"
    r"|(?:^|\n)#{1,6} (?=\S)|(?:^|\n)> (?=\S)|(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])"
)


def _find_links(case: Case) -> Outcome:
    links = [fact for fact in case.facts if fact.kind is FactKind.URL]
    if not links:
        return not_applicable("no link")
    if not case.channel.links_allowed:
        return Finding("The brand puts no links there.", links[0].start, links[0].end)
    if case.limits and not case.limits.are_links_clickable:
        reason = "Links do not open there: say where to find the page."
        return Finding(reason, links[0].start, links[0].end, None, Severity.MINOR)
    return None


_LINK = "https://www.ateliernoisette.example/contact"
LINKS = Rule(
    "C2.links",
    Severity.MAJOR,
    _find_links,
    good=(
        Example("fr", f"Voir {_LINK}", channel="x"),
        Example("fr", "Le lien est dans notre profil.", channel="instagram"),
        Example("en", "See our profile.", channel="billboard"),
    ),
    bad=(
        Example("fr", f"Voir {_LINK}", channel="instagram"),
        Example("fr", f"Voir {_LINK}", channel="tiktok"),
        Example("en", "See ateliernoisette.example", channel="billboard"),
    ),
)


def _find_tags(case: Case) -> Outcome:
    everybody = _EVERYBODY.search(case.text)
    if everybody:
        return Finding("It notifies everybody.", *everybody.span())
    limits = [case.guide.policy.mechanics.hashtags_max]
    if case.channel.hashtags_max is not None:
        limits = [case.channel.hashtags_max]
    if case.limits and case.limits.hashtags_max is not None:
        limits.append(case.limits.hashtags_max)
    found, most = hashtags(case), min(limits)
    if len(found) > most:
        return Finding(f"{len(found)} hashtags where at most {most} fit.", *found[most].span())
    return None


TAGS = Rule(
    "C3.tags",
    Severity.MAJOR,
    _find_tags,
    good=(
        Example("fr", "Merci ! #AtelierNoisette", channel="x"),
        Example("fr", "Écrivez à tous@ateliernoisette.example", channel="x"),
        Example("en", "Thanks everyone here!", channel="discord"),
    ),
    bad=(
        Example("fr", "Merci #AtelierNoisette #AtelierNoisette", channel="x"),
        Example("fr", "@everyone merci !", channel="discord"),
        Example("en", "Thanks @here", channel="discord"),
        Example("en", "Thanks #AtelierNoisette", channel="reddit"),
    ),
)


def _find_markdown(case: Case) -> Outcome:
    if case.limits is None:
        return not_applicable("the network is not known")
    if case.limits.is_markdown:
        return not_applicable("the network renders Markdown")
    match = _MARKUP.search(case.text)
    if match is None:
        return None
    fix = replace(0, len(case.text), _MARKUP.sub(_plain, case.text))
    return Finding("The network would show these marks as they are.", *match.span(), fix)


def _plain(match: re.Match[str]) -> str:
    words = next((group for group in match.groups() if group), "")
    link = match[5]
    lead = "\n" if match[0].startswith("\n") else ""
    return f"{words} {link}" if link else lead + words


MARKDOWN = Rule(
    "C5.markdown",
    Severity.MINOR,
    _find_markdown,
    good=(
        Example("fr", "2 * 3 = 6, et un_mot_composé.", channel="x"),
        Example("fr", "Merci à vous #AtelierNoisette", channel="x"),
        Example("en", "**Thanks**", channel="discord"),
    ),
    bad=(
        Example("fr", "**Merci** à vous", channel="x"),
        Example("fr", f"Voir [la page]({_LINK})", channel="facebook"),
        Example("en", "## Hello\nThanks", channel="instagram"),
        Example("en", "Use `NUTS` now", channel="x"),
    ),
)


def _find_mentions(case: Case) -> Outcome:
    found = [m for m in handles(case) if not _EVERYBODY.match(m[0])]
    if not found:
        return not_applicable("nobody is mentioned")
    author = fold(case.subject.author or "").lstrip("@")
    for match in found:
        name = fold(match[1])
        if name != author and name not in own_handles(case):
            return Finding("It mentions somebody else than the author.", *match.span())
    return None


MENTIONS = Rule(
    "C9.mentions",
    Severity.MAJOR,
    _find_mentions,
    good=(
        Example("fr", "@lea merci !", author="lea", channel="x"),
        Example("fr", "Suivez @ateliernoisette", channel="x"),
        Example("en", "Mail tea@ateliernoisette.example", channel="x"),
        Example("en", "@sam@mastodon.example thanks", author="sam@mastodon.example"),
    ),
    bad=(
        Example("fr", "@lea merci, @paul aussi !", author="lea", channel="x"),
        Example("fr", "Merci @unautre", author="lea", channel="x"),
        Example("en", "@sam thanks, cc @press_contact", author="sam", channel="x"),
    ),
)
