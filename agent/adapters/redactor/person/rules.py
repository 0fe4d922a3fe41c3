"""Which words of a message are the name of a person: runs of name-like words, judged together."""

import itertools
import re
from collections.abc import Iterator

from agent.adapters.redactor.found import Found
from agent.adapters.redactor.person.cues import Cue
from agent.adapters.redactor.person.judge import score_run
from agent.adapters.redactor.person.lexicon import Lexicon, fold
from agent.adapters.redactor.person.runs import STRONG_CUES, Run, run_at
from agent.adapters.redactor.person.tokens import Case, Kind, Token, read_tokens

_LISTED = re.compile(r"(?:,| et| ou| and| or| &|, and|, et) ")
_MOST_UPPER = 0.6
_LISTED_SCORE = 0.6


def find_persons(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Yield names without their titles, particles and initials included."""
    tokens = _without_phrases(read_tokens(text, lexicon), text, lexicon)
    is_flat = _is_flat(tokens)
    judged: list[tuple[Run, float]] = []
    position = 0
    while position < len(tokens):
        run = run_at(text, tokens, position, is_flat=is_flat)
        if run is None:
            position += 1
            continue
        judged.append((run, score_run(text, run)))
        position += len(run.tokens)
    for run, score in _listed_together(text, judged):
        if score:
            yield Found(run.start, _closed(text, run), score)


def _listed_together(text: str, judged: list[tuple[Run, float]]) -> list[tuple[Run, float]]:
    """Judge alike what "A, B and C" names in one breath: all people, or all products."""
    for order in (1, -1):
        ordered = range(len(judged))[::order]
        for before, at in itertools.pairwise(ordered):
            (first, first_score), (run, score) = judged[before], judged[at]
            left, right = (first, run) if order == 1 else (run, first)
            if not _LISTED.fullmatch(text, left.end, right.start):
                continue
            is_product = first_score == 0 and bool(first.cue & Cue.PUBLIC)
            if score and is_product and order == 1 and not run.cue & STRONG_CUES:
                judged[at] = (run._replace(cue=run.cue | Cue.PUBLIC), 0.0)
            elif not score and first_score and _could_be_listed(run):
                judged[at] = (run, _LISTED_SCORE)
    return judged


def _could_be_listed(run: Run) -> bool:
    head = run.tokens[0]
    if run.cue & Cue.PUBLIC or head.case != Case.CAPITAL or len(run.tokens) > 1:
        return False
    is_unlisted = head.kind == Kind.UNKNOWN and len(head.text) > 3 and not head.is_opening
    is_ambiguous = bool(head.kind & Kind.EVERYDAY) and not head.kind & Kind.PLACE
    return is_unlisted or is_ambiguous


def _without_phrases(tokens: list[Token], text: str, lexicon: Lexicon) -> list[Token]:
    """Turn the words of "Leroy Merlin" or "Victor Hugo" into plain words."""
    folded = fold(text)
    if len(folded) != len(text) or not lexicon.phrases.search(folded):
        return tokens
    spans = [match.span() for match in lexicon.phrases.finditer(folded)]
    return [
        token._replace(kind=Kind.WORD)
        if any(start <= token.start < end for start, end in spans)
        else token
        for token in tokens
    ]


def _is_flat(tokens: list[Token]) -> bool:
    """Say whether capitals carry nothing: a message all in capitals."""
    long = [token for token in tokens if len(token.text) > 1]
    upper = sum(token.case == Case.UPPER for token in long)
    return len(long) > 2 and upper / len(long) >= _MOST_UPPER


def _closed(text: str, run: Run) -> int:
    """Include the point of a final initial: "Jean-Luc P."."""
    is_initial = bool(run.tokens[-1].kind & Kind.INITIAL)
    return run.end + (is_initial and text[run.end : run.end + 1] == ".")
