"""Chooses among approved phrasings: the same for the same message, varied between messages."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.domain.brand import Brand
from agent.domain.brand.identity import Register
from agent.domain.messages import InboundMessage
from knowledge.passages import Language
from knowledge.text.normalise import match_key
from knowledge.text.sentences import split
from knowledge.text.tokens import words

OPENING_WORDS = 6
"""Two replies open alike when their first words, this many, are the same."""

_OPENING_REACH = 240
"""Characters that surely hold the opening words."""
_TU = re.compile(r"\b(?:tu|te|toi|ta|tes|t'|ton (?!de\b))|\bton\b(?= \w)")
_VOUS = re.compile(r"\b(?:vous|votre|vos)\b|(?<!rend)(?<!ch)(?<!ass)\w{2,}ez\b")
_TO_PRIVATE = re.compile(
    r"\b(?:(?:en|messages?|messagerie|mention) privee?s?|message direct|in private|privately|"
    r"(?:private|direct) (?:message|mention)s?|dms?|mp)\b"
)
_SET_PHRASES = re.compile(r"s'il vous plait|rendez-vous|s'il te plait")


def opening_of(text: str) -> tuple[str, ...]:
    """Return the first words of `text`, folded, for comparing openings."""
    return tuple(match_key(word.text) for word in words(text[:_OPENING_REACH])[:OPENING_WORDS])


@lru_cache(maxsize=1024)
def register_of(text: str) -> Register | None:
    """Return how a French text addresses its reader, or None if it does not, or does both."""
    folded = _SET_PHRASES.sub(" ", match_key(text))
    is_tu, is_vous = bool(_TU.search(folded)), bool(_VOUS.search(folded))
    if is_tu == is_vous:
        return None
    return Register.TU if is_tu else Register.VOUS


@lru_cache(maxsize=4096)
def invites_to_private(text: str) -> bool:
    """Whether `text` asks the reader to write in private: out of place where they just did."""
    return bool(_TO_PRIVATE.search(match_key(text)))


def without_invitation(text: str) -> str:
    """Return an approved text without the sentences that ask to write in private.

    The others stay as they were approved; a text that says nothing else stays whole.
    """
    kept = [sentence.text for sentence in split(text) if not invites_to_private(sentence.text)]
    return " ".join(kept) or text


def brand_said(message: InboundMessage, policy: Brand) -> tuple[str, ...]:
    """Return what the brand has already written in this thread, oldest first."""
    if not message.thread:
        return ()
    identity = policy.brand
    names = {"brand", "marque", identity.id, identity.name, *identity.also_known_as}
    names |= {channel.account for channel in policy.channels.values()}
    ours = {_author_key(name) for name in names if name}
    return tuple(entry.text for entry in message.thread if _author_key(entry.author) in ours)


def _author_key(name: str) -> str:
    return match_key(name).strip().lstrip("@")


@dataclass(frozen=True)
class Chooser:
    """The choices of one message. `turn` shifts them all, when the first ones repeat an opening."""

    seed: str
    said: tuple[str, ...] = ()
    """The brand's earlier replies in the thread."""
    lang: Language = Language.UNKNOWN
    register: Register | None = None
    """The register wanted, where the policy leaves a choice (`mirror`)."""
    turn: int = 0

    def pick(self, options: Sequence[str], slot: str) -> str:
        """Return one of `options` for this slot of the reply, or "" if there are none."""
        fitting = self._fitting(options)
        if not fitting:
            return ""
        digest = hashlib.sha256(f"{self.seed}|{slot}".encode()).digest()
        return fitting[(int.from_bytes(digest[:8], "big") + self.turn) % len(fitting)]

    def pick_fresh(self, options: Sequence[str], slot: str) -> str:
        """As `pick`, among the options not yet said in the thread; "" if all of them were."""
        return self.pick([option for option in options if not self.was_said(option)], slot)

    def was_said(self, text: str) -> bool:
        """Whether an earlier reply of ours in this thread holds `text`."""
        if not self.said:
            return False
        wanted = _squeezed(text)
        return bool(wanted) and any(wanted in reply for reply in map(_squeezed, self.said))

    def repeats_opening(self, text: str) -> bool:
        """Whether an earlier reply of ours in this thread opens like `text`."""
        return bool(self.said) and opening_of(text) in {opening_of(reply) for reply in self.said}

    def _fitting(self, options: Iterable[str]) -> list[str]:
        kept = [option for option in options if option.strip()]
        if self.lang is not Language.FR or self.register is None:
            return kept
        return [option for option in kept if register_of(option) in {None, self.register}] or kept


@lru_cache(maxsize=1024)
def _squeezed(text: str) -> str:
    return " ".join(match_key(word.text) for word in words(text))
