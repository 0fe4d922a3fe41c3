"""The five nearest approved answers, each one key away, with its score and its first words."""

from math import exp

import streamlit as st

from agent.domain.decisions import SENSITIVE, EscalationReason, Route
from agent.domain.drafts import Candidate
from agent.domain.outcome import Outcome
from knowledge.passages import Band, Passage
from ui.desk import actions, state
from ui.desk.state import Screen
from ui.locales import Words
from ui.widgets.markup import esc, label_text, tag

CHOICES = 5
FAINT = 0.01
"""A share below this is shown as less than one per cent."""
_CLOSED = frozenset({Route.MODERATE, Route.NO_REPLY})


def offered(outcome: Outcome) -> tuple[Candidate, ...]:
    """Return what may be chosen: the ready drafts, else the nearest entries, however far.

    None where one key must not bring a text: a sensitive matter, a message that gets no reply.
    """
    draft, triage = outcome.draft, outcome.triage
    if draft.candidates:
        return draft.candidates[:CHOICES]
    is_frozen = triage.reason is EscalationReason.CRISIS_FREEZE
    if triage.categories() & SENSITIVE or triage.route in _CLOSED or is_frozen:
        return ()
    cited = {citation.passage_id for citation in draft.citations}
    nearest = (hit for hit in outcome.retrieval.hits if hit.passage.id not in cited)
    return tuple(
        Candidate(passage_id=hit.passage.id, score=hit.score, public=hit.passage.answer)
        for hit in nearest
        if hit.passage.lang is triage.language
    )[:CHOICES]


def candidates(outcome: Outcome, screen: Screen, words: Words, *, is_enabled: bool) -> None:
    """Draw the list; a key recomposes the draft from its entry at once."""
    found = offered(outcome)
    if not found:
        return
    st.html(tag("div", tag("h3", esc(words("candidates.title"))), "pv-section"))
    band = outcome.draft.band if outcome.draft.candidates else Band.LOW
    if band is not Band.HIGH:
        st.html(tag("div", esc(words(f"candidates.{band.value}")), "pv-hint"))
    entries = {passage.id: passage for passage in outcome.passages}
    shares = shares_of(outcome)
    with st.container(key="candidates", gap="xsmall"):
        for at, candidate in enumerate(found, start=1):
            entry = entries.get(candidate.passage_id)
            _choice(at, candidate, entry, screen, is_enabled=is_enabled)
            text = entry.answer if entry else candidate.public or candidate.private or ""
            st.html(_taste(shares.get(candidate.passage_id, 0.0), text, words))


def shares_of(outcome: Outcome) -> dict[str, float]:
    """Return each entry's share of the ranker's scores among all that were found: they sum to 1.

    The ranker is linear and trained on lists, so a softmax is how its scores compare. It says how
    far an entry stands from the others found, not how likely it is to be right.
    """
    hits = outcome.retrieval.hits
    best = max((hit.score for hit in hits), default=0.0)
    weights = [exp(hit.score - best) for hit in hits]
    return {
        hit.passage.id: weight / sum(weights) for hit, weight in zip(hits, weights, strict=True)
    }


def _choice(
    at: int, candidate: Candidate, entry: Passage | None, screen: Screen, *, is_enabled: bool
) -> None:
    is_free = is_enabled and state.dialog() is None
    text = candidate.public or candidate.private or ""
    st.button(
        label_text(entry.question if entry else candidate.passage_id),
        key=f"candidate_{at}_{screen.item_id}_{screen.revision}",
        help=label_text(text),
        width="stretch",
        type="secondary",
        shortcut=str(at) if is_free else None,
        disabled=not is_free,
        on_click=actions.recompose,
        args=(screen, candidate.passage_id),
    )


def _taste(share: float, text: str, words: Words) -> str:
    shown = words("candidates.faint") if share < FAINT else words.percent(share)
    score = tag("span", esc(shown), "pv-score", title=words("candidates.score"))
    return tag("div", score + tag("span", esc(" ".join(text.split()))), "pv-taste")
