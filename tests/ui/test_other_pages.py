"""The archive, the sandbox, the help page and the door, without a browser."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from agent.adapters.channels.sandbox import SandboxChannel
from agent.domain.brand import Retention
from agent.domain.ids import BrandId
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.retention import RetentionClass
from agent.domain.reviews import QueueQuery
from agent.ports import Store
from agent.services.intake import IntakeService
from agent.services.retention import RetentionService
from tests.ui.conftest import APP, BEN, Space
from tests.ui.deciding import approve_as
from tests.ui.sample import COMPLAINT, DELIVERY, PASSWORD
from tests.ui.seeds import BRAND, message
from ui.desk.seen import visible_page

Show = Callable[..., AppTest]


def _html(app: AppTest) -> str:
    bodies = (str(element.proto.body) for element in app.get("html"))
    return "\n".join(body for body in bodies if not body.startswith("<style"))


def _button(app: AppTest, name: str) -> Any:
    return next(b for b in app.button if str(b.key or "").startswith(name))


@pytest.fixture
def show(space: Space) -> Show:
    """Return a function that draws one page by its function, in English."""

    def draw(module: str, function: str) -> AppTest:
        script = (
            "import streamlit as st\n"
            "from ui.desk.session import who\n"
            f"from {module} import {function}\n"
            f"{function}(who())\n"
        )
        app = AppTest.from_string(script, default_timeout=30)
        app.query_params["lang"] = "en"
        return app.run()

    return draw


@pytest.fixture
def square(space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SandboxChannel:
    """A sandbox of the workspace."""
    channel = SandboxChannel("sandbox", tmp_path / "sandbox.db", space.clock)
    monkeypatch.setattr(space, "sandbox", lambda: channel)
    monkeypatch.setattr(space, "brand_of", lambda _name: BRAND, raising=False)
    space.channels["sandbox"] = channel  # type: ignore[assignment]
    return channel


def test_the_archive_shows_the_decision_and_its_record(space: Space, show: Show) -> None:
    (item,) = space.seed(DELIVERY)
    approve_as(space, item, BEN)
    space.posting.post_ready()
    html = _html(show("ui.views.archive", "archive_page"))
    assert "approved" in html
    assert "Ben" in html
    assert "Posted" in html
    assert "Drafted" in html
    assert space.packs[BRAND].version[:12] in html


def test_the_archive_marks_what_a_person_changed(space: Space, show: Show) -> None:
    (item,) = space.seed(DELIVERY)
    approve_as(space, item, BEN, public="Bonjour, comptez trois jours.")
    html = _html(show("ui.views.archive", "archive_page"))
    assert "<ins>" in html
    assert "<del>" in html
    assert "approved after editing" in html


def test_the_archive_says_what_was_removed_and_why(space: Space, show: Show) -> None:
    (item,) = space.seed(DELIVERY)
    approve_as(space, item, BEN, public="Bonjour, comptez trois jours.")
    space.posting.post_ready()
    rule = Retention.model_validate(dict.fromkeys(RetentionClass, "1 min"))
    space.clock.advance(timedelta(minutes=5))
    store = cast(Store, space.store)
    RetentionService(store, space.clock, lambda: {BRAND: rule}).purge()
    html = _html(show("ui.views.archive", "archive_page"))
    assert "trois jours" not in html
    # The message, the decision's text, and both again in the trail.
    assert html.count("(retention)") == 4
    assert "approved after editing" in html


def test_an_empty_archive_teaches(space: Space, show: Show) -> None:
    html = _html(show("ui.views.archive", "archive_page"))
    assert "No decision yet" in html


def test_the_archive_keeps_other_brands_out(space: Space, show: Show) -> None:
    (item,) = space.seed(DELIVERY)
    approve_as(space, item, BEN)
    space.sign_in(BEN, Role.CM, brand="another")
    html = _html(show("ui.views.archive", "archive_page"))
    assert DELIVERY.text not in html


def test_a_message_written_in_the_sandbox_reaches_the_queue(
    space: Space, square: SandboxChannel, show: Show
) -> None:
    app = show("ui.views.sandbox", "sandbox_page")
    assert "The square is empty" in _html(app)
    _button(app, "try_question").click().run()
    _button(app, "send").click().run()
    assert len(square.conversation()) == 1
    assert "waiting for a person" in _html(app)
    from agent.domain.reviews import QueueQuery

    (row,) = space.review.queue(QueueQuery(channel="sandbox")).rows
    approve_as(space, row.id, BEN)
    space.clock.advance(timedelta(seconds=1))
    space.posting.post_ready()
    app.run()
    assert "The brand" in _html(app)


def test_a_second_message_joins_its_thread(
    space: Space, square: SandboxChannel, show: Show
) -> None:
    first = square.write("Léa", "Bonjour ?")
    app = show("ui.views.sandbox", "sandbox_page")
    _button(app, "answer_").click().run()
    next(t for t in app.text_area if t.key == "sandbox_text").set_value("Toujours là ?")
    _button(app, "send").click().run()
    posts = square.conversation()
    assert [post.thread for post in posts] == [first.thread, first.thread]
    assert {post.author for post in posts} == {"Léa"}


def test_an_empty_message_is_not_sent(square: SandboxChannel, show: Show) -> None:
    app = show("ui.views.sandbox", "sandbox_page")
    _button(app, "send").click().run()
    assert square.conversation() == ()


def test_without_a_sandbox_the_page_says_how_to_add_one(space: Space, show: Show) -> None:
    html = _html(show("ui.views.sandbox", "sandbox_page"))
    assert "has no sandbox" in html
    assert "[channels.sandbox]" in html


def test_the_sandbox_of_another_brand_stays_closed(
    space: Space, square: SandboxChannel, show: Show
) -> None:
    square.write("Léa", "Bonjour ?")
    space.sign_in(BEN, Role.CM, brand="another")
    html = _html(show("ui.views.sandbox", "sandbox_page"))
    assert "Bonjour ?" not in html


def test_help_lists_the_keys_and_the_brands(space: Space, show: Show) -> None:
    html = _html(show("ui.views.help", "help_page"))
    assert "<kbd>A</kbd>" in html
    assert "Maison Verjolaine" in html


def test_an_error_nobody_foresaw_shows_a_way_out_and_no_detail() -> None:
    script = (
        "from ui.views.trouble import trouble\ntrouble(ValueError('the customer said something'))\n"
    )
    app = AppTest.from_string(script).run()
    html = _html(app)
    assert "ValueError" in html
    assert "customer said" not in html


def test_the_whole_app_draws_every_item_of_the_sample(space: Space) -> None:
    for item in space.seed(COMPLAINT, PASSWORD):
        app = AppTest.from_file(APP, default_timeout=30)
        app.query_params["item"] = item
        assert not app.run().exception


def test_who_has_a_role_on_each_loaded_brand_sees_nothing_of_one_that_is_not(space: Space) -> None:
    """The queue may hold items of a brand that was taken out of the settings."""
    (ours,) = space.seed(DELIVERY)
    gone = BrandId("gone")
    names = {"id": "stray", "external_id": "stray", "brand_id": gone}
    intake = IntakeService(space.store, space.clock, {gone: space.pipeline})  # type: ignore[arg-type,dict-item]
    intake.accept(gone, [message(DELIVERY).model_copy(update=names)], via="elsewhere")
    intake.draft_pending()

    def shown(brand: str) -> list[str]:
        space.sign_in(BEN, brand=brand)
        person = space.sessions.who(space.token)
        assert person is not None
        return [row.id for row in visible_page(QueueQuery(), person).rows]

    assert shown(BRAND) == [ours]
    assert len(shown(EVERY_BRAND)) == 2
