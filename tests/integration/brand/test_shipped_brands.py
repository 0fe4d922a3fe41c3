"""The brands we ship, judged by the rules we ship; and the sample inbox."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.brand_pack import init_pack, load_pack
from agent.adapters.channels.limits_data import known_networks, load_limits
from agent.adapters.files.lines import read_lines
from agent.adapters.files.messages import message_of
from agent.domain.brand import BrandPack
from agent.domain.decisions import Category, Route
from agent.domain.messages import Surface
from agent.services.lint import lint_pack
from knowledge.passages import Audience, Language

BRANDS = Path(str(resources.files("knowledge"))) / "brands"
SAMPLE = BRANDS / "verjolaine"
DAY = date(2026, 11, 21)
TIGHT = re.compile(r"(?<=[^\s\u00a0\u202f(?!;:]) (?=[?!;:](?:\s|$))|«(?!\u00a0)|(?<!\u00a0)»")
FIRST, LAST = datetime(2026, 11, 17, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack() -> BrandPack:
    return load_pack(SAMPLE)


def rows(name: str) -> list[dict[str, Any]]:
    lines = list(read_lines(SAMPLE / "inbox" / name))
    assert not [line.problem for line in lines if line.problem]
    return [line.record for line in lines]


def test_the_template_has_no_finding(tmp_path: Path) -> None:
    init_pack(tmp_path / "pack", "Maison Zoé")
    for folder in (BRANDS / "template", tmp_path / "pack"):
        report = lint_pack(load_pack(folder), DAY, load_limits)
        assert not [(f.where, f.what) for f in report.findings]


def test_the_sample_brand_has_no_error_and_only_ended_offers(pack: BrandPack) -> None:
    report = lint_pack(pack, DAY, load_limits)
    assert not [(f.where, f.what) for f in report.errors]
    assert {f.what.rsplit(" on ", 1)[0].split("`")[-1] for f in report.warnings} == {" ended"}


def test_the_faq_is_written_in_both_languages(pack: BrandPack) -> None:
    by_language = {
        lang: {passage.id for passage in pack.passages if passage.lang is lang}
        for lang in (Language.FR, Language.EN)
    }
    assert by_language[Language.FR] == by_language[Language.EN]
    assert len(by_language[Language.FR]) >= 100
    for passage in pack.passages:
        assert passage.aliases, passage.key
        assert len(passage.answer) <= 420, passage.key


def test_the_faq_has_every_kind_of_entry(pack: BrandPack) -> None:
    assert any(p.audience is Audience.PRIVATE for p in pack.passages)
    assert any(p.valid_until and p.valid_until < DAY for p in pack.passages)
    assert any(p.valid_from and p.valid_from > DAY for p in pack.passages)
    for given in ("must_include", "next_step", "link", "is_commitment"):
        assert sum(bool(getattr(p, given)) for p in pack.passages) >= 20


def test_french_spaces_cannot_break(pack: BrandPack) -> None:
    said = [
        (p.key, text)
        for p in pack.passages
        if p.lang is Language.FR
        for text in (p.question, p.answer, p.next_step or "", *p.must_include)
    ]
    said += [(s.id, s.text) for s in pack.statements if s.lang is Language.FR]
    said += [
        (situation.id, opening.text)
        for situation in pack.policy.situations
        for opening in situation.acknowledgements
        if opening.lang is Language.FR
    ]
    assert not [(key, text) for key, text in said if TIGHT.search(text)]


def test_every_situation_of_a_complaint_has_its_words_in_both_languages(pack: BrandPack) -> None:
    complaint = next(s for s in pack.policy.situations if s.id == "complaint")
    for lang in (Language.FR, Language.EN):
        known = [a for a in complaint.acknowledgements if a.lang is lang]
        assert len([a for a in known if a.cues]) >= 20
        assert len([a for a in known if not a.cues]) >= 2


def test_every_route_and_network_is_set(pack: BrandPack) -> None:
    policy = pack.policy
    assert {rule.category for rule in policy.escalation.routes} == set(Category)
    assert set(policy.channels) <= set(known_networks())
    assert {
        "instagram",
        "facebook",
        "x",
        "bluesky",
        "mastodon",
        "email",
        "discourse",
        "google_reviews",
        "sandbox",
        "file",
        "manual",
    } <= set(policy.channels)
    for network, channel in policy.channels.items():
        assert channel.private_paths or network == "email"


def test_the_inbox_reads_as_messages(pack: BrandPack) -> None:
    messages = [message_of(n, row) for n, row in enumerate(rows("inbox.jsonl"), start=1)]
    assert len(messages) >= 200
    assert len({message.id for message in messages}) == len(messages)
    assert {message.surface for message in messages} == set(Surface)
    assert {message.channel for message in messages} <= set(pack.policy.channels)
    assert sum(bool(message.thread) for message in messages) >= 10
    for message in messages:
        assert message.created_at is not None
        assert FIRST <= message.created_at < LAST


def test_the_labels_cover_every_category_and_name_entries_that_exist(pack: BrandPack) -> None:
    labels = rows("labels.jsonl")
    assert {row["id"] for row in labels} == {row["id"] for row in rows("inbox.jsonl")}
    leads = Counter(Category(row["lead"]) for row in labels)
    assert min(leads[category] for category in Category) >= 5
    known = {passage.id for passage in pack.passages}
    for row in labels:
        assert row["lead"] in row["categories"]
        assert all(Category(name) for name in row["categories"])
        assert Route(row["route"])
        assert row["expected_passage"] is None or row["expected_passage"] in known
