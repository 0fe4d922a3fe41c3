"""IP addresses, links and account names."""

import pytest

from agent.adapters.redactor.detectors.handle import find_handles
from agent.adapters.redactor.detectors.ip import find_ips
from agent.adapters.redactor.detectors.url import find_urls


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("depuis 82.65.143.27 ça bloque", "82.65.143.27"),
        ("|10.0.0.1|", "10.0.0.1"),
        ("2a01:e0a:1b2:c3d0:5c7f:11ff:fe9a:22b4", "2a01:e0a:1b2:c3d0:5c7f:11ff:fe9a:22b4"),
        ("fe80::1%eth0 ok", "fe80::1%eth0"),
    ],
)
def test_ip_found(text: str, value: str) -> None:
    assert [text[one.start : one.end] for one in find_ips(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "version 2.4.1.3",
        "Windows 10.0.19045.3693",
        "firmware v1.2.3.4",
        "12:30:45",
        "ratio 4::3",
        "1.2.3",
        "300.1.1.1",
    ],
)
def test_ip_left_alone(text: str) -> None:
    assert not list(find_ips(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "https://www.facebook.com/julien.morvan.98 .",
            "https://www.facebook.com/julien.morvan.98",
        ),
        ("instagram.com/camille.potiron", "instagram.com/camille.potiron"),
        ("voir www.pauline-photo.com/contact.", "www.pauline-photo.com/contact"),
        ("mon blog https://les-carnets.fr !", "https://les-carnets.fr"),
        ("https://drive.google.com/file/d/1aB/view", "https://drive.google.com/file/d/1aB/view"),
        ("(https://fr.linkedin.com/in/x_(y))", "https://fr.linkedin.com/in/x_(y)"),
        ("http://www.ScrapbookInsider.com.pt/", "http://www.ScrapbookInsider.com.pt/"),
        ("behance.net/oriane_k", "behance.net/oriane_k"),
        ("https://youtube.com/@pepite", "https://youtube.com/@pepite"),
    ],
)
def test_url_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_urls(text)]


@pytest.mark.parametrize(
    "text",
    [
        "https://www.service-public.fr/particuliers",
        "sur amazon.fr c'est moins cher",
        "https://fr.wikipedia.org/wiki/Colis",
        "votre site maisonbrume.fr est en panne",
        "https://www.facebook.com/",
        "https://www.instagram.com/legal/",
        "fin.Ensuite rien",
        "12.50 € ou 3.fr",
        "node.js et README.md",
    ],
)
def test_url_left_alone(text: str) -> None:
    assert not list(find_urls(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("voyez @julie_dvt svp", "@julie_dvt"),
        ("@nadia.ferhat, merci", "@nadia.ferhat"),
        ("je suis @paul@mastodon.social", "@paul@mastodon.social"),
        ("Mon Instagram c'est lea_photo31", "lea_photo31"),
        ("snap : tontonjp", "tontonjp"),
    ],
)
def test_handle_found(text: str, value: str) -> None:
    assert [text[one.start : one.end] for one in find_handles(text)] == [value]


@pytest.mark.parametrize(
    "text",
    ["paul@free.fr", "@everyone venez", "3 @ 12 €", "mon insta est super", "@ 14h", "snap : rien"],
)
def test_handle_left_alone(text: str) -> None:
    assert not list(find_handles(text))
