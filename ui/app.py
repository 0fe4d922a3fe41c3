"""The desk: page configuration, the door and the pages; Streamlit runs this file at each rerun."""

from functools import partial
from pathlib import Path

import streamlit as st

from ui.desk.language import words
from ui.desk.session import arrive
from ui.desk.state import take_said
from ui.desk.workspace import refresh_packs
from ui.views.account import account_bar
from ui.views.archive import archive_page
from ui.views.door import closed_door, no_role
from ui.views.escalations import escalations_page
from ui.views.help import help_page
from ui.views.lead import lead_pages
from ui.views.measure import measure_page
from ui.views.people import manages_somebody, people_page
from ui.views.queue import queue_page
from ui.views.sandbox import sandbox_page
from ui.views.work import work_bar

HERE = Path(__file__).parent


def main() -> None:
    """Draw the page asked for, to a signed-in person only."""
    st.set_page_config(
        page_title="Portevoix",
        page_icon=str(HERE / "static" / "favicon.png"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    st.html(HERE / "theme" / "desk.css")
    st.logo(str(HERE / "static" / "mark.svg"), size="medium")
    person = arrive()
    if person is None:
        st.navigation([st.Page(closed_door, title="Portevoix")], position="hidden").run()
        return
    if not person.roles:
        st.navigation(
            [st.Page(partial(no_role, person), title="Portevoix")], position="hidden"
        ).run()
        return
    refresh_packs()
    text = words()
    pages = [
        (queue_page, "queue", True),
        (sandbox_page, "sandbox", False),
        (escalations_page, "escalations", False),
        (archive_page, "archive", False),
        (measure_page, "measure", False),
        *((page, name, False) for page, name in lead_pages(person)),
        (help_page, "help", False),
    ]
    if manages_somebody(person):
        pages.insert(-1, (people_page, "people", False))
    chosen = st.navigation(
        [
            st.Page(
                partial(draw, person),
                title=text(f"page.{name}"),
                url_path="" if is_first else name,
                default=is_first,
            )
            for draw, name, is_first in pages
        ],
        position="top",
    )
    account_bar(person, text)
    work_bar(person, text)
    chosen.run()
    said = take_said()
    if said:
        st.toast(said)


main()
