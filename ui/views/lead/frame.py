"""What the lead's pages share: the brand, the notice, and lists of problems."""

import re
from collections.abc import Iterable

import streamlit as st

from agent.domain.ids import BrandId
from agent.domain.people import SignedIn
from agent.services.lint import Finding, FindingSeverity
from agent.services.lint.words import finding_words
from ui.desk import leading, state
from ui.desk.workspace import pack_of
from ui.locales import Words
from ui.widgets.markup import Html, badge, esc, tag

_CODE = re.compile(r"`([^`]+)`")


def notice(text: Words) -> None:
    """Draw what the last act had to say."""
    said = state.take_notice()
    if said is None:
        return
    body = tag("b", esc(text(f"notice.{said.kind}.title", about=said.about)))
    mend = tag("span", esc(text(f"notice.{said.kind}.mend")))
    role = "alert" if said.tone == "danger" else "status"
    st.html(tag("div", body + mend, f"pv-notice pv-edge-{said.tone}", role=role))


def brand_picker(person: SignedIn, brand_id: BrandId, text: Words) -> None:
    """Draw the choice of a brand, where there is one."""
    brands = [str(brand) for brand in leading.guided_brands(person)]
    if len(brands) < 2:
        return
    st.session_state.setdefault(leading.BRAND, str(brand_id))
    st.selectbox(
        text("filter.brand"), brands, key=leading.BRAND, format_func=brand_name, on_change=_other
    )


def _other() -> None:
    leading.show_proposal(None)
    st.query_params["brand"] = st.session_state[leading.BRAND]


def brand_name(brand_id: str) -> str:
    """Return the brand's name as people write it."""
    pack = pack_of(brand_id)
    return pack.policy.brand.name if pack else brand_id


def nothing(title: str, lead: str) -> None:
    """Draw an empty state."""
    with st.container(key="empty"):
        st.html(tag("h2", esc(title)) + tag("p", esc(lead)))


def findings_html(found: Iterable[Finding], text: Words) -> Html:
    """Return problems with their place and mend, errors first as given."""
    return "".join(_finding(one, text) for one in found)


def _finding(one: Finding, text: Words) -> Html:
    is_error = one.severity is FindingSeverity.ERROR
    head = badge(text(f"lint.{one.severity.value}"), "danger" if is_error else "warn")
    place = tag("code", esc(one.where))
    what, mend = finding_words(one, text)
    advice = tag("div", with_code(mend), "pv-advice") if mend else ""
    body = tag("div", head + " " + place, "pv-who") + with_code(what) + advice
    return tag("div", body, "pv-check pv-edge-danger" if is_error else "pv-check pv-edge-warn")


def with_code(said: str) -> Html:
    """Return a finding's words with what stands between backticks set as code."""
    return _CODE.sub(lambda match: tag("code", match[1]), esc(said))
