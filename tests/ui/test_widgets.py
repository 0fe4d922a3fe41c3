"""Widgets: what they show, and that no word of a customer is ever markup."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.domain.channels import ChannelLimits, CountUnit, Limit
from agent.domain.checks import Check, CheckReport, Severity, Verdict
from agent.domain.decisions import Category, Evidence, Finding, Route, Triage, Urgency
from agent.domain.drafts import ClaimLedger, Draft, LedgerLine, LedgerStatus, Note, NoteKind
from agent.domain.ids import BrandId, ItemId
from agent.domain.messages import Surface, ThreadEntry
from agent.domain.redaction import Redaction
from agent.domain.reviews import AuditEntry, QueueRow, ReviewStatus
from knowledge.passages import Language, Passage
from ui.locales import Words
from ui.widgets import checks
from ui.widgets.badges import deadline
from ui.widgets.counter import counter_html
from ui.widgets.diff import diff_html
from ui.widgets.draft_marks import editor_marks
from ui.widgets.ledger import ledger_html, linked, source_numbers
from ui.widgets.markup import Mark, badge, esc, highlighted, label_text, tag
from ui.widgets.message import message_html, thread_html
from ui.widgets.rows import list_data
from ui.widgets.sources import sources_html, supporting_span
from ui.widgets.timeline import timeline_html
from ui.widgets.triage import notes_html, triage_html

GROUNDING = Path(__file__).parents[2] / "agent" / "steps" / "check" / "grounding"
REASONS = [
    found
    for name in ("causes", "ledger", "rule")
    for found in re.findall(
        r'(?:Cause\.(?:DOUBT|PROSE|ANSWER), |_prose\(sentence, |abstain\()"([^"]+)"',
        (GROUNDING / f"{name}.py").read_text("utf-8"),
    )
]
"""Why the grounding rule abstains, as its code says it."""
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> **gras** [lien](http://mal.example)"
)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
FR, EN = Words("fr"), Words("en")


def _evidence(text: str, words: str) -> Evidence:
    start = text.index(words)
    return Evidence(start=start, end=start + len(words), text=words, found_by="rule:test")


def _triage(text: str = HOSTILE, words: str = HOSTILE) -> Triage:
    finding = Finding(category=Category.COMPLAINT, score=1.0, evidence=(_evidence(text, words),))
    return Triage(
        language=Language.FR,
        language_confidence=1.0,
        category=Category.COMPLAINT,
        findings=(finding,),
        route=Route.REPLY,
    )


def _passage(**given: object) -> Passage:
    base = {"id": "p1", "lang": "fr", "question": "Délais ?", "answer": "Trois jours. Gratuit."}
    return Passage.model_validate({**base, **given})


@pytest.mark.parametrize(
    "markup",
    [
        esc(HOSTILE),
        badge(HOSTILE, title=HOSTILE),
        tag("div", esc(HOSTILE), title=HOSTILE),
        message_html(Redaction(text=HOSTILE), (_evidence(HOSTILE, HOSTILE),), FR, original=True),
        message_html(
            Redaction(text="[PERSON_1]", values={"[PERSON_1]": HOSTILE}), (), FR, original=True
        ),
        thread_html(
            (ThreadEntry(author=HOSTILE, text=HOSTILE),), frozenset(), FR, PARIS, mask=None
        ),
        triage_html(_triage(), FR),
        notes_html(Draft(notes=(Note(kind=NoteKind.UNSURE, about=HOSTILE),)), FR),
        notes_html(Draft(note=HOSTILE), FR),
        diff_html(HOSTILE, HOSTILE + HOSTILE),
        ledger_html(
            ClaimLedger(lines=(LedgerLine(sentence=HOSTILE, status=LedgerStatus.UNSUPPORTED),)),
            {},
            FR,
        ),
        sources_html(
            (_passage(question=HOSTILE, answer=HOSTILE),),
            linked(
                ClaimLedger(
                    lines=(
                        LedgerLine(
                            sentence=HOSTILE, status=LedgerStatus.SUPPORTED, passage_id="p1"
                        ),
                    )
                ),
                Surface.PUBLIC,
            ),
            {"p1": 1},
            FR,
        ),
        checks.check_html(
            Check(
                rule=f"Z9.{HOSTILE}",
                verdict=Verdict.FAIL,
                severity=Severity.MAJOR,
                reason=HOSTILE,
                start=0,
                end=len(HOSTILE),
            ),
            HOSTILE,
            FR,
        ),
    ],
)
def test_hostile_words_stay_words(markup: str) -> None:
    assert "<script" not in markup
    assert "<img" not in markup
    assert "&lt;script&gt;" in markup


def test_labels_and_tooltips_read_no_markdown() -> None:
    shown = label_text("**gras** [lien](http://x) :red[a] $b$ <b>")
    assert "\\*\\*gras\\*\\*" in shown
    assert "\\[lien\\]\\(http\\:" in shown
    assert "\\:red\\[a\\]" in shown


def test_overlapping_marks_carry_both_names_and_keep_every_character() -> None:
    html = highlighted("abcdef", [Mark(3, 6, "x", "s1"), Mark(1, 4, "y", "s2"), Mark(5, 99, "z")])
    assert html == (
        'a<mark class="y" data-link="s2">bc</mark><mark class="x y" data-link="s1 s2">d</mark>'
        '<mark class="x" data-link="s1">e</mark><mark class="x z" data-link="s1">f</mark>'
    )


def test_redacted_view_hides_values_and_marks_evidence_across_them() -> None:
    text = "Ma commande [ORDER_ID_1] est perdue, [MYSTERY_1]"
    redaction = Redaction(text=text, values={"[ORDER_ID_1]": "MV-48213"})
    evidence = (_evidence(text, "commande [ORDER_ID_1] est perdue"),)
    hidden = message_html(redaction, evidence, FR, original=False)
    assert "MV-48213" not in hidden
    assert "n° de commande&nbsp;1" in hidden
    assert "[MYSTERY_1]" in hidden
    shown = message_html(redaction, evidence, FR, original=True)
    assert '<span class="pv-personal">MV-48213</span>' in shown
    assert shown.count("<mark") == 3


def test_names_of_the_thread_show_only_in_the_original_view() -> None:
    thread = (
        ThreadEntry(author="Léa Martin", text="Bonjour"),
        ThreadEntry(author="Maison Verjolaine", text="Bonjour !"),
    )
    names = frozenset({"maison verjolaine"})
    hidden = thread_html(thread, names, FR, PARIS, mask=lambda text: Redaction(text=text))
    assert "Léa Martin" not in hidden
    original = thread_html(thread, names, FR, PARIS, mask=None)
    assert "Léa Martin" in original
    assert original.count("pv-ours") == 1


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [
        (-90, "en retard\u00a0: 1\u00a0h", "danger"),
        (10, "reste 10\u00a0min", "warn"),
        (300, "reste 5\u00a0h", "plain"),
    ],
)
def test_deadlines(minutes: int, words: str, tone: str) -> None:
    assert deadline(NOW + timedelta(minutes=minutes), NOW, FR) == (words, tone)
    assert deadline(None, NOW, FR) == ("", "")


def test_the_counter_follows_the_tightest_rule_of_the_network() -> None:
    limits = ChannelLimits(
        network="bluesky",
        public=(
            Limit(unit=CountUnit.GRAPHEMES, max=300),
            Limit(unit=CountUnit.UTF8_BYTES, max=40),
        ),
        source="lexicon",
    )
    html = counter_html("é" * 21, limits, Surface.PUBLIC, "Bluesky", FR)
    assert "42 / 40 · Bluesky" in html
    assert "pv-ink-danger" in html
    assert "octets" in html
    assert "caractères" in counter_html("ab", limits, Surface.PRIVATE, "Bluesky", FR)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Gratuit.", "Gratuit."),
        ("Comptez trois jours.", "Trois jours."),
        ("Bonne journée !", None),
    ],
)
def test_the_words_that_support_a_sentence(sentence: str, found: str | None) -> None:
    answer = "Trois jours. Gratuit."
    span = supporting_span(sentence, answer)
    assert (answer[slice(*span)].strip() if span else None) == found


def test_sources_are_numbered_in_the_order_of_the_sentences() -> None:
    lines = tuple(
        LedgerLine(sentence=s, status=LedgerStatus.SUPPORTED, passage_id=p)
        for s, p in (("a", "p2"), ("b", "p1"), ("c", "p2"))
    )
    ledger = ClaimLedger(lines=lines)
    assert source_numbers(ledger) == {"p2": 1, "p1": 2}
    named = linked(ledger, Surface.PUBLIC)
    cards = sources_html((_passage(), _passage(id="p2")), named, {"p2": 1, "p1": 2}, FR)
    assert cards.index(">p2<") < cards.index(">p1<")


def test_checks_show_failures_and_blocking_doubts_only() -> None:
    def one(rule: str, verdict: Verdict, severity: Severity) -> Check:
        return Check(rule=rule, verdict=verdict, severity=severity)

    report = CheckReport(
        checks=(
            one("T7.emoji", Verdict.FAIL, Severity.MINOR),
            one("X3.grounded", Verdict.ABSTAIN, Severity.AUTOFAIL),
            one("X4.promise", Verdict.FAIL, Severity.AUTOFAIL),
            one("T13.language", Verdict.ABSTAIN, Severity.MAJOR),
            one("S1.personal", Verdict.PASS, Severity.AUTOFAIL),
        )
    )
    assert [c.rule for c in checks.to_show(report)] == ["X4.promise", "T7.emoji", "X3.grounded"]
    counts = checks.summary((report,), FR)
    assert "2 bloquants" in counts
    assert "1 à revoir" in counts
    assert "1 contrôle passé" in counts
    assert "Donnée personnelle en public" in checks.passed_html((report,), FR)


@pytest.mark.parametrize(("words", "label"), [(FR, "à vérifier"), (EN, "to verify")])
def test_what_grounding_leaves_to_a_person_is_listed_with_its_sentence(
    words: Words, label: str
) -> None:
    text = "Bonjour. Nos forfaits sont sans engagement."
    doubts = [
        Check(
            rule="X3.groundedness",
            verdict=Verdict.ABSTAIN,
            severity=Severity.MAJOR,
            reason=reason,
            start=9,
            end=len(text),
        )
        for reason in REASONS
    ]
    assert len(REASONS) >= 9
    shown = [checks.check_html(check, text, words) for check in doubts]
    report = CheckReport(checks=tuple(doubts))
    assert checks.to_show(report) == tuple(doubts)
    assert f"{len(doubts)} {label}" in checks.summary((report,), words)
    for html in shown:
        assert label in html
        assert "Nos forfaits sont sans engagement." in html
        assert "pv-edge-plain" in html
        assert words("doubt.advice") not in html
    marks = editor_marks("k", text, Surface.PUBLIC, report)["marks"]
    assert {mark["css"] for mark in marks} == {"pv-says-unsupported"}


@pytest.mark.parametrize("words", [FR, EN])
def test_a_brands_own_rule_keeps_its_reason(words: Words) -> None:
    check = Check(
        rule="house.no_ok", verdict=Verdict.FAIL, severity=Severity.MINOR, reason="Say yes."
    )
    assert checks.rule_title(check.rule, words) == "no ok"
    assert checks.rule_advice(check, words) == "Say yes."


def test_rows_carry_words_and_tones_and_hide_abuse() -> None:
    row = QueueRow(
        id=ItemId("i1"),
        brand_id=BrandId("b"),
        version=1,
        status=ReviewStatus.CLAIMED,
        channel="x",
        surface=Surface.PUBLIC,
        author="Léa",
        excerpt=HOSTILE,
        category=Category.TROLL_HATE,
        route=Route.MODERATE,
        urgency=Urgency.CRITICAL,
        lang=Language.FR,
        team=None,
        is_toxic=True,
        due_at=NOW + timedelta(minutes=5),
        received_at=NOW,
        claimed_by="Ana",
    )
    data = list_data([row], "i1", NOW, FR, brands=2)
    shown = data["rows"][0]
    assert data["selected"] == "i1"
    assert shown["is_hidden"]
    assert shown["tone"] == "danger"
    assert shown["excerpt"] == HOSTILE
    assert "Léa" not in str(shown)
    assert ["pris par Ana", "accent"] in [list(pair) for pair in shown["badges"]]
    assert "b" in [text for text, _ in shown["badges"]]


def test_the_timeline_names_people_and_the_machine() -> None:
    head = {"seq": 1, "at": NOW, "subject": "i1", "previous_hash": "0" * 64, "hash": "f" * 64}
    entries = [
        AuditEntry.model_validate(
            {**head, "actor": "pipeline", "action": "item.drafted", "detail": {}}
        ),
        AuditEntry.model_validate(
            {**head, "actor": "p1", "action": "item.decided", "detail": {"kind": "approve"}}
        ),
    ]
    html = timeline_html(entries, {"p1": "Ana"}, FR, PARIS)
    assert "la machine" in html
    assert "Décision" in html
    assert "Ana" in html


def test_earlier_messages_are_masked_or_not_shown_at_all() -> None:
    thread = (ThreadEntry(author="Léa", text="Appelez le 06 39 98 12 34"),)

    def mask(_text: str) -> Redaction:
        return Redaction(text="Appelez le [PHONE_1]", values={"[PHONE_1]": "06 39 98 12 34"})

    masked = thread_html(thread, frozenset(), FR, PARIS, mask=mask)
    assert "06 39" not in masked
    assert "téléphone" in masked
    unsearched = thread_html(thread, frozenset(), FR, PARIS, mask=lambda _text: None)
    assert "06 39" not in unsearched
    assert "n'a pas pu être masqué" in unsearched.replace("&#x27;", "'")
