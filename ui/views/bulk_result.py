"""What came of the last act on several items: how many were taken, and why each other was not."""

import streamlit as st

from agent.domain.bulk import BulkKind, BulkResult
from ui.desk import bulk, state
from ui.desk.bulk import Outcome
from ui.locales import Words
from ui.widgets.markup import Html, badge, esc, row, tag


def outcome_panel(words: Words) -> None:
    """Draw it until the next act, with the way to take back what was decided."""
    outcome = bulk.outcome()
    if outcome is None:
        return
    done = outcome.done
    refused = [result for result in outcome.results if result.refusal is not None]
    with st.container(key="bulk_outcome"):
        head = badge(words.count(f"bulk.done.{outcome.kind.value}", len(done)), "good")
        if refused:
            head += badge(words.count("bulk.refused", len(refused)), "warn")
        st.html(tag("div", row([head]), role="status"))
        if refused:
            st.html(_table(refused, outcome, words))
        if done and outcome.kind is not BulkKind.ASSIGN:
            st.button(
                words("bulk.take_back"),
                key="bulk_take_back",
                disabled=state.dialog() is not None,
                on_click=bulk.take_all_back,
                args=(tuple(done),),
            )


def _table(refused: list[BulkResult], outcome: Outcome, words: Words) -> Html:
    heads = "".join(tag("th", esc(words(f"bulk.column.{name}"))) for name in ("message", "why"))
    lines = "".join(_line(result, outcome, words) for result in refused)
    return tag("table", tag("tr", heads) + lines, "pv-bulk-table")


def _line(result: BulkResult, outcome: Outcome, words: Words) -> Html:
    why = words(f"bulk.refusal.{result.refusal.value}") if result.refusal else ""
    if result.about:
        why = f"{why} ({result.about})"
    excerpt = outcome.excerpts.get(result.item_id, result.item_id)
    link = tag("a", esc(excerpt), href=f"?item={result.item_id}", target="_self")
    return tag("tr", tag("td", link) + tag("td", esc(why)))
