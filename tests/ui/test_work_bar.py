"""The freeze in the desk: everybody sees it, a lead or an administrator presses it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from agent.domain.errors import CredentialsRefused
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.work import Direction, FailedJob, JobKind, LetterStatus
from agent.services.breakers import BreakerService
from tests.ui.conftest import AWA, BEN, Space
from tests.ui.sample import DELIVERY, PASSWORD
from tests.ui.seeds import BRAND

Page = Callable[..., AppTest]


def html(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Posting is frozen"), ("fr", "Publication gelée")]
)
def test_a_freeze_is_on_every_page_and_a_cm_cannot_lift_it(
    space: Space, page: Page, lang: str, said: str
) -> None:
    assert said not in html(page(lang=lang))
    space.sessions.issue_link(BEN, {EVERY_BRAND: Role.ADMIN})
    space.freezing.freeze(EVERY_BRAND, BEN, "rumeur en cours")
    app = page(lang=lang)
    assert not app.exception
    assert said in html(app)
    assert "rumeur en cours" in html(app)
    assert not {key for key in keys(app) if "freeze" in key}


def test_a_lead_freezes_their_brand_and_lets_it_go_on(space: Space, page: Page) -> None:
    space.sign_in(AWA, Role.LEAD, BRAND)
    item_id = space.seed(DELIVERY)[0]
    app = page(item_id)
    assert app.selectbox(key="freeze_scope").options == ["Maison Verjolaine"]
    app.text_input(key="freeze_reason").set_value("fausse promotion")
    app.button(key="freeze").click().run()
    assert not app.exception
    assert [(one.scope, one.reason, one.by.id) for one in space.freezing.standing()] == [
        (BRAND, "fausse promotion", AWA.id)
    ]
    assert "fausse promotion" in html(app)
    app.button(key=f"unfreeze_{BRAND}").click().run()
    assert space.freezing.standing() == ()
    assert "Posting is frozen" not in html(app)


def test_a_job_given_up_is_listed_and_tried_again_from_the_desk(space: Space, page: Page) -> None:
    space.sign_in(AWA, Role.LEAD, BRAND)
    first, second = space.seed(DELIVERY, PASSWORD)
    for seed in (DELIVERY, PASSWORD):
        failed = FailedJob(kind=JobKind.DRAFT, subject=seed.id, problem="TimeoutError")
        space.letters.give_up(failed)
    app = page(first)
    assert not app.exception
    assert "TimeoutError" in html(app)
    app.button(key=f"letter_retry_draft:{DELIVERY.id}").click().run()
    app.button(key=f"letter_close_draft:{PASSWORD.id}").click().run()
    asked = space.letters.of(LetterStatus.RETRYING)
    assert [one.item_id for one in asked] == [first]
    assert [one.item_id for one in space.letters.of(LetterStatus.CLOSED)] == [second]
    assert "TimeoutError" not in html(app)


def test_an_alert_is_listed_for_a_lead_as_long_as_its_cause_lasts(space: Space, page: Page) -> None:
    space.sign_in(AWA, Role.LEAD, BRAND)
    breakers = BreakerService(space.store, space.clock)
    breakers.failed(space.channel.name, Direction.READ, CredentialsRefused("renew the token"))
    space.watch.look()
    app = page(lang="fr")
    assert not app.exception
    assert "Canal : identifiants refusés".replace(" :", "\u00a0:") in html(app)
    assert "renew the token" in html(app)
    breakers.worked(space.channel.name, Direction.READ)
    space.watch.look()
    assert "renew the token" not in html(page(lang="fr"))
