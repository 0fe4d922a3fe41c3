"""The right pane: other answers one key away, live checks, and what stands behind each sentence."""

from collections.abc import Sequence

import streamlit as st

from agent.domain.checks import Check, CheckReport
from agent.domain.messages import Surface
from agent.domain.reviews import ReviewItem
from knowledge.passages import Band
from ui.desk import actions, state
from ui.desk.checking import live_reports
from ui.desk.state import Screen
from ui.desk.workspace import pack_of
from ui.locales import Words
from ui.views.candidates import candidates, offered
from ui.widgets import checks
from ui.widgets.draft_marks import check_link
from ui.widgets.ledger import ledger_html, linked, source_numbers
from ui.widgets.markup import badge, esc, tag
from ui.widgets.sources import citable, sources_html


def evidence_pane(item: ReviewItem, screen: Screen, words: Words, *, is_enabled: bool) -> None:
    """Draw the pane; when no draft is sure enough, the candidates come first."""
    reports = live_reports(screen)
    with st.container(key="pane_side"):
        if not (screen.public or screen.private or offered(item.outcome)):
            st.html(tag("div", esc(words("evidence.nothing")), "pv-hint"))
        draft = item.outcome.draft
        comes_first = draft.band is Band.MIDDLE or not (draft.public or draft.private)
        if comes_first:
            candidates(item.outcome, screen, words, is_enabled=is_enabled)
        _checks(screen, reports, words, is_enabled=is_enabled)
        _sources(item, reports, words)
        if not comes_first:
            candidates(item.outcome, screen, words, is_enabled=is_enabled)


def _title(text: str, side: str = "") -> None:
    st.html(tag("div", tag("h3", esc(text)) + side, "pv-section"))


def _checks(
    screen: Screen, reports: Sequence[CheckReport], words: Words, *, is_enabled: bool
) -> None:
    if not (screen.public or screen.private):
        return
    _title(words("checks.title"), checks.summary(reports, words))
    for surface, report in zip((Surface.PUBLIC, Surface.PRIVATE), reports, strict=True):
        text = screen.text(surface) or ""
        for at, check in enumerate(checks.to_show(report)):
            with st.container(key=f"check_{surface.value}_{at}", horizontal=True):
                st.html(checks.check_html(check, text, words, check_link(surface, at)))
                if check.fix is not None and is_enabled:
                    _fix_button(check, surface, screen, at, words)
    st.html(checks.passed_html(reports, words) or tag("span", ""))


def _fix_button(check: Check, surface: Surface, screen: Screen, at: int, words: Words) -> None:
    st.button(
        words("checks.fix"),
        key=f"fix_{surface.value}_{at}_{screen.revision}",
        help=check.fix.replacement if check.fix else None,
        disabled=state.dialog() is not None,
        on_click=_mend,
        args=(screen, surface, check, screen.sha256),
    )


def _mend(screen: Screen, surface: Surface, check: Check, checked_sha256: str) -> None:
    """Apply the fix if the text is still the one that was checked."""
    if check.fix is None or screen.sha256 != checked_sha256:
        return
    texts = {s: screen.text(s) for s in (Surface.PUBLIC, Surface.PRIVATE)}
    text = texts[surface] or ""
    texts[surface] = text[: check.fix.start] + check.fix.replacement + text[check.fix.end :]
    actions.apply_fix(screen, texts[Surface.PUBLIC], texts[Surface.PRIVATE])


def _sources(item: ReviewItem, reports: Sequence[CheckReport], words: Words) -> None:
    ledgers = {
        surface: report.ledger
        for surface, report in zip((Surface.PUBLIC, Surface.PRIVATE), reports, strict=True)
        if report.ledger.lines
    }
    if not ledgers:
        return
    numbers = source_numbers(*ledgers.values())
    _title(words("sources.title"))
    for surface, ledger in ledgers.items():
        label = badge(words(f"editor.{surface.value}"), "quiet") if len(ledgers) > 1 else ""
        st.html(label + ledger_html(ledger, numbers, words, surface))
    lines = [one for surface, ledger in ledgers.items() for one in linked(ledger, surface)]
    passages = citable(item.outcome, pack_of(item.brand_id), words)
    st.html(sources_html(passages, lines, numbers, words))
