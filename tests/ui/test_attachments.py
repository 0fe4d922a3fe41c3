"""Attachments are listed: a hostile name is only read, a telling one only with the original."""

from zoneinfo import ZoneInfo

import pytest

from agent.adapters.files.messages import message_of
from agent.domain.errors import InputLineError
from agent.domain.messages import Attachment
from tests.desk_kit import Desk, message
from ui.locales import Words
from ui.widgets.attachments import attachments_html, size_of, visible
from ui.widgets.trail import trail_html

FR, EN = Words("fr"), Words("en")
NAME = "CV Jeanne Dupont <img src=x onerror=alert(1)>\u202egpj.exe"
URL = "https://cdn.example/f/1?name=Jeanne"


def listed(name: str = NAME, url: str = URL, **given: bool) -> str:
    attached = Attachment(name=name, media_type="image/jpeg", size=1_234_567, url=url)
    return attachments_html([attached], FR, **{"original": True, "links": True} | given)


def test_a_hostile_name_is_escaped_and_what_turns_it_around_is_shown() -> None:
    shown = listed()
    assert "<img" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;⟨U+202E⟩gpj.exe" in shown
    assert "Image .exe" in shown
    assert "\u202e" not in shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = visible("a" * 300 + ".pdf")
    assert len(shown) == 80
    assert shown.endswith("aaa.pdf")


def test_without_the_original_neither_name_nor_address_is_there() -> None:
    shown = listed(original=False)
    assert "Jeanne" not in shown
    assert "cdn.example" not in shown
    assert "Image .exe" in shown


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/1",
        "javascript:alert(1)",
        "https://user:secret@cdn.example/1",
        "https:///1",
        'https://cdn.example/"onclick="x',
        "https://[cdn",
        "https://cdn.example/\u202e",
        "https://cdn.example/" + "a" * 3_000,
    ],
)
def test_only_a_plain_https_address_is_kept(url: str) -> None:
    assert Attachment(name="a", url=url).url == ""


def test_the_address_is_a_link_only_where_the_brand_lets_it_be() -> None:
    assert 'rel="noopener noreferrer nofollow"' in listed()
    assert "<a " not in listed(links=False)


def test_sizes_are_read_in_the_units_of_the_language() -> None:
    plain = [
        size_of(n, w).replace("\u00a0", " ") for n in (1, 999_600, 1_234_567) for w in (FR, EN)
    ]
    assert plain == ["1 octet", "1 byte", "1,0 Mo", "1.0 MB", "1,2 Mo", "1.2 MB"]


def test_the_trail_lists_them_and_names_them_only_with_the_values(desk: Desk) -> None:
    attached = Attachment(
        name="CV Jeanne Dupont.pdf", media_type="application/pdf", size=10, url=URL
    )
    (item_id,) = desk.arrive(message("Voici mon CV", attachments=(attached,)))
    trail = desk.trail.trail(item_id)
    assert "Jeanne" not in str(trail)
    assert trail["message"]["attachments"] == [
        {"suffix": ".pdf", "media_type": "application/pdf", "size": 10}
    ]
    assert "Fichier .pdf" in trail_html(trail, FR, ZoneInfo("Europe/Paris"))
    full = desk.trail.trail(item_id, with_values=True)["message"]["attachments"]
    assert full == [attached.model_dump(mode="json")]


def test_lines_and_webhooks_may_list_attachments() -> None:
    given = [{"name": "a.png", "media_type": "image/png", "size": "big", "url": "ftp://x/a.png"}]
    found = message_of(1, {"id": "1", "text": "x", "attachments": given}).attachments
    assert found == (Attachment(name="a.png", media_type="image/png"),)
    with pytest.raises(InputLineError, match="`attachments` is not a list of objects"):
        message_of(2, {"id": "2", "text": "x", "attachments": "a.png"})
