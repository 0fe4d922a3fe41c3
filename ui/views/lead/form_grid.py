"""A list of records as a grid: cells edited, rows added and taken away, the rest of each kept."""

from collections.abc import Mapping
from copy import deepcopy
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pandas as pd
import streamlit as st
from pydantic import BaseModel

from agent.domain.errors import PortevoixError
from agent.domain.packs import Proposal
from ui.desk import state
from ui.desk.leading import telling
from ui.desk.pack_form import CannotEdit, keep_value, value_at, widget_key
from ui.desk.state import Notice
from ui.locales import Words
from ui.views.lead.form_spec import Grid
from ui.widgets.markup import esc, tag

Records = list[dict[str, Any]]


def grid(
    proposal: Proposal, part: Grid, data: dict[str, Any], text: Words, *, is_open: bool
) -> None:
    """Draw the grid of one list."""
    found = value_at(data, part.path)
    records = [dict(one) for one in found if isinstance(one, dict)] if found else []
    name = widget_key(proposal, part.path)
    base = _base(name, records)
    label = text(f"pack.{part.label}")
    st.html(tag("h3", esc(label)))
    st.data_editor(
        _frame(base, part),
        key=_key(name),
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        height="content",
        disabled=not is_open,
        column_config={column: _column(part.model, column, text) for column in part.columns},
        on_change=_keep,
        args=(proposal, part, name),
        alt=label,
        placeholder="",
    )


def _base(name: str, records: Records) -> Records:
    """Return the rows the grid's own edits are counted from: afresh when others changed them."""
    known = st.session_state.get(f"{name}_base")
    if known is None or _edited(known, st.session_state.get(_key(name)) or {}) != records:
        st.session_state[f"{name}_round"] = int(st.session_state.get(f"{name}_round", 0)) + 1
        st.session_state[f"{name}_base"] = known = records
    return list(known)


def _key(name: str) -> str:
    return f"{name}_grid_{st.session_state.get(f'{name}_round', 0)}"


def _edited(base: Records, edits: Mapping[str, Any]) -> Records:
    """Return the records with the grid's edits made; an emptied cell takes its key away."""
    records = deepcopy(base)
    for row, cells in dict(edits.get("edited_rows") or {}).items():
        _fill(records[int(row)], cells)
    gone = {int(row) for row in edits.get("deleted_rows") or ()}
    kept = [record for row, record in enumerate(records) if row not in gone]
    for cells in edits.get("added_rows") or ():
        added: dict[str, Any] = {}
        _fill(added, cells)
        if added:
            kept.append(added)
    return kept


def _fill(record: dict[str, Any], cells: Mapping[str, Any]) -> None:
    for column, value in cells.items():
        if column.startswith("_"):
            continue
        if value in (None, "", []):
            record.pop(column, None)
        else:
            record[column] = value.strip() if isinstance(value, str) else value


@telling
def _keep(proposal: Proposal, part: Grid, name: str) -> None:
    edits = st.session_state[_key(name)]
    records = _edited(st.session_state[f"{name}_base"], edits)
    try:
        keep_value(proposal, part.path, records)
    except CannotEdit:
        state.notify(Notice("form_cannot", tone="danger"))
    except PortevoixError:
        raise


def _frame(records: Records, part: Grid) -> pd.DataFrame:
    rows = [{column: record.get(column) for column in part.columns} for record in records]
    return pd.DataFrame(rows, columns=list(part.columns), dtype=object)


def _column(model: type[BaseModel], column: str, text: Words) -> Any:
    label = text(f"pack.col.{column}")
    kind = _kind(model.model_fields[column].annotation)
    if kind is tuple:
        return st.column_config.ListColumn(label)
    if kind is bool:
        return st.column_config.CheckboxColumn(label)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        options = [one.value for one in kind if one.value != "unknown"]
        return st.column_config.SelectboxColumn(
            label, options=options, format_func=lambda one: _said(str(one), text)
        )
    return st.column_config.TextColumn(label)


def _said(code: str, text: Words) -> str:
    for prefix in ("pack.value", "category", "route", "language"):
        if said := text.get(f"{prefix}.{code}", ""):
            return said
    return code


def _kind(annotation: Any) -> Any:
    """Return the plain type of a field: `Language` of `Language | None`, tuple of any tuple."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    origin = get_origin(annotation)
    return origin if isinstance(origin, type) else annotation
