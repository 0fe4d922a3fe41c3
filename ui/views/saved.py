"""Saved views: the person's own filters under a name, one of them opening the desk."""

from collections.abc import Callable

import streamlit as st

from agent.domain.errors import NotAllowed, PortevoixError
from agent.domain.people import SignedIn
from agent.domain.records import SavedView
from ui.desk import state
from ui.desk.query import Filters
from ui.desk.session import who
from ui.desk.state import Notice
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.widgets.markup import esc, label_text, tag

_OPENED = "desk_default_view_opened"
Show = Callable[[Filters], None]


def open_default_view(person: SignedIn) -> None:
    """Show the person's default view, once a session and only if the URL asks for nothing."""
    if st.session_state.get(_OPENED):
        return
    st.session_state[_OPENED] = True
    if set(st.query_params) - {"lang"}:
        return
    default = next((v for v in workspace().views.of(person.person.id) if v.is_default), None)
    if default is not None:
        for name, value in Filters.from_url(default.filters).to_url().items():
            st.query_params[name] = value


def saved_views(filters: Filters, person: SignedIn, words: Words, show: Show) -> None:
    """Draw the menu of views; `show` puts a view's filters into the URL."""
    views = workspace().views.of(person.person.id)
    shown = next((view for view in views if _filters(view) == filters), None)
    title = label_text(shown.name) if shown else words("views.title")
    menu = st.popover(title, key="views_open", help=words("views.help"), on_change="rerun")
    if not menu.open:
        return
    with menu:
        if not views:
            st.html(tag("p", esc(words("views.empty")), "pv-hint"))
        for at, view in enumerate(views):
            st.button(
                label_text(view.name),
                key=f"view_show_{at}",
                type="primary" if view == shown else "secondary",
                width="stretch",
                on_click=show,
                args=(_filters(view),),
            )
        if shown is None:
            _new(filters, words)
        else:
            _change(shown, words)


def _filters(view: SavedView) -> Filters:
    return Filters.from_url(view.filters)


def _new(filters: Filters, words: Words) -> None:
    st.text_input(
        words("views.name"),
        key="view_name",
        max_chars=60,
        placeholder=words("views.name_hint"),
        on_change="ignore",
    )
    st.button(words("views.save"), key="view_save", on_click=_save, args=(filters,))


def _change(view: SavedView, words: Words) -> None:
    key = f"view_rename_{view.name}"
    st.text_input(words("views.name"), value=view.name, key=key, max_chars=60, on_change="ignore")
    with st.container(horizontal=True, gap="xsmall", key="view_tools"):
        st.button(words("views.rename"), key="view_rename", on_click=_rename, args=(view.name, key))
        st.button(
            words("views.not_default" if view.is_default else "views.default"),
            key="view_default",
            on_click=_open_with,
            args=(None if view.is_default else view.name,),
        )
        st.button(words("views.delete"), key="view_delete", on_click=_delete, args=(view.name,))


def _save(filters: Filters) -> None:
    name = str(st.session_state.get("view_name") or "")
    _try(lambda person: workspace().views.save(person.person, name, filters.to_url()))


def _rename(name: str, key: str) -> None:
    new_name = str(st.session_state.get(key) or "")
    _try(lambda person: workspace().views.rename(person.person, name, new_name))


def _open_with(name: str | None) -> None:
    _try(lambda person: workspace().views.open_with(person.person, name))


def _delete(name: str) -> None:
    _try(lambda person: workspace().views.delete(person.person, name))


def _try(change: Callable[[SignedIn], object]) -> None:
    person = who()
    try:
        if person is None:
            raise NotAllowed("the session has ended; sign in again")
        change(person)
    except NotAllowed:
        state.notify(Notice("not_allowed", tone="danger"))
    except PortevoixError:
        state.notify(Notice("view_refused"))
