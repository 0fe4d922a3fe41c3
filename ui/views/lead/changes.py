"""What a proposal changes, and what two versions differ in, file by file and line by line."""

from collections.abc import Mapping

import streamlit as st

from agent.domain.packs import Proposal, changes_between
from agent.services.packs import DiffLine, LineKind, line_diff
from ui.desk import leading
from ui.desk.leading import telling
from ui.locales import Words
from ui.widgets.markup import Html, esc, tag

_SIGNS = {LineKind.SAME: " ", LineKind.REMOVED: "−", LineKind.ADDED: "+", LineKind.GAP: "⋯"}


def changes_view(
    proposal: Proposal, before: Mapping[str, str], text: Words, *, is_open: bool
) -> None:
    """Draw each changed file of a proposal, with the button that takes its change back."""
    if not proposal.changes:
        st.html(tag("p", esc(text("guide.changes.none")), "pv-hint"))
    for path, now in proposal.changes.items():
        with st.container(key=f"change_{path}", horizontal=True, vertical_alignment="center"):
            st.html(_file_head(path, before.get(path), now, text))
            if is_open:
                st.button(
                    text("guide.changes.revert"),
                    key=f"revert_{path}",
                    type="tertiary",
                    on_click=_revert,
                    args=(proposal.id, path, before.get(path)),
                )
        st.html(diff_table(line_diff(before.get(path), now)))


@telling
def _revert(proposal_id: str, path: str, was: str | None) -> None:
    leading.save(proposal_id, {path: was})


def versions_diff(before: Mapping[str, str], after: Mapping[str, str], text: Words) -> None:
    """Draw what differs between two versions."""
    changes = changes_between(before, after)
    if not changes:
        st.html(tag("p", esc(text("guide.history.same")), "pv-hint"))
    for path, now in changes.items():
        st.html(_file_head(path, before.get(path), now, text))
        st.html(diff_table(line_diff(before.get(path), now)))


def _file_head(path: str, was: str | None, now: str | None, text: Words) -> Html:
    kind = "added" if was is None else "deleted" if now is None else "changed"
    said = tag("span", esc(text(f"guide.changes.{kind}")), "pv-hint")
    return tag("div", tag("h3", esc(path)) + said, "pv-section")


def diff_table(lines: tuple[DiffLine, ...]) -> Html:
    """Return a diff as a table: line numbers, sign, text."""
    rows = (
        tag(
            "tr",
            tag("td", esc(line.before or ""))
            + tag("td", esc(line.after or ""))
            + tag("td", esc(_SIGNS[line.kind]))
            + tag("td", esc(line.text)),
            f"pv-line-{line.kind.value}",
        )
        for line in lines
    )
    return tag("div", tag("table", tag("tbody", "".join(rows)), "pv-lines"), "pv-scroll")
