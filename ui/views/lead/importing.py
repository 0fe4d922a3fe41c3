"""Import of documents into a proposal's FAQ, with a report of each."""

import streamlit as st

from agent.domain.packs import Proposal
from agent.services.lint.words import finding_words
from agent.services.packs import Imported, import_documents
from knowledge.problems import Problem
from knowledge.sources.read import KINDS
from ui.desk import leading
from ui.desk.leading import telling
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.views.lead.frame import with_code
from ui.widgets.markup import Html, badge, esc, row, tag

_FILES, _REPORT = "import_files", "import_report"
_SHOWN = 40


def import_view(proposal: Proposal, text: Words, *, is_open: bool) -> None:
    """Draw the upload and, after it, what came out of each document."""
    st.html(tag("p", esc(text("import.lead")), "pv-hint"))
    if is_open:
        round_ = int(st.session_state.get(f"{_FILES}_round", 0))
        st.file_uploader(
            text("import.files"),
            type=list(KINDS),
            accept_multiple_files=True,
            key=f"{_FILES}_{round_}",
        )
        st.button(
            text("import.go"),
            key="import_go",
            type="primary",
            disabled=not st.session_state.get(f"{_FILES}_{round_}"),
            on_click=_take,
            args=(proposal.id, f"{_FILES}_{round_}"),
        )
    known = st.session_state.get(_REPORT)
    if known is not None and known[0] == proposal.id:
        st.html("".join(_document(one, text) for one in known[1]))


@telling
def _take(proposal_id: str, key: str) -> None:
    given = [(one.name, one.getvalue()) for one in st.session_state.get(key) or ()]
    proposals = workspace().proposals
    texts = proposals.result(proposals.proposal(proposal_id))
    changes, reports = import_documents(texts, given)
    if changes:
        leading.save(proposal_id, changes)
    st.session_state[_REPORT] = (proposal_id, reports)
    st.session_state[f"{_FILES}_round"] = int(st.session_state.get(f"{_FILES}_round", 0)) + 1


def _document(one: Imported, text: Words) -> Html:
    read, written = one.read, one.written
    figures = (
        ("entries", len(read.entries), "good"),
        ("written", len(written.written), "good"),
        ("kept", len(written.kept), "plain"),
        ("errors", len(read.errors), "danger"),
        ("empties", len(read.empties), "warn"),
        ("skipped", len(read.skipped), "quiet"),
    )
    badges = [badge(text(f"import.{name}", n=n), tone) for name, n, tone in figures if n]
    head = row([tag("b", esc(one.name)), *badges])
    listed = [
        *(("errors", problem) for problem in read.errors),
        *(("empties", problem) for problem in read.empties),
        *(("skipped", problem) for problem in read.skipped),
    ]
    lines = "".join(_line(problem, text) for _, problem in listed[:_SHOWN])
    rest = len(listed) - _SHOWN
    more = tag("li", esc(text("import.more", n=rest))) if rest > 0 else ""
    return tag("div", head + tag("ul", lines + more, "pv-help"), "pv-card")


def _line(problem: Problem, text: Words) -> Html:
    what, mend = finding_words(problem, text)
    said = f"{what} — {mend}" if mend else what
    return tag("li", tag("code", esc(problem.where)) + " " + with_code(said))
