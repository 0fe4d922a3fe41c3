"""What a person sees and may do of the work behind the desk: the freeze, and jobs given up."""

import streamlit as st

from agent.domain.alerts import Alert
from agent.domain.errors import PortevoixError
from agent.domain.ids import BrandId
from agent.domain.people import EVERY_BRAND, SignedIn
from agent.domain.work import DeadLetter, Freeze
from ui.desk import state
from ui.desk.language import words
from ui.desk.leading import require_lead
from ui.desk.seen import visible_brands
from ui.desk.workspace import pack_of, workspace

SCOPE, REASON = "freeze_scope", "freeze_reason"


def standing(person: SignedIn) -> tuple[Freeze, ...]:
    """Return the freezes that hold on what this person sees."""
    seen = {EVERY_BRAND, *visible_brands(person)}
    return tuple(one for one in workspace().freezing.standing() if one.scope in seen)


def scopes(person: SignedIn) -> tuple[str, ...]:
    """Return what this person may freeze, the widest first."""
    known = (EVERY_BRAND, *visible_brands(person))
    return tuple(scope for scope in known if person.may_guide(scope))


def given_up(person: SignedIn) -> tuple[DeadLetter, ...]:
    """Return the jobs given up on the brands that this person guides."""
    return tuple(one for one in workspace().letters.of() if person.may_guide(one.brand_id))


def alerts(person: SignedIn) -> tuple[Alert, ...]:
    """Return what is the matter on the brands that this person guides, the latest first."""
    brands = [brand for brand in visible_brands(person) if person.may_guide(brand)]
    return workspace().watch.seen(brands) if brands else ()


def brand_in(scope: str, person: SignedIn) -> str:
    """Return a brand of the scope, by whose clock its times are told."""
    seen = visible_brands(person)
    return str(seen[0]) if scope == EVERY_BRAND and seen else scope


def scope_name(scope: str) -> str:
    """Return what people call a scope."""
    if scope == EVERY_BRAND:
        return words()("freeze.every_brand")
    pack = pack_of(BrandId(scope))
    return pack.policy.brand.name if pack else scope


def freeze() -> None:
    """Stop posting on the scope chosen."""
    scope = str(st.session_state.get(SCOPE, EVERY_BRAND))
    reason = str(st.session_state.get(REASON, ""))
    try:
        workspace().freezing.freeze(scope, require_lead(scope), reason)
    except PortevoixError as error:
        state.say(words()("freeze.refused", about=str(error)))
        return
    st.session_state[REASON] = ""
    state.say(words()("freeze.frozen", scope=scope_name(scope)))


def unfreeze(scope: str) -> None:
    """Let posting go on."""
    try:
        workspace().freezing.unfreeze(scope, require_lead(scope))
    except PortevoixError as error:
        state.say(words()("freeze.refused", about=str(error)))
        return
    state.say(words()("freeze.thawed", scope=scope_name(scope)))


def retry(letter: DeadLetter) -> None:
    """Ask for a job again."""
    try:
        workspace().letters.retry(letter.id, require_lead(letter.brand_id))
    except PortevoixError as error:
        state.say(words()("freeze.refused", about=str(error)))
        return
    state.say(words()("letters.asked"))


def close(letter: DeadLetter) -> None:
    """Take a job off the list."""
    try:
        workspace().letters.close(letter.id, require_lead(letter.brand_id))
    except PortevoixError as error:
        state.say(words()("freeze.refused", about=str(error)))
