"""The real parts together, on the sample brand's whole inbox and on changes made to it."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.files.lines import read_lines
from agent.adapters.files.messages import message_of
from agent.bootstrap import build_redactor, limits_for, load_brand
from agent.domain.brand import BrandPack
from agent.domain.checks import Severity, Verdict
from agent.domain.counting import is_within
from agent.domain.decisions import SENSITIVE, Category, Route
from agent.domain.drafts import LedgerStatus
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage, Surface
from agent.domain.outcome import Outcome
from agent.domain.redaction import PLACEHOLDER
from agent.pipeline import Pipeline
from agent.testing import FrozenClock
from knowledge.passages import Passage
from knowledge.retriever import build_retriever

pytestmark = pytest.mark.evals
BRAND = Path(__file__).parents[3] / "knowledge" / "brands" / "verjolaine"
Build = Callable[..., Pipeline]
SILENT = {Route.MODERATE, Route.NO_REPLY}


@pytest.fixture(scope="module")
def pack() -> BrandPack:
    return load_brand(BRAND)


@pytest.fixture(scope="module")
def build(pack: BrandPack) -> Build:
    redactor = build_redactor(pack)

    def make(passages: Sequence[Passage] = pack.passages) -> Pipeline:
        return Pipeline(
            pack=pack.model_copy(update={"passages": tuple(passages)}),
            redactor=redactor,
            retriever=build_retriever(passages),
            clock=FrozenClock(),
            limits=limits_for,
        )

    return make


@pytest.fixture(scope="module")
def pipeline(build: Build) -> Pipeline:
    return build()


@pytest.fixture(scope="module")
def inbox() -> list[InboundMessage]:
    lines = read_lines(BRAND / "inbox" / "inbox.jsonl")
    return [message_of(line.number, line.record) for line in lines if line.record is not None]


@pytest.fixture(scope="module")
def outcomes(pipeline: Pipeline, inbox: list[InboundMessage]) -> list[Outcome]:
    return [pipeline.run(message) for message in inbox]


def texts_of(outcome: Outcome) -> list[str]:
    draft = outcome.draft
    offered = [text for one in draft.candidates for text in (one.public, one.private)]
    return [text for text in (draft.public, draft.private, *offered) if text]


def test_the_inbox_is_large_enough_to_mean_something(inbox: list[InboundMessage]) -> None:
    assert len(inbox) >= 150


def test_no_step_fails_and_no_draft_breaks_a_blocking_rule(outcomes: list[Outcome]) -> None:
    failed = [
        (outcome.message.id, check.rule)
        for outcome in outcomes
        for report in (outcome.public_report, outcome.private_report)
        for check in report.checks
        if check.severity is Severity.AUTOFAIL and check.verdict is Verdict.FAIL
    ]
    assert failed == []
    assert [outcome.message.id for outcome in outcomes if outcome.failures] == []


def test_every_claim_is_cited_and_every_citation_is_in_the_draft(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        draft = outcome.draft
        said = f"{draft.public or ''}\n{draft.private or ''}"
        cited = {citation.sentence for citation in draft.citations}
        assert all(sentence in said for sentence in cited)
        for report in (outcome.public_report, outcome.private_report):
            for line in report.ledger.lines:
                assert line.status is not LedgerStatus.UNSUPPORTED, line.sentence
                assert line.status is not LedgerStatus.SUPPORTED or line.sentence in cited


def test_no_text_holds_a_placeholder_or_what_it_stands_for(
    outcomes: list[Outcome], pack: BrandPack
) -> None:
    # A value that the brand's own answers hold was no personal datum (« Croquants de Marius »).
    ours = " ".join(passage.answer for passage in pack.passages)
    for outcome in outcomes:
        private = [value for value in outcome.redaction.values.values() if value not in ours]
        for text in texts_of(outcome):
            assert not PLACEHOLDER.search(text)
            assert not any(value in text for value in private)


def test_every_text_fits_its_network(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        limits = limits_for(outcome.message.channel)
        for one in (outcome.draft, *outcome.draft.candidates):
            assert one.public is None or is_within(one.public, limits.public)
            assert one.private is None or is_within(one.private, limits.private)


def test_private_messages_are_never_answered_in_public(outcomes: list[Outcome]) -> None:
    private = [one for one in outcomes if one.message.surface is Surface.PRIVATE]
    assert private
    for outcome in private:
        assert outcome.draft.public is None
        assert all(candidate.public is None for candidate in outcome.draft.candidates)


def test_sensitive_matters_get_approved_statements_or_nothing(
    outcomes: list[Outcome], pack: BrandPack
) -> None:
    approved = {statement.id for statement in pack.statements}
    sensitive = [one for one in outcomes if one.triage.category in SENSITIVE]
    assert sensitive
    for outcome in sensitive:
        draft = outcome.draft
        assert draft.candidates == ()
        assert draft.statement_id in approved or not (draft.public or draft.private)
        if outcome.triage.category in {Category.PRESS, Category.DISCRIMINATION_HARASSMENT}:
            assert not texts_of(outcome)


def test_silence_is_kept_where_it_is_due(outcomes: list[Outcome]) -> None:
    silent = [outcome for outcome in outcomes if outcome.triage.route in SILENT]
    assert silent
    assert all(not texts_of(outcome) for outcome in silent)


def test_a_draft_without_a_text_says_why(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if not (outcome.draft.public or outcome.draft.private):
            assert outcome.draft.note


def test_there_are_at_most_five_candidates_each_another_entry(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        ids = [candidate.passage_id for candidate in outcome.draft.candidates]
        assert len(ids) == len(set(ids)) <= 5


def test_a_second_run_says_the_same(
    build: Build, inbox: list[InboundMessage], outcomes: list[Outcome]
) -> None:
    again = build()
    for message, before in list(zip(inbox, outcomes, strict=True))[::6]:
        assert again.run(message) == before


# Changes whose effect is known


def ask(pipeline: Pipeline, text: str, **more: Any) -> Outcome:
    given = {"id": MessageId("m"), "text": text, "channel": "facebook", **more}
    return pipeline.run(InboundMessage.model_validate(given))


Change = Callable[[Passage], Passage | None]


@pytest.fixture
def with_entry(build: Build, pack: BrandPack) -> Callable[[Change], Pipeline]:
    def make(change: Change) -> Pipeline:
        kept = (change(one) if one.id == ENTRY else one for one in pack.passages)
        return build([passage for passage in kept if passage])

    return make


WithEntry = Callable[[Change], Pipeline]


QUESTION = "Faites-vous le Black Friday ?"
ENTRY = "promo-black-friday"


def test_the_answer_is_the_entrys(pipeline: Pipeline) -> None:
    outcome = ask(pipeline, QUESTION)
    assert outcome.passages[0].id == ENTRY
    assert "Black Friday" in (outcome.draft.public or "")


def test_without_the_entry_nothing_is_claimed(with_entry: WithEntry) -> None:
    outcome = ask(with_entry(lambda passage: None), QUESTION)
    assert ENTRY not in {citation.passage_id for citation in outcome.draft.citations}
    assert "réparons" not in (outcome.draft.public or "")
    assert Category.UNKNOWN_QUESTION in outcome.triage.categories()
    assert outcome.triage.route is Route.REPLY_AND_ESCALATE
    assert outcome.draft.note


def test_when_the_entry_changes_the_draft_follows(with_entry: WithEntry) -> None:
    def moved(passage: Passage) -> Passage:
        answer = passage.answer.replace("27 novembre", "28 novembre")
        return passage.model_copy(update={"answer": answer})

    public = ask(with_entry(moved), QUESTION).draft.public or ""
    assert "28 novembre" in public
    assert "27 novembre" not in public


def test_an_expired_entry_is_not_said_and_the_reviewer_is_told(with_entry: WithEntry) -> None:
    def expired(passage: Passage) -> Passage:
        return passage.model_copy(update={"valid_until": date(2026, 11, 20)})

    outcome = ask(with_entry(expired), QUESTION)
    assert "réparons" not in (outcome.draft.public or "")
    assert f"{ENTRY}@fr" in outcome.draft.note


def test_an_answer_in_french_only_is_not_guessed_in_english(with_entry: WithEntry) -> None:
    def french_only(passage: Passage) -> Passage | None:
        return passage if passage.lang.value == "fr" else None

    outcome = ask(with_entry(french_only), "Are you doing Black Friday this year?")
    assert ENTRY not in {citation.passage_id for citation in outcome.draft.citations}
    assert "réparons" not in (outcome.draft.public or "")


@pytest.mark.parametrize("channel", ["facebook", "x", "mastodon", "bluesky", "instagram", "file"])
def test_the_network_decides_the_length(pipeline: Pipeline, channel: str) -> None:
    public = ask(pipeline, QUESTION, channel=channel).draft.public
    assert public
    assert is_within(public, limits_for(channel).public)


def test_a_personal_matter_repeats_nothing_personal(pipeline: Pipeline) -> None:
    text = "Où en est ma commande V26-104417 ? Je suis Camille Durand, camille@mail.example"
    outcome = ask(pipeline, text)
    assert outcome.draft.public
    assert outcome.draft.private
    for said in (outcome.draft.public, outcome.draft.private):
        assert "104417" not in said
        assert "Camille" not in said
        assert "mail.example" not in said
    assert "message privé" in outcome.draft.public
    assert "message privé" not in outcome.draft.private


def test_a_legal_threat_leaves_no_routine_draft(pipeline: Pipeline) -> None:
    outcome = ask(pipeline, f"{QUESTION} Sinon mon avocat vous assignera au tribunal.")
    assert outcome.triage.category is Category.LEGAL_THREAT
    assert outcome.draft.statement_id == "hold-legal"
