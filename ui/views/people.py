"""The people page: who is here, invitations, roles given and taken."""

from collections.abc import Callable

import streamlit as st

from agent.domain.errors import PeopleRule, PortevoixError
from agent.domain.ids import PersonId
from agent.domain.people import EVERY_BRAND, KnownPerson, Role, SignedIn, strongest
from agent.domain.reviews import Reviewer
from ui.desk import state
from ui.desk.language import words
from ui.desk.session import who
from ui.desk.workspace import pack_of, workspace
from ui.locales import Words
from ui.serving.exposure import own_url
from ui.widgets.markup import badge, esc, label_text, row, tag

_LINK, _PROBLEM = "people_link", "people_problem"


def manages_somebody(person: SignedIn) -> bool:
    """Whether the page is for this person."""
    return any(role.may_manage for role in person.roles.values())


def people_page(person: SignedIn) -> None:
    """Draw the page."""
    text = words()
    left, right = st.columns([0.64, 0.36], gap="medium")
    with right:
        _new_link(text)
        if workspace().settings.sign_in.local:
            _invitation(person, text)
        else:
            st.html(tag("p", esc(text("people.no_local")), "pv-hint"))
    with left, st.container(key="pane_people"):
        st.html(
            tag("h2", esc(text("people.title"))) + tag("p", esc(text("people.lead")), "pv-hint")
        )
        for known in workspace().people.listing(person):
            _card(known, person, text)


def _brands(person: SignedIn) -> list[str]:
    """Return the brands, and `*`, whose people this person manages."""
    named = [EVERY_BRAND, *map(str, workspace().packs)]
    held = {brand: strongest(person.roles, brand) for brand in named}
    return [brand for brand, role in held.items() if role is not None and role.may_manage]


def _grantable(person: SignedIn) -> list[Role]:
    mine = min(person.roles.values(), key=list(Role).index)
    return [role for role in reversed(Role) if mine.covers(role)]


def _brand_name(text: Words) -> Callable[[str], str]:
    def name(brand: str) -> str:
        pack = pack_of(brand)
        return pack.policy.brand.name if pack else text("people.every_brand")

    return name


def _invitation(person: SignedIn, text: Words) -> None:
    with st.form("people_invite", clear_on_submit=True):
        st.html(tag("h3", esc(text("people.invite"))))
        st.text_input(text("people.name"), key="invite_name", max_chars=80)
        st.text_input(text("people.login"), key="invite_login", max_chars=120)
        _role_fields("invite", person, text)
        st.form_submit_button(text("people.invite_submit"), type="primary", on_click=_invite)
    st.html(tag("p", esc(text("people.invite_hint")), "pv-hint"))


def _role_fields(name: str, person: SignedIn, text: Words) -> None:
    brands, roles = _brands(person), [role.value for role in _grantable(person)]
    st.selectbox(
        text("people.brand"),
        brands,
        # Least first: a role on every brand is chosen on purpose.
        index=min(1, len(brands) - 1),
        key=f"{name}_brand",
        format_func=_brand_name(text),
    )
    st.selectbox(
        text("people.role"),
        roles,
        index=min(1, len(roles) - 1),
        key=f"{name}_role",
        format_func=lambda value: text(f"role.{value}"),
    )


def _card(known: KnownPerson, person: SignedIn, text: Words) -> None:
    with st.container(key=f"person_{known.person.id}", border=True):
        st.html(_about(known, text))
        label = text("people.manage", name=label_text(known.person.name))
        with st.popover(label, key=f"manage_{known.person.id}"):
            _role_fields(f"role_{known.person.id}", person, text)
            args = (known.person.id,)
            st.button(text("people.give"), key=f"give_{args[0]}", on_click=_give, args=args)
            st.button(text("people.take"), key=f"take_{args[0]}", on_click=_take, args=args)
            if known.login and not known.is_suspended:
                label = text("people.new_link")
                st.button(label, key=f"link_{args[0]}", on_click=_renew, args=args)
            st.html(tag("p", esc(text("people.revoke_hint")), "pv-hint"))
            st.button(text("people.revoke"), key=f"revoke_{args[0]}", on_click=_revoke, args=args)


def _about(known: KnownPerson, text: Words) -> str:
    brand_name = _brand_name(text)
    badges = [
        badge(f"{text(f'role.{role.value}')} · {brand_name(brand)}", tone)
        for roles, tone in ((known.roles, "accent"), (known.claimed, "violet"))
        for brand, role in sorted(roles.items())
    ]
    if known.is_suspended:
        badges = [badge(text("people.shut_out"), "danger")]
    ways = [
        text(f"people.way.{way}")
        for way, has in (
            ("password", known.has_password),
            ("invited", bool(known.login) and not known.has_password),
            ("provider", known.has_identity),
        )
        if has
    ]
    head = [tag("b", esc(known.person.name)), *(badges or [badge(text("people.no_role"), "warn")])]
    facts = " · ".join([*([known.login] if known.login else []), *ways])
    return row(head) + tag("div", esc(facts), "pv-hint")


def _new_link(text: Words) -> None:
    problem, link = st.session_state.pop(_PROBLEM, None), st.session_state.get(_LINK)
    if problem:
        body = tag("b", esc(text(f"people.problem.{problem}")))
        st.html(tag("div", body, "pv-notice pv-edge-danger", role="alert"))
    if link:
        with st.container(key="people_new_link", border=True):
            st.html(tag("b", esc(text("people.link_title"))))
            st.code(link, language=None, wrap_lines=True)
            st.html(tag("p", esc(text("people.link_hint")), "pv-hint"))


def _acting(act: Callable[[Reviewer], str]) -> None:
    """Do what a button asks for in the person's name; show the link it returns, if any."""
    st.session_state.pop(_LINK, None)
    signed_in = who()
    if signed_in is None:
        return
    try:
        token = act(signed_in.person)
    except PeopleRule as error:
        st.session_state[_PROBLEM] = error.rule
    except PortevoixError:
        st.session_state[_PROBLEM] = "failed"
    else:
        if token:
            desk, port = workspace().settings.desk, int(st.get_option("server.port"))
            host = str(st.get_option("server.address"))
            st.session_state[_LINK] = f"{own_url(host, port, desk)}/password?token={token}"
        else:
            state.say(words()("people.done"))


def _invite() -> None:
    def act(by: Reviewer) -> str:
        given = st.session_state
        roles = {str(given["invite_brand"]): Role(given["invite_role"])}
        name, login = str(given["invite_name"] or ""), str(given["invite_login"] or "")
        return workspace().people.invite(by, name, login, roles)[1]

    _acting(act)


def _give(person_id: PersonId) -> None:
    def act(by: Reviewer) -> str:
        given = st.session_state
        brand, role = given[f"role_{person_id}_brand"], Role(given[f"role_{person_id}_role"])
        workspace().people.give(by, person_id, str(brand), role)
        return ""

    _acting(act)


def _take(person_id: PersonId) -> None:
    def act(by: Reviewer) -> str:
        brand = str(st.session_state[f"role_{person_id}_brand"])
        workspace().people.give(by, person_id, brand, None)
        return ""

    _acting(act)


def _renew(person_id: PersonId) -> None:
    _acting(lambda by: workspace().people.new_link(by, person_id))


def _revoke(person_id: PersonId) -> None:
    def act(by: Reviewer) -> str:
        workspace().people.revoke(by, person_id)
        return ""

    _acting(act)
