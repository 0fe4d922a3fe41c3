"""The bar over every page when posting is frozen or something is the matter, and its switch."""

import streamlit as st

from agent.domain.alerts import Alert
from agent.domain.people import SignedIn
from agent.domain.work import DeadLetter, Freeze, JobKind
from ui.desk import work
from ui.desk.workspace import zone_of
from ui.locales import Words
from ui.theme.sheets import style_sheet
from ui.widgets.markup import esc, label_text, tag

_SHOWN = 20


def work_bar(person: SignedIn, words: Words) -> None:
    """Draw the bar, if there is something to say."""
    freezes, letters = work.standing(person), work.given_up(person)
    alerts = work.alerts(person)
    if not freezes and not letters and not alerts:
        return
    style_sheet("work.css")
    with st.container(key="work_bar", horizontal=True, vertical_alignment="center", gap="small"):
        for freeze in freezes:
            _frozen(freeze, person, words)
        if letters:
            _given_up(letters, words)
        if alerts:
            _alerts(alerts, words)


def _frozen(freeze: Freeze, person: SignedIn, words: Words) -> None:
    when = words.moment(freeze.at, zone_of(work.brand_in(freeze.scope, person)))
    what = words("freeze.is_frozen", scope=work.scope_name(freeze.scope))
    who = words("freeze.by", name=freeze.by.name, when=when)
    said = f" {freeze.reason}" if freeze.reason else ""
    st.html(tag("div", tag("b", esc(what)) + tag("span", esc(f"{who}{said}")), role="status"))
    if person.may_guide(freeze.scope):
        st.button(
            words("freeze.thaw"),
            key=f"unfreeze_{freeze.scope}",
            on_click=work.unfreeze,
            args=(freeze.scope,),
        )


def _given_up(letters: tuple[DeadLetter, ...], words: Words) -> None:
    with st.popover(words.count("letters.title", len(letters)), key="letters"):
        for number, letter in enumerate(letters[:_SHOWN]):
            _letter(letter, number, words)


def _letter(letter: DeadLetter, number: int, words: Words) -> None:
    when = words.moment(letter.died_at, zone_of(letter.brand_id))
    what = words(f"letters.kind.{letter.kind.value}")
    st.html(tag("b", esc(what)) + tag("p", esc(f"{when} · {letter.problem}"), "pv-hint"))
    with st.container(key=f"letter_{number}", horizontal=True, gap="small"):
        if letter.item_id:
            st.link_button(words("letters.open"), f"/?item={letter.item_id}")
        if letter.kind is JobKind.DRAFT:
            st.button(
                words("letters.retry"),
                key=f"letter_retry_{letter.id}",
                on_click=work.retry,
                args=(letter,),
            )
        st.button(
            words("letters.close"),
            key=f"letter_close_{letter.id}",
            type="tertiary",
            on_click=work.close,
            args=(letter,),
        )


def _alerts(alerts: tuple[Alert, ...], words: Words) -> None:
    with st.popover(words.count("alerts.title", len(alerts)), key="alerts"):
        if len(alerts) > _SHOWN:
            st.caption(words("alerts.latest", n=_SHOWN))
        for number, alert in enumerate(alerts[:_SHOWN]):
            _alert(alert, number, words)


def _alert(alert: Alert, number: int, words: Words) -> None:
    when = words.moment(alert.raised_at, zone_of(alert.brand_id or ""))
    about = (when, "" if alert.item_id else alert.subject, alert.detail)
    said = " · ".join(filter(None, about))
    what = words(f"alerts.kind.{alert.kind.value}")
    st.html(tag("b", esc(what)) + tag("p", esc(said), "pv-hint"))
    if alert.item_id:
        with st.container(key=f"alert_{number}"):
            st.link_button(words("alerts.open"), f"/?item={alert.item_id}")


def freeze_controls(person: SignedIn, words: Words) -> None:
    """Draw the switch, for whoever may press it."""
    scopes = work.scopes(person)
    if not scopes:
        return
    st.selectbox(
        words("freeze.scope"),
        scopes,
        key=work.SCOPE,
        format_func=lambda scope: label_text(work.scope_name(scope)),
    )
    st.text_input(words("freeze.reason"), key=work.REASON, max_chars=300)
    st.button(words("freeze.button"), key="freeze", help=words("freeze.help"), on_click=work.freeze)
