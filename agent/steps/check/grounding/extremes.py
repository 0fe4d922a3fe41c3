"""Whether a reply knows no season, hour, amount or wait where its passage sets one.

« Chauffée toute l'année » beside "from October to April", « dès la souscription » beside « après
un délai de carence de 3 mois ».
"""

import re
from collections.abc import Sequence

from agent.steps.check.families import held
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.words import stems

_MONTH = (
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)"
)
_EXTREMES = tuple(
    (re.compile(rf"\b(?:{claim})\b"), re.compile(rf"\b(?:{limit})\b"))
    for claim, limit in (
        (
            r"toute l'annee|a l'annee|en toute saison|365 jours|all (?:the )?year(?: round)?"
            r"|year[- ]round|whatever the season|in every season",
            rf"(?:de|d'|du \d+\w*|from|between) ?{_MONTH} (?:a|au \d+\w*|to|and|until) {_MONTH}"
            r"|en (?:ete|hiver)|in (?:summer|winter)|hors saison|low season|off[- ]season",
        ),
        (
            r"a toute heure|at any (?:time|hour)|any ?time|jour et nuit|day and night|24/7"
            r"|(?:a|around) the clock|24 h(?:eures?)?(?: ?/ ?| sur )24|24 hours"
            r"|sans restriction|without restrictions?",
            r"sauf|except|hors|de \d+ ?h(?: ?\d\d)? a \d+ ?h|from \d+ ?[ap]m to \d+ ?[ap]m"
            r"|only|uniquement",
        ),
        (
            r"sans (?:aucune )?(?:limite|limitation|plafond)|illimitee?s?|autant (?:de fois )?que"
            r"|with(?:out| no)(?: any)? limit|no limit|unlimited|as (?:many|often|much)(?: \w+)? as"
            r"|quel que soit le (?:montant|nombre)|whatever the (?:amount|number)",
            r"jusqu'a|up to|max\w*|limit\w* (?:a|to)|plafon\w+|une (?:seule )?fois|once (?:per|a)"
            r"|at most|au plus|dans la limite",
        ),
        (
            r"immediatement|aussitot|tout de suite|sur-le-champ|sans delai|des la souscription"
            r"|right away|immediately|straight away|at once|instantly|on the spot",
            r"preavis|carence|delai|apres|after|jusqu'a la fin|until the end|notice"
            r"|within \d+|sous \d+|waiting period",
        ),
    )
)


def knows_no_limit(folded: str, said: frozenset[str], parts: Sequence[Part]) -> bool:
    """Return whether a claim goes to an extreme on a matter that a sentence limits.

    `said` are the stems of the claim. A passage that goes to the extreme itself allows it.
    """
    for claimed, limited in _EXTREMES:
        found = claimed.search(folded)
        if found is None or any(claimed.search(part.folded) for part in parts):
            continue
        matter = said - frozenset(stems(found[0]))
        if any(limited.search(part.folded) and held(matter, part.stems) for part in parts):
            return True
    return False
