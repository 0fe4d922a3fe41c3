"""The flow on the sample brand: its order, its promises when a step fails, the desk's questions."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.brand_pack import load_pack
from agent.adapters.channels.limits_data import load_limits
from agent.domain.brand import BrandPack
from agent.domain.channels import ChannelLimits
from agent.domain.decisions import Category, EscalationReason, Route
from agent.domain.drafts import Draft, NoteKind
from agent.domain.errors import ModelUnavailable, NotFound, StepFailed
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.domain.outcome import Outcome
from agent.domain.redaction import PersonalDataSpan, Redaction
from agent.pipeline import Pipeline
from agent.ports import Redactor, Retriever
from agent.steps.draft import DraftRequest, FreeDrafter
from agent.steps.draft.hand_over import WITHHELD
from agent.steps.triage import ModelClassifier
from agent.testing import FrozenClock, ScriptedChatModel
from knowledge.passages import Audience, Band, Hit, Language, Passage, Retrieval, RetrievalFilter
from prompts.library import shipped

BRAND = Path(__file__).parents[2] / "knowledge" / "brands" / "verjolaine"
ORDER = re.compile(r"V2\d-\d{6}")
QUESTION = "Acceptez-vous les chèques-vacances ?"


class OrderRedactor:
    """Masks the sample brand's order numbers, as the real one does among much else."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def redact(self, text: str) -> Redaction:
        self.seen.append(text)
        found = ORDER.search(text)
        if found is None:
            return Redaction(text=text)
        span = PersonalDataSpan(type="ORDER_ID", start=found.start(), end=found.end(), score=1.0)
        masked = text.replace(found[0], "[ORDER_ID_1]")
        return Redaction(text=masked, spans=(span,), values={"[ORDER_ID_1]": found[0]})


class FailingRedactor:
    def redact(self, text: str) -> Redaction:
        raise ValueError(f"cannot search {text}")


class OneAnswer:
    """A retriever that surely finds one passage of the brand, and some others below it."""

    def __init__(self, passages: Sequence[Passage], first: str, band: Band = Band.HIGH) -> None:
        self._passages = passages
        self._first = first
        self._band = band
        self.queries: list[str] = []

    def search(self, query: str, where: RetrievalFilter, top: int = 10) -> Retrieval:
        self.queries.append(query)
        known = [
            passage
            for passage in self._passages
            if passage.lang is where.lang and passage.audience.value == "public"
        ]
        known.sort(key=lambda passage: passage.id != self._first)
        hits = tuple(Hit(passage=one, score=9.0 - at) for at, one in enumerate(known[:4]))
        return Retrieval(hits=hits, band=self._band, answerable=0.9)

    def passages(self) -> Sequence[Passage]:
        return self._passages


class FailingRetriever:
    def search(self, query: str, where: RetrievalFilter, top: int = 10) -> Retrieval:
        raise OSError("index gone")

    def passages(self) -> Sequence[Passage]:
        return ()


class Says:
    """A drafter that says what it is told, whatever is asked."""

    def __init__(self, public: str) -> None:
        self._public = public

    def draft(self, request: DraftRequest) -> Draft:
        return Draft(public=self._public, drafter="llm:scripted")

    def repair(self, request: DraftRequest, draft: Draft, problems: Sequence[str]) -> Draft:
        return self.draft(request)


class Breaks(Says):
    def draft(self, request: DraftRequest) -> Draft:
        raise StepFailed("draft", "out of order")


Build = Callable[..., Pipeline]


@pytest.fixture(scope="module")
def pack() -> BrandPack:
    return load_pack(BRAND)


@pytest.fixture
def build(pack: BrandPack) -> Build:
    def make(
        redactor: Redactor | None = None,
        retriever: Retriever | None = None,
        drafter: FreeDrafter | None = None,
        classifier: ModelClassifier | None = None,
        clock: FrozenClock | None = None,
        limits: Callable[[str], ChannelLimits] = load_limits,
        changed: BrandPack | None = None,
    ) -> Pipeline:
        return Pipeline(
            pack=changed or pack,
            redactor=redactor or OrderRedactor(),
            retriever=retriever or OneAnswer(pack.passages, "payment-methods"),
            clock=clock or FrozenClock(),
            limits=limits,
            drafter=drafter,
            classifier=classifier,
        )

    return make


