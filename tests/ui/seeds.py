"""Messages with known outcomes, so that a desk test knows what is on screen before it starts.

The triage and drafts are written here; passages, teams and charter are the sample brand's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.bootstrap import load_brand
from agent.domain.brand import BrandPack
from agent.domain.decisions import (
    Category,
    EscalationReason,
    Evidence,
    Finding,
    Route,
    Sentiment,
    Triage,
    Urgency,
)
from agent.domain.drafts import Candidate, Citation, Draft, Note, NoteKind
from agent.domain.ids import BrandId, GuidelineVersion, MessageId, TeamId
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.domain.outcome import Outcome
from agent.domain.redaction import Redaction
from knowledge.passages import Band, Hit, Language, Passage, Retrieval

BRAND = BrandId("verjolaine")
PACK = Path(__file__).parents[2] / "knowledge" / "brands" / "verjolaine"
NOW = datetime.now(UTC).replace(microsecond=0)
HOSTILE = (
    "<script>document.title='pwned'</script> <img src=x onerror=\"document.title='pwned'\">"
    " **very** [click](http://evil.example) are your tisanes vegan?"
)


def pack() -> BrandPack:
    """Return the sample brand."""
    return load_brand(PACK)


@dataclass(frozen=True)
class Seed:
    """One message and what the flow is to say of it."""

    name: str
    text: str
    category: Category
    route: Route = Route.REPLY
    urgency: Urgency = Urgency.NORMAL
    lang: Language = Language.FR
    channel: str = "facebook"
    surface: Surface = Surface.PUBLIC
    author: str = "Camille"
    evidence: str = ""
    passages: Sequence[str] = ("delivery-time", "delivery-late", "delivery-cost")
    public: str | None = None
    private: str | None = None
    band: Band = Band.HIGH
    values: dict[str, str] = field(default_factory=dict)
    team: str | None = None
    reason: EscalationReason | None = None
    notes: tuple[NoteKind, ...] = ()
    is_toxic: bool = False
    needs_second: bool = False
    due_minutes: int = 240
    minutes_ago: int = 20
    thread: tuple[ThreadEntry, ...] = ()

    @property
    def id(self) -> MessageId:
        return MessageId(f"seed-{self.name}")


class SeededPipeline:
    """Gives each seed its outcome; every other message gets the outcome of the first seed."""

    def __init__(self, brand: BrandPack, seeds: Sequence[Seed]) -> None:
        self._brand = brand
        self._seeds = {seed.id: seed for seed in seeds}
        self._first = seeds[0]

    @property
    def guideline_version(self) -> GuidelineVersion:
        return self._brand.version

    def learn(self, seeds: Sequence[Seed]) -> None:
        """Know more seeds."""
        self._seeds |= {seed.id: seed for seed in seeds}

    def run(self, message: InboundMessage) -> Outcome:
        seed = self._seeds.get(message.id, self._first)
        return outcome(seed, message, self._brand)


def message(seed: Seed) -> InboundMessage:
    """Return the message of a seed as its channel hands it over."""
    return InboundMessage(
        id=seed.id,
        text=seed.text,
        brand_id=BRAND,
        channel=seed.channel,
        surface=seed.surface,
        author=seed.author,
        external_id=seed.id,
        created_at=NOW - timedelta(minutes=seed.minutes_ago),
        thread=seed.thread,
    )


def outcome(seed: Seed, given: InboundMessage, brand: BrandPack) -> Outcome:
    """Return what the flow says of `given`, as the seed has it."""
    redacted = given.text
    for placeholder, value in seed.values.items():
        redacted = redacted.replace(value, placeholder)
    passages = [_passage(brand, name, seed.lang) for name in seed.passages]
    return Outcome(
        message=given,
        redaction=Redaction(text=redacted, values=seed.values),
        triage=_triage(seed, redacted),
        retrieval=Retrieval(
            hits=tuple(Hit(passage=p, score=1.0 - at / 10) for at, p in enumerate(passages)),
            answerable=0.95 if seed.band is Band.HIGH else 0.3,
            band=seed.band,
        ),
        draft=_draft(seed, passages),
        guideline_version=brand.version,
    )


def greeted(answer: str, lang: Language = Language.FR) -> str:
    """Return an answer as a draft says it."""
    return f"{'Bonjour,' if lang is Language.FR else 'Hello,'}\n{answer}"


def _passage(brand: BrandPack, name: str, lang: Language) -> Passage:
    return next(p for p in brand.passages if (p.id, p.lang) == (name, lang))


def _triage(seed: Seed, redacted: str) -> Triage:
    start = redacted.find(seed.evidence) if seed.evidence else -1
    span = Evidence(
        start=start, end=start + len(seed.evidence), text=seed.evidence, found_by="rule:seed"
    )
    evidence = (span,) if start >= 0 else ()
    return Triage(
        language=seed.lang,
        language_confidence=1.0,
        category=seed.category,
        findings=(Finding(category=seed.category, score=1.0, evidence=evidence),),
        sentiment=Sentiment.NEGATIVE if seed.category is Category.COMPLAINT else Sentiment.NEUTRAL,
        urgency=seed.urgency,
        is_toxic=seed.is_toxic,
        needs_second_approver=seed.needs_second,
        route=seed.route,
        team=TeamId(seed.team) if seed.team else None,
        reason=seed.reason,
        acknowledge_by=NOW + timedelta(minutes=seed.due_minutes),
        due_at=NOW + timedelta(minutes=seed.due_minutes * 2),
    )


def _draft(seed: Seed, passages: Sequence[Passage]) -> Draft:
    is_drafted = seed.band is Band.HIGH and passages and seed.route is Route.REPLY
    answer = greeted(passages[0].answer, seed.lang) if is_drafted else None
    return Draft(
        public=seed.public or (answer if seed.surface is Surface.PUBLIC else None),
        private=seed.private or (answer if seed.surface is Surface.PRIVATE else None),
        citations=tuple(Citation(sentence=p.answer, passage_id=p.id) for p in passages[:1]),
        candidates=tuple(
            Candidate(passage_id=p.id, score=0.9 - at / 10, public=greeted(p.answer, seed.lang))
            for at, p in enumerate(passages)
        ),
        band=seed.band,
        drafter="extractive" if is_drafted else "none",
        notes=tuple(Note(kind=kind) for kind in seed.notes),
    )
