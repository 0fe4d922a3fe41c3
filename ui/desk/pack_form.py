"""Form edits of `brand.yaml`: a value at a path, written back without touching any other line."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import streamlit as st

from agent.domain.packs import Proposal
from knowledge.sources.yaml_edit import with_data
from knowledge.sources.yaml_lines import YamlError, load_yaml
from ui.desk import leading
from ui.desk.workspace import workspace

POLICY = "brand.yaml"
Path = tuple[str | int, ...]
_KEPT = "lead_kept"


class CannotEdit(Exception):
    """The form's change cannot be made in the file; the message says what to do."""


def policy_data(texts: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the data of `brand.yaml`, or None: it is not YAML, the form has to wait."""
    try:
        data = load_yaml(texts.get(POLICY, "")).data
    except YamlError:
        return None
    return data if isinstance(data, dict) else None


def value_at(data: Any, path: Path) -> Any:
    """Return the value at a path, or None."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def put(data: Any, path: Path, value: Any) -> None:
    """Set the value at a path, making what is above it; an empty value takes the key away."""
    for part in path[:-1]:
        if isinstance(data, dict) and data.get(part) is None:
            data[part] = {}
        data = data[part]
    if value in (None, "", [], {}) and isinstance(data, dict):
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value


def stored(proposal: Proposal, path: Path) -> Any:
    """Return the value at a path of the pack as the proposal has it now."""
    current = workspace().proposals.proposal(proposal.id)
    return value_at(policy_data(workspace().proposals.result(current)), path)


def keep_value(proposal: Proposal, path: Path, value: Any) -> None:
    """Save one value of the form.

    Raises:
        PortevoixError: as `ProposalService.save`.
        CannotEdit: the file is written in a way that this change would break.
    """
    texts = workspace().proposals.result(workspace().proposals.proposal(proposal.id))
    text = texts[POLICY].removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        wanted = deepcopy(load_yaml(text).data)
        put(wanted, path, value)
        changed = with_data(text, wanted)
    except (YamlError, KeyError, IndexError, TypeError) as error:
        raise CannotEdit(str(error)) from None
    if changed != text:
        leading.save(proposal.id, {POLICY: changed})


def widget_key(proposal: Proposal, path: Path) -> str:
    """Return the session key of the field at a path."""
    return f"form_{proposal.id}_" + "_".join(str(part) for part in path)


def fill(key: str, value: Any) -> None:
    """Show what is stored, unless the person's last words could not be stored: then those."""
    if key not in st.session_state.setdefault(_KEPT, set()):
        st.session_state[key] = value


def hold(key: str, *, is_refused: bool) -> None:
    """Remember whether what is in a field could not be stored."""
    kept: set[str] = st.session_state.setdefault(_KEPT, set())
    (kept.add if is_refused else kept.discard)(key)