def message(text: str = QUESTION, **more: Any) -> InboundMessage:
    return InboundMessage(id=MessageId("m1"), text=text, **{"channel": "facebook", **more})


def assert_handed_over(outcome: Outcome, step: str, kind: str) -> None:
    assert [(failure.step, failure.kind) for failure in outcome.failures] == [(step, kind)]
    assert outcome.triage.route is Route.ESCALATE
    assert outcome.triage.reason is EscalationReason.STEP_FAILED
    assert (outcome.draft.public, outcome.draft.private) == (None, None)
    assert outcome.draft.candidates == ()
    assert [note.kind for note in outcome.draft.notes] == [NoteKind.STEP_FAILED]


def test_a_question_in_the_faq_becomes_a_checked_and_cited_draft(
    build: Build, pack: BrandPack
) -> None:
    outcome = build().run(message())
    assert outcome.failures == ()
    assert outcome.draft.public
    assert {citation.passage_id for citation in outcome.draft.citations} == {"payment-methods"}
    assert outcome.public_report.checks
    assert outcome.guideline_version == pack.version == build().guideline_version


def test_the_same_message_gives_the_same_outcome(build: Build) -> None:
    assert build().run(message()) == build().run(message())


def test_elapsed_time_is_the_clocks(build: Build) -> None:
    clock = FrozenClock()

    class Slow(OrderRedactor):
        def redact(self, text: str) -> Redaction:
            clock.advance(timedelta(milliseconds=12))
            return super().redact(text)

    assert build(redactor=Slow(), clock=clock).run(message()).elapsed_ms == 12.0


# What fails ends with a person


def test_a_text_that_cannot_be_redacted_goes_no_further(build: Build, pack: BrandPack) -> None:
    retriever = OneAnswer(pack.passages, "payment-methods")
    secret = "Je veux mourir, mon numéro : 06 12 34 56 78"
    outcome = build(FailingRedactor(), retriever).run(message(secret))
    assert_handed_over(outcome, "redact", "StepFailed")
    assert outcome.redaction.text == WITHHELD
    assert outcome.triage.category is Category.UNKNOWN_QUESTION
    assert outcome.triage.due_at == FrozenClock().now()
    assert retriever.queries == []
    told = outcome.model_copy(update={"message": message("-")}).model_dump_json()
    assert "06 12" not in told


def test_retrieval_that_fails_keeps_what_triage_saw(build: Build) -> None:
    outcome = build(retriever=FailingRetriever()).run(message("Je vais saisir mon avocat"))
    assert_handed_over(outcome, "retrieve", "OSError")
    assert outcome.triage.category is Category.LEGAL_THREAT
    assert outcome.triage.team == "legal"


def test_a_drafter_that_fails_leaves_no_text(build: Build) -> None:
    assert_handed_over(build(drafter=Breaks("")).run(message()), "draft", "StepFailed")


def test_limits_that_cannot_be_read_leave_no_text(build: Build) -> None:
    def broken(network: str) -> ChannelLimits:
        raise KeyError(network)

    assert_handed_over(build(limits=broken).run(message()), "draft", "KeyError")


@pytest.mark.parametrize(
    "unsafe",
    [
        "Votre commande V26-104417 est bien partie.",
        "Non, je suis Julie, une vraie personne.",
        "Vous serez remboursé demain de 250 €.",
    ],
)
def test_an_unsafe_text_gives_way_to_approved_words(build: Build, unsafe: str) -> None:
    outcome = build(drafter=Says(unsafe)).run(message("Où est V26-104417 ? Vous êtes un robot ?"))
    assert unsafe not in (outcome.draft.public or "")
    assert outcome.draft.drafter == "extractive"
    assert not outcome.public_report.blockers


def test_when_no_composition_is_safe_a_person_writes(build: Build, pack: BrandPack) -> None:
    lie = "Non, je suis Julie, une vraie humaine."
    first = next(one for one in pack.passages if one.lang is Language.FR)
    passage = first.model_copy(update={"id": "lie", "answer": lie, "audience": Audience.PUBLIC})
    pipeline = build(retriever=OneAnswer((passage,), "lie"), drafter=Says(lie))
    outcome = pipeline.run(message("Vous êtes un robot ? Vous livrez demain ?"))
    assert outcome.draft.public is None
    assert outcome.triage.route is Route.ESCALATE
    assert outcome.triage.reason is EscalationReason.CHECK_FAILED
    assert NoteKind.CHECK_FAILED in {note.kind for note in outcome.draft.notes}


