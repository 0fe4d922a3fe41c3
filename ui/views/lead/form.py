"""The pack as a form: fields and grids over `brand.yaml`, saved as they are left."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from agent.domain.errors import PortevoixError
from agent.domain.packs import Proposal
from ui.desk import pack_form, state
from ui.desk.leading import telling
from ui.desk.pack_form import CannotEdit, fill, hold, keep_value, value_at, widget_key
from ui.desk.state import Notice
from ui.locales import Words
from ui.views.lead.form_grid import grid
from ui.views.lead.form_spec import SECTIONS, Field, Grid, Kind
from ui.widgets.markup import esc, tag

_SECTION = "lead_section"


def pack_form_view(
    proposal: Proposal, texts: dict[str, str], text: Words, *, is_open: bool
) -> None:
    """Draw the form; `is_open` False: to read only."""
    data = pack_form.policy_data(texts)
    if data is None:
        st.html(tag("div", esc(text("guide.form.broken")), "pv-notice pv-edge-danger"))
        return
    chosen = st.pills(
        text("guide.form.section"),
        list(SECTIONS),
        key=_SECTION,
        default="identity",
        required=True,
        format_func=lambda name: text(f"pack.section.{name}"),
        label_visibility="collapsed",
    )
    form = Form(proposal, data, text, is_open=is_open)
    for part in SECTIONS[str(chosen)](data):
        form.draw(part)
    st.html(tag("p", esc(text("guide.form.more")), "pv-hint"))


class Form:
    """The fields of one proposal."""

    def __init__(
        self, proposal: Proposal, data: dict[str, Any], text: Words, *, is_open: bool
    ) -> None:
        self._proposal = proposal
        self._data = data
        self._text = text
        self._is_shut = not is_open

    def draw(self, part: Field | Grid | str) -> None:
        """Draw a field, a grid, or a heading."""
        if isinstance(part, str):
            st.html(tag("h3", esc(part)))
        elif isinstance(part, Grid):
            grid(self._proposal, part, self._data, self._text, is_open=not self._is_shut)
        else:
            self._field(part)

    def _field(self, field: Field) -> None:
        key = widget_key(self._proposal, field.path)
        fill(key, _shown(field, value_at(self._data, field.path)))
        common: dict[str, Any] = {
            "label": self._label(field),
            "key": key,
            "disabled": self._is_shut,
            "on_change": _keep,
            "args": (self._proposal, field, key),
        }
        _WIDGETS[field.kind](field, common, self._text)

    def _label(self, field: Field) -> str:
        name = self._text(f"pack.{field.label}")
        return f"{name} ({self._text(f'language.{field.lang}')})" if field.lang else name


def _shown(field: Field, value: Any) -> Any:
    kind = field.kind
    if kind is Kind.LINES:
        return "\n".join(str(one) for one in value or ())
    if kind is Kind.TOGGLE:
        return field.is_on if value is None else bool(value)
    if kind in {Kind.NUMBER, Kind.CHOICE}:
        return value
    return str(value or "")


def _stored(kind: Kind, value: Any) -> Any:
    if kind is Kind.LINES:
        return [line.strip() for line in str(value).splitlines() if line.strip()]
    if kind in {Kind.TEXT, Kind.AREA}:
        return str(value).strip()
    return value


@telling
def _keep(proposal: Proposal, field: Field, key: str) -> None:
    chosen = st.session_state[key]
    # A field that comes back on screen may be heard as changed: what was shown is not written.
    if chosen == _shown(field, pack_form.stored(proposal, field.path)):
        hold(key, is_refused=False)
        return
    try:
        keep_value(proposal, field.path, _stored(field.kind, chosen))
    except CannotEdit:
        hold(key, is_refused=True)
        state.notify(Notice("form_cannot", tone="danger"))
        return
    except PortevoixError:
        hold(key, is_refused=True)
        raise
    hold(key, is_refused=False)


def _choice(field: Field, common: dict[str, Any], text: Words) -> None:
    options: Sequence[str] = field.options
    stored = st.session_state.get(common["key"])
    if stored is not None and stored not in options:
        options = (*options, str(stored))
    st.selectbox(
        options=options, format_func=lambda one: text.get(f"pack.value.{one}", str(one)), **common
    )


_WIDGETS: dict[Kind, Callable[[Field, dict[str, Any], Words], None]] = {
    Kind.TEXT: lambda _f, common, _t: _drawn(st.text_input(**common)),
    Kind.AREA: lambda _f, common, _t: _drawn(st.text_area(height=90, **common)),
    Kind.LINES: lambda _f, common, text: _drawn(
        st.text_area(height="content", placeholder=text("guide.form.one_a_line"), **common)
    ),
    Kind.NUMBER: lambda _f, common, _t: _drawn(st.number_input(min_value=0, step=1, **common)),
    Kind.TOGGLE: lambda _f, common, _t: _drawn(st.toggle(**common)),
    Kind.CHOICE: _choice,
}


def _drawn(_value: object) -> None:
    """A widget's value is read from the session when it changes, never from the run."""
