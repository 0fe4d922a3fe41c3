"""The rubric on the texts on screen: one verdict a text, and a doubt when the rules cannot run."""

import logging

import streamlit as st

from agent.domain.checks import Check, CheckReport, Severity, Verdict
from agent.domain.messages import Surface
from agent.ports.journal import Happened, note
from ui.desk.state import Screen
from ui.desk.workspace import workspace

_CHECKED = "desk_checked"
Reports = tuple[CheckReport, CheckReport]


def live_reports(screen: Screen) -> Reports:
    """Return the verdict on the public and the private text on screen, computed once a text."""
    key = (screen.item_id, screen.version, screen.sha256)
    known = st.session_state.get(_CHECKED)
    if known is None or known[0] != key:
        known = (key, _check(screen))
        st.session_state[_CHECKED] = known
    reports: Reports = known[1]
    return reports


def is_blocked(reports: Reports) -> bool:
    """Whether approval needs an edit or a reason: a blocking rule, or an unsupported claim."""
    return any(report.blockers or report.ledger.blocking for report in reports)


def _check(screen: Screen) -> Reports:
    if screen.public is None and screen.private is None:
        return CheckReport(), CheckReport()
    try:
        return workspace().review.check(screen.item_id, screen.public, screen.private)
    except Exception as error:
        # Whatever broke, the text must not look checked: a person overrides with a reason.
        kind = type(error).__name__
        note(Happened.CHECKS_FAILED, logging.ERROR, item=screen.item_id, error=kind)
        doubt = Check(
            rule="checks.unavailable",
            verdict=Verdict.ABSTAIN,
            severity=Severity.AUTOFAIL,
            reason=type(error).__name__,
            surface=Surface.REVIEW,
        )
        return CheckReport(checks=(doubt,)), CheckReport()
