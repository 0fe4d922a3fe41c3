"""The pack's files as text: prose and FAQ in Markdown, statements, and YAML for experts."""

import streamlit as st

from agent.domain.errors import PortevoixError
from agent.domain.packs import Proposal, refuse_path
from ui.desk import leading, state
from ui.desk.leading import telling
from ui.desk.pack_form import fill, hold
from ui.locales import Words
from ui.widgets.markup import esc, tag

_FILE, _NEW, _HOME = "lead_file", "lead_new_file", "lead_new_home"
HOMES = ("guidelines", "faq", "statements")
_STARTS = {
    "guidelines": "# {name}\n\n",
    "faq": "---\nlang: fr\n---\n# {name}\n\n## \n\n",
    "statements": "# {name}\n\n## \n\n```yaml\nid: \nlang: fr\nkind: fact\napprover: \n```\n\n",
}


def files_view(
    proposal: Proposal | None, texts: dict[str, str], text: Words, *, is_open: bool
) -> None:
    """Draw the choice of a file and its text; `is_open` False: to read only."""
    paths = sorted(
        texts,
        key=lambda path: (HOMES.index(home) if (home := path.split("/")[0]) in HOMES else 9, path),
    )
    top, new = st.columns([0.7, 0.3], vertical_alignment="bottom")
    with top:
        if st.session_state.get(_FILE) not in paths:
            st.session_state[_FILE] = paths[0]
        path = st.selectbox(text("guide.files.file"), paths, key=_FILE)
    if is_open and proposal is not None:
        with new, st.popover(text("guide.files.new"), width="stretch", key="new_file"):
            _new_file(proposal, text)
    if proposal is None or not is_open:
        st.code(texts[path], language=None)
        return
    key = f"file_{proposal.id}_{path}"
    fill(key, texts[path])
    st.text_area(
        path,
        key=key,
        height=520,
        label_visibility="collapsed",
        on_change=_keep,
        args=(proposal.id, path, key),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(tag("span", esc(text("guide.files.saved_as_left")), "pv-hint"))
        st.button(
            text("guide.files.delete"),
            key="delete_file",
            type="tertiary",
            disabled=path == "brand.yaml",
            on_click=_delete,
            args=(proposal.id, path),
        )


def _new_file(proposal: Proposal, text: Words) -> None:
    st.selectbox(
        text("guide.files.kind"),
        HOMES,
        key=_HOME,
        format_func=lambda home: text(f"guide.files.home.{home}"),
    )
    st.text_input(text("guide.files.name"), key=_NEW, placeholder="livraison.fr")
    st.button(
        text("guide.files.add"), key="add_file", type="primary", on_click=_add, args=(proposal.id,)
    )


@telling
def _keep(proposal_id: str, path: str, key: str) -> None:
    hold(key, is_refused=True)
    leading.save(proposal_id, {path: _ended(str(st.session_state[key]))})
    hold(key, is_refused=False)


@telling
def _delete(proposal_id: str, path: str) -> None:
    leading.save(proposal_id, {path: None})
    st.session_state.pop(_FILE, None)


@telling
def _add(proposal_id: str) -> None:
    name = str(st.session_state.get(_NEW) or "").strip().removesuffix(".md")
    home = str(st.session_state[_HOME])
    path = f"{home}/{name}.md"
    if not name:
        return
    try:
        refuse_path(path)
    except PortevoixError:
        state.notify(state.Notice("file_name", path))
        return
    leading.save(proposal_id, {path: _STARTS[home].format(name=name.split(".")[0])})
    st.session_state[_FILE] = path
    st.session_state[_NEW] = ""


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
