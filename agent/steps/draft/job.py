"""One message on the bench: its brand, mood, language, and the courtesy around a reply."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from agent.domain.brand import Brand, BrandPack
from agent.domain.brand.identity import PerLanguage, Register
from agent.domain.brand.policies import ChannelPolicy, Placement
from agent.domain.counting import is_within
from agent.domain.decisions import Triage
from agent.domain.drafts import Draft, Note, NoteKind
from agent.domain.messages import Surface
from agent.domain.redaction import PLACEHOLDER
from agent.steps.draft.acknowledge import acknowledgements
from agent.steps.draft.answer import AnswerBook
from agent.steps.draft.compose import Composed, Recipe, compose
from agent.steps.draft.mood import Mood, is_upset, mood_of
from agent.steps.draft.notes import with_notes
from agent.steps.draft.phrases import Chooser, brand_said, invites_to_private, register_of
from agent.steps.draft.polish import is_brief, polished
from agent.steps.draft.request import DraftRequest, Style
from knowledge.passages import Language, Passage

_NETWORKS = frozenset({"facebook", "instagram", "linkedin", "messenger", "tiktok", "twitter"})
_TURNS = 4
"""How many times the choices are shifted when a reply would open like an earlier one."""


@dataclass(frozen=True)
class Job:
    pack: BrandPack
    book: AnswerBook
    request: DraftRequest
    lang: Language
    style: Style
    mood: Mood
    chooser: Chooser
    openings: tuple[tuple[str, ...], ...]
    """The acknowledgements to choose from, those that name the problem first."""

    @classmethod
    def of(
        cls, pack: BrandPack, book: AnswerBook, request: DraftRequest, lang: Language, style: Style
    ) -> "Job":
        """Lay out a request for one language and style."""
        message = request.message
        said = brand_said(message, pack.policy)
        seed = f"{pack.policy.brand.id}|{message.id}"
        steer = request.steer
        register = steer.register_wanted or _register(pack.policy, lang, request.text)
        mood = mood_of(pack.policy, request.triage, message)
        if steer.words is not None:
            mood = replace(mood, words=min(steer.words, mood.words or steer.words))
        chooser = Chooser(seed, said, lang, register, steer.turn)
        openings = acknowledgements(mood, request.text, lang, style)
        return cls(pack, book, request, lang, style, mood, chooser, openings)

    @property
    def policy(self) -> Brand:
        return self.pack.policy

    @property
    def triage(self) -> Triage:
        return self.request.triage

    @property
    def channel(self) -> ChannelPolicy | None:
        """The brand's policy on this network, if it has one."""
        return self.policy.channels.get(self.request.message.channel)

    @property
    def is_private(self) -> bool:
        """Whether the customer wrote in private, so that the reply stays there."""
        return self.request.message.surface is Surface.PRIVATE

    @property
    def has_links(self) -> bool:
        """Whether a link may stand in a reply here and be of use."""
        is_allowed = self.channel is None or self.channel.links_allowed
        return is_allowed and self.request.limits.are_links_clickable

    def of_lang(self, texts: PerLanguage) -> tuple[str, ...]:
        """Return the approved phrasings in the reply's language."""
        return texts.get(self.lang, ())

    def may_cite(self, passage: Passage, *, in_private: bool) -> bool:
        """Whether `passage` may be said there, today."""
        has_text = bool(passage.answer.strip())
        is_allowed = in_private or passage.audience.value == "public"
        return has_text and is_allowed and passage.is_in_force(self.request.day)

    @cached_property
    def path(self) -> str:
        """How to reach the brand in private from here, a ready sentence, or ""."""
        if self.is_private:
            return ""
        own = self.of_lang(self.channel.private_paths) if self.channel else ()
        return self.chooser.pick(own or self._paths_for_anywhere(), "path")

    def _paths_for_anywhere(self) -> tuple[str, ...]:
        """Paths of other channels that name no network: true on one the pack does not know."""
        networks = {name.split("_")[0] for name in self.policy.channels} | _NETWORKS
        if self.channel is not None:
            return ()
        found = (
            path
            for channel in self.policy.channels.values()
            for path in self.of_lang(channel.private_paths)
            if networks.isdisjoint(re.findall(r"\w+", path.casefold()))
        )
        return tuple(dict.fromkeys(found))

    @cached_property
    def pass_on(self) -> str:
        """What we say when we do not have the answer, or ""."""
        texts = self.of_lang(self.policy.transparency.unknown_texts)
        return self.chooser.pick_fresh(texts, "unknown") or self.chooser.pick(texts, "unknown")

    @cached_property
    def partly_pass_on(self) -> str:
        """What we say, after an answer, of the question we pass on."""
        texts = self.of_lang(self.policy.transparency.partial_unknown_texts)
        return self.chooser.pick(texts, "partly") or self.pass_on

    @cached_property
    def bot_answer(self) -> str:
        """The approved answer to "are you a bot?", or ""."""
        return self.chooser.pick(self.of_lang(self.policy.transparency.bot_question_answers), "bot")

    @property
    def needs_disclosure(self) -> bool:
        """Whether the policy asks for a disclosure in this very reply."""
        placement = self.policy.transparency.disclosure_placement
        if self.channel and self.channel.disclosure_placement is not None:
            placement = self.channel.disclosure_placement
        is_first = not self.chooser.said
        return placement is Placement.FOOTER or (placement is Placement.THREAD_START and is_first)

    @cached_property
    def disclosure(self) -> str:
        """The approved disclosure, or "" where none is asked for or none exists."""
        if not self.needs_disclosure:
            return ""
        texts = self.of_lang(self.policy.transparency.disclosure_texts)
        return self.chooser.pick(texts, "disclosure")

    @property
    def missing_disclosure(self) -> tuple[Note, ...]:
        """The note that forbids every text here, if a disclosure is required and missing."""
        is_known = self.lang is not Language.UNKNOWN
        is_missing = is_known and self.needs_disclosure and not self.disclosure
        return (Note(kind=NoteKind.NO_DISCLOSURE),) if is_missing else ()

    def acknowledgement(self, *, in_private: bool) -> str:
        """Return the acknowledgement of this customer's problem in the brand's words, or ""."""
        for texts in self.openings:
            usable = [text for text in texts if not (in_private and invites_to_private(text))]
            if picked := self.chooser.pick_fresh(usable, "acknowledgement"):
                return picked
        return ""

    def draft(self, composed: Composed | None, *notes: Note, in_private: bool = False) -> Draft:
        """Return `composed` as a draft on its surface, with the reviewer's notes."""
        if composed is None:
            return with_notes(Draft(), *notes)
        is_private = in_private or self.is_private
        draft = Draft(
            public=None if is_private else composed.text,
            private=composed.text if is_private else None,
            citations=composed.citations,
        )
        return with_notes(draft, *notes)

    def compose(self, recipe: Recipe, *, in_private: bool) -> Composed | None:
        """Return `recipe` with its courtesy as a finished text, or None if it cannot fit."""
        if not recipe.has_substance or self.missing_disclosure:
            return None
        composed: Composed | None = None
        start = self.request.steer.turn
        for turn in range(start, start + _TURNS):
            composed = self._turned(turn).compose_once(recipe, in_private=in_private)
            if composed is None or not self.chooser.repeats_opening(composed.text):
                break
        if composed is None or PLACEHOLDER.search(composed.text):
            return None
        return composed

    def _turned(self, turn: int) -> "Job":
        if turn == self.chooser.turn:
            return self
        return replace(self, chooser=replace(self.chooser, turn=turn))

    def compose_once(self, recipe: Recipe, *, in_private: bool) -> Composed | None:
        """Return `recipe` with this turn's choice of courtesy, or None if it cannot fit."""
        full = recipe
        if not recipe.is_said_alone:
            full = self._with_courtesy(recipe, in_private=in_private)
        full = replace(full, disclosure=self.disclosure)
        questions = self.policy.mechanics.questions_max
        return compose(
            full,
            fits=lambda text: self.fits(text, in_private=in_private),
            is_wanted=lambda text: in_private or is_brief(text, self.mood, questions),
            polish=lambda parts: polished(parts, self.mood),
        )

    def _with_courtesy(self, recipe: Recipe, *, in_private: bool) -> Recipe:
        mechanics = self.policy.mechanics
        greeting = self.greeting(mechanics.greetings, is_required=mechanics.is_greeting_required)
        opening = recipe.acknowledgement
        if not (opening or recipe.has_own_opening):
            opening = self._opening(recipe, in_private=in_private)
        return replace(
            recipe,
            greeting=greeting,
            acknowledgement=opening,
            short_acknowledgement=self._shortest(opening),
            closing=self._closing(),
            sign_off=self.chooser.pick(self.of_lang(mechanics.sign_offs), "sign_off"),
            keeps_acknowledgement=is_upset(self.triage) or not recipe.answers,
            keeps_greeting=mechanics.is_greeting_required,
            keeps_sign_off=mechanics.is_sign_off_required,
        )

    def _opening(self, recipe: Recipe, *, in_private: bool) -> str:
        """The answer to "are you a bot?" opens a calm reply; nothing need be said before it."""
        is_opened = bool(recipe.bot) and not self.mood.is_empathy_required
        return "" if is_opened else self.acknowledgement(in_private=in_private)

    def greeting(self, greetings: PerLanguage, *, is_required: bool) -> str:
        """Return a greeting not yet used in the thread; an old one only where one is required."""
        options = self.of_lang(greetings)
        fresh = self.chooser.pick_fresh(options, "greeting")
        return fresh or (self.chooser.pick(options, "greeting") if is_required else "")

    def _closing(self) -> str:
        if self.style is not Style.FULL or self.mood.situation is None:
            return ""
        return self.chooser.pick_fresh(self.of_lang(self.mood.situation.closings), "closing")

    def _shortest(self, opening: str) -> str:
        if not opening or self.mood.situation is None:
            return ""
        known = self.mood.situation.acknowledgements
        general: Sequence[str] = [a.text for a in known if a.lang is self.lang and not a.cues]
        return min([opening, *general], key=len)

    def fits(self, text: str, *, in_private: bool) -> bool:
        """Whether `text` is within every limit of the network, and the brand's own in public."""
        limits = self.request.limits
        own = self.channel.max_characters if self.channel and not in_private else None
        is_own = own is None or len(text) <= own
        return is_own and is_within(text, limits.private if in_private else limits.public)


def _register(policy: Brand, lang: Language, text: str) -> Register | None:
    """Return the register to keep where approved phrasings exist in both (`mirror`)."""
    known = policy.languages.get(lang)
    if known is None or lang is not Language.FR:
        return None
    if known.spoken_register is not Register.MIRROR:
        return known.spoken_register
    return Register.TU if register_of(text) is Register.TU else Register.VOUS
