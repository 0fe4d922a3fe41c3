"""Finds what asks for another review whatever the wording: a change, a better score, a trade."""

import re
from itertools import product

from agent.steps.check.case import Case
from agent.steps.check.phrases import any_phrases, phrases

Span = tuple[int, int]

_NEAR = 34
"""Characters between a review and what is done to it."""
_FAR = 90
_OURS = re.compile(
    r"\b(?:nous (?:allons|pouvons|devons|avons|ne)|on (?:va|peut|ne)|we(?:'ll| will| can| have|'ve)"
    r"|merci (?:\w+ )?(?:pour|d'avoir)|(?:thanks|thank you)(?: \w+)?(?: so much)? for)"
    r"\b(?:(?! que\b| you\b)[^,;:.])*$"
)
_IMPERATIVE = re.compile(r"(?:^|[,;:.!] ?|\b(?:and|just|then|et|puis|please) )$")
_SCORED = re.compile(
    r"etoile|stars?\b|\bavis\b|review|\bnote\b|rating|rated|[0-9] ?(?:/|sur) ?(?:5|10)\b"
)


def find_ask(case: Case) -> Span | None:
    """Return where a sentence wants a review changed, removed or raised, or offers to buy one."""
    lang = case.reply_lang
    if not any_phrases("reviews.noun", "reviews.score", "reviews.coin").occurs(case.bare, lang):
        return None
    for sentence in case.sentences:
        found = _in_sentence(case, case.bare[sentence.start : sentence.end])
        if found:
            return sentence.start + found[0], sentence.start + found[1]
    return None


def find_pose(case: Case) -> Span | None:
    """Return where the writer speaks as somebody of the public: « simple élève de passage »."""
    found = phrases("reviews.pose").search(case.bare, case.reply_lang)
    return found.span() if found else None


def _in_sentence(case: Case, words: str) -> Span | None:
    return _better_score(case, words) or _change(case, words) or trade_in(case, words)


def _spans(case: Case, name: str, words: str) -> list[Span]:
    return [found.span() for found in phrases(f"reviews.{name}").finditer(words, case.reply_lang)]


def _better_score(case: Case, words: str) -> Span | None:
    """« Une étoile de plus », "a four instead of a two", where a score is spoken of."""
    scores = _spans(case, "score", words)
    is_of_scores = scores and (_SCORED.search(case.message) or _SCORED.search(case.folded))
    return scores[0] if is_of_scores or (scores and _spans(case, "prize", words)) else None


def _change(case: Case, words: str) -> Span | None:
    nouns = _spans(case, "noun", words)
    if not nouns:
        return None
    is_wanted = words.rstrip(" »\"')").endswith("?") or bool(_spans(case, "want", words))
    for noun, verb in product(nouns, _spans(case, "change", words)):
        if 0 <= noun[0] - verb[1] <= _NEAR and not _OURS.search(words[: verb[0]]):
            gap = words[verb[1] : noun[0]]
            if not re.search(r"[,;:]", gap) and (is_wanted or _is_imperative(words, verb)):
                return verb[0], noun[1]
    if not is_wanted:
        return None
    return _after(case, words, nouns, "fate", _NEAR) or _after(
        case, words, nouns, "change_it", _FAR
    )


def _is_imperative(words: str, verb: Span) -> bool:
    is_french = words[: verb[1]].endswith("ez") and not words[: verb[0]].endswith("vous ")
    return is_french or _IMPERATIVE.search(words[: verb[0]]) is not None


def _after(case: Case, words: str, nouns: list[Span], name: str, most: int) -> Span | None:
    for noun, verb in product(nouns, _spans(case, name, words)):
        if 0 <= verb[0] - noun[1] <= most and not _OURS.search(words[: verb[0]]):
            return noun[0], verb[1]
    return None


def trade_in(case: Case, words: str) -> Span | None:
    """Return where one sentence names a review to be written and something of value for it."""
    if _OURS.search(words):
        return None
    pairs = product(_spans(case, "coin", words), _spans(case, "prize", words))
    for coin, prize in pairs:
        if 0 <= prize[0] - coin[1] <= _FAR or 0 <= coin[0] - prize[1] <= _FAR:
            return min(coin[0], prize[0]), max(coin[1], prize[1])
    return None