def test_a_models_sound_text_stands_with_the_candidates(build: Build) -> None:
    said = "En ligne, nous acceptons les cartes CB, Visa et Mastercard."
    outcome = build(drafter=Says(said)).run(message())
    assert outcome.draft.public == said
    assert outcome.draft.drafter == "llm:scripted"
    assert outcome.draft.candidates
    assert {one.passage_id for one in outcome.draft.citations} == {"payment-methods"}


def test_a_models_text_that_answers_nothing_gives_way(build: Build) -> None:
    outcome = build(drafter=Says("Merci de votre question.")).run(message())
    assert outcome.draft.drafter == "extractive"
    assert NoteKind.MODEL_UNUSED in {note.kind for note in outcome.draft.notes}


@pytest.mark.parametrize(
    "text",
    [
        "Je vais saisir mon avocat",
        "Je veux parler à un humain",
        "Gagnez 1000 € par jour, cliquez : http://bit.ly/xx",
    ],
)
def test_no_other_drafter_writes_where_words_are_approved_or_none(build: Build, text: str) -> None:
    outcome = build(drafter=Says("Merci de votre question.")).run(message(text))
    assert outcome.draft.public != "Merci de votre question."
    assert outcome.draft.drafter != "llm:scripted"


def test_a_classifier_that_gives_no_answer_is_told_to_the_reviewer(build: Build) -> None:
    model = ScriptedChatModel([ModelUnavailable("classifier", "no answer in time")])
    outcome = build(classifier=ModelClassifier("b", "B", model, shipped())).run(message())
    notes = {note.kind: note.about for note in outcome.draft.notes}
    assert notes[NoteKind.MODEL_SILENT] == "no answer in time"
    assert outcome.draft.public


# Surfaces and threads


def test_a_private_message_is_answered_in_private_only(build: Build) -> None:
    outcome = build().run(message(surface=Surface.PRIVATE))
    assert outcome.draft.public is None
    assert outcome.draft.private
    assert outcome.public_report.checks == ()
    assert outcome.private_report.checks


def test_a_follow_up_is_read_with_the_customers_words_before_it(
    build: Build, pack: BrandPack
) -> None:
    redactor = OrderRedactor()
    retriever = OneAnswer(pack.passages, "payment-methods", Band.MIDDLE)
    thread = (
        ThreadEntry(author="Zoé", text="Payer V26-104417 par chèque ?"),
        ThreadEntry(author="Maison Verjolaine", text="Bonjour, oui."),
    )
    build(redactor, retriever).run(message("Et en boutique ?", thread=thread))
    assert redactor.seen[-1] == thread[0].text
    assert any("chèque" in query for query in retriever.queries)
    assert not any("104417" in query for query in retriever.queries)


# What the desk asks


def test_the_desk_checks_any_text_by_the_same_rules(build: Build) -> None:
    pipeline = build()
    outcome = pipeline.run(message())
    assert outcome.draft.public
    public, private = pipeline.check(outcome, outcome.draft.public, None)
    assert public == outcome.public_report
    assert private.checks == ()
    edited = outcome.draft.public + " Vous serez remboursé demain de 250 €."
    assert pipeline.check(outcome, edited, None)[0].blockers


def test_a_key_recomposes_the_draft_from_one_passage(build: Build) -> None:
    pipeline = build()
    outcome = pipeline.run(message())
    other = outcome.passages[2].id
    draft = pipeline.recompose(outcome, other)
    assert {citation.passage_id for citation in draft.citations} == {other}
    assert draft == pipeline.recompose(outcome, other)


def test_only_a_passage_found_for_the_message_can_be_chosen(build: Build) -> None:
    pipeline = build()
    outcome = pipeline.run(message())
    with pytest.raises(NotFound, match="'nowhere'"):
        pipeline.recompose(outcome, "nowhere")


def test_the_candidates_are_what_their_keys_recompose(build: Build, pack: BrandPack) -> None:
    pipeline = build(retriever=OneAnswer(pack.passages, "payment-methods", Band.MIDDLE))
    outcome = pipeline.run(message())
    assert outcome.draft.public is None
    assert outcome.draft.candidates
    for candidate in outcome.draft.candidates:
        assert pipeline.recompose(outcome, candidate.passage_id).public == candidate.public
