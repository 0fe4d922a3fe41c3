"""The item pane's widgets: history without names, previews by network, marks as browsers count."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agent.domain.channels import ChannelLimits, CountUnit, Limit
from agent.domain.checks import Check, CheckReport, Severity, Verdict
from agent.domain.decisions import Category
from agent.domain.desk import AuthorHistory, EarlierMessage
from agent.domain.drafts import ClaimLedger, LedgerLine, LedgerStatus
from agent.domain.ids import ItemId
from agent.domain.messages import Surface
from agent.domain.reviews import DecisionKind, ReviewStatus
from knowledge.passages import Band, Passage
from tests.ui.sample import DELIVERY, INJURY, TROLL
from tests.ui.seeds import Seed, message, outcome, pack
from ui.desk.editing import joined_text
from ui.locales import Words
from ui.views.candidates import CHOICES, offered, shares_of
from ui.widgets.author import author_html
from ui.widgets.draft_marks import editor_marks, units
from ui.widgets.preview import Place, preview_html
from ui.widgets.sources import validity

FR, EN = Words("fr"), Words("en")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def _earlier(**given: object) -> EarlierMessage:
    base = {
        "item_id": ItemId("i1"),
        "received_at": NOW - timedelta(hours=3),
        "excerpt": "Ma commande [ORDER_ID_1] est perdue",
        "category": Category.COMPLAINT,
        "status": ReviewStatus.PENDING,
        "is_toxic": False,
    }
    return EarlierMessage.model_validate(base | given)


def test_who_never_wrote_before_has_no_line() -> None:
    assert author_html(AuthorHistory(), FR, NOW) == ""


def test_a_history_counts_and_tells_the_last_decision_without_a_name() -> None:
    decided = _earlier(
        status=ReviewStatus.APPROVED,
        decision=DecisionKind.EDIT,
        decided_by="Ben",
        decided_at=NOW - timedelta(hours=1),
    )
    abusive = _earlier(is_toxic=True)
    history = AuthorHistory(total=7, open=2, toxic=1, earlier=(abusive, decided))
    html = author_html(history, FR, NOW)
    assert "7 messages avant celui-ci" in html
    assert "2 sans décision" in html
    assert "approuvé après correction par Ben" in html
    assert "n° de commande&nbsp;1" in html
    assert html.count('class="pv-blur"') == 1
    assert "Léa" in author_html(history, FR, NOW, name="Léa")


def _place(network: str, **given: object) -> Place:
    limits = ChannelLimits.model_validate({"network": network} | given)
    return Place(network=network, account="Maison <b>", limits=limits, asked="Bonjour ?")


@pytest.mark.parametrize(
    ("network", "surface", "shape"),
    [
        ("facebook", Surface.PUBLIC, "comment"),
        ("facebook", Surface.PRIVATE, "private"),
        ("google_reviews", Surface.PUBLIC, "review"),
        ("email", Surface.PRIVATE, "mail"),
    ],
)
def test_a_preview_has_the_shape_of_its_place(network: str, surface: Surface, shape: str) -> None:
    html = preview_html("Bonjour <script>", surface, _place(network), EN)
    assert f"pv-as-{shape}" in html
    assert "&lt;script&gt;" in html
    assert "Maison <b>" not in html
    assert ("Maison &lt;b&gt;" in html) == (shape != "private")


def test_a_preview_strikes_through_what_the_network_would_refuse() -> None:
    place = _place("x", public=(Limit(unit=CountUnit.UTF8_BYTES, max=10),))
    html = preview_html("é" * 8, Surface.PUBLIC, place, EN)
    assert f'<mark class="pv-over">{"é" * 3}</mark>' in html
    assert "would refuse" in html
    assert "pv-over" not in preview_html("é" * 5, Surface.PUBLIC, place, EN)


def test_a_preview_says_where_links_are_dead() -> None:
    text = "Voir https://verjolaine.example/a"
    assert "pv-link" in preview_html(text, Surface.PUBLIC, _place("x"), EN)
    dead = preview_html(text, Surface.PUBLIC, _place("x", are_links_clickable=False), EN)
    assert "pv-link" not in dead
    assert "cannot be clicked" in dead


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (None, None, "sans date de fin"),
        (date(2026, 9, 1), None, "depuis le 1\u00a0sept. 2026"),
        (None, date(2027, 3, 31), "jusqu'au 31\u00a0mars 2027"),
        (date(2026, 9, 1), date(2027, 3, 31), "du 1\u00a0sept. 2026 au 31\u00a0mars 2027"),
    ],
)
def test_validity_in_full(start: date | None, end: date | None, shown: str) -> None:
    passage = Passage.model_validate(
        {"id": "p", "lang": "fr", "question": "?", "valid_from": start, "valid_until": end}
    )
    assert validity(passage, FR) == shown


def test_marks_count_as_browsers_do() -> None:
    text = "😀 Trois jours !!"
    assert units(text, 2) == 3
    line = LedgerLine(
        sentence="Trois jours !!", status=LedgerStatus.SUPPORTED, start=2, end=len(text)
    )
    check = Check(
        rule="T8.x",
        verdict=Verdict.FAIL,
        severity=Severity.MINOR,
        start=len(text) - 2,
        end=len(text),
    )
    report = CheckReport(checks=(check,), ledger=ClaimLedger(lines=(line,)))
    found = editor_marks("k", text, Surface.PUBLIC, report)
    assert [(m["start"], m["end"], m["link"]) for m in found["marks"]] == [
        (3, 17, "public-0"),
        (15, 17, "check-public-0"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Bonjour,\nOui.\n– L'équipe", "Bonjour,\nOui.\n\nX.\n– L'équipe"),
        ("Oui.", "Oui.\n\nX."),
        ("Oui.\n\n– L'équipe\n", "Oui.\n\nX.\n\n– L'équipe"),
    ],
)
def test_what_is_put_in_stands_before_the_sign_off(before: str, after: str) -> None:
    assert joined_text(before, "X.", ("– L'équipe",)) == after


def test_the_nearest_entries_are_offered_where_no_draft_is_ready() -> None:
    far = Seed(**{**vars(DELIVERY), "name": "far", "band": Band.LOW})
    low = outcome(far, message(far), pack())
    bare = low.model_copy(update={"draft": low.draft.model_copy(update={"candidates": ()})})
    found = [one.passage_id for one in offered(bare)]
    assert len(found) == CHOICES - 1
    assert set(found) < {p.id for p in bare.passages}
    assert sum(shares_of(bare).values()) == pytest.approx(1)


@pytest.mark.parametrize("seed", [INJURY, TROLL])
def test_a_key_brings_no_text_on_a_sensitive_or_moderated_message(seed: Seed) -> None:
    full = Seed(**{**vars(seed), "passages": DELIVERY.passages})
    found = outcome(full, message(full), pack())
    bare = found.model_copy(update={"draft": found.draft.model_copy(update={"candidates": ()})})
    assert offered(bare) == ()
