"""The brand pack's schema: what a brand lead owns, as frozen models (DESIGN section 4)."""

from agent.domain.brand.escalation import Escalation, RouteRule, Team
from agent.domain.brand.identity import Identity, LanguagePolicy, Situation, VoiceAttribute
from agent.domain.brand.lexicon import Banned, Competitor, Lexicon, Preferred, Product
from agent.domain.brand.pack import Brand, BrandPack, Exemplar, Statement, StatementKind
from agent.domain.brand.policies import (
    ChannelPolicy,
    CharterRule,
    Claims,
    Crisis,
    CustomIdentifier,
    EmojiPolicy,
    Mechanics,
    Moderation,
    Retention,
    Safety,
    Transparency,
)
from agent.domain.brand.rules import OwnRule, RuleKind

__all__ = [
    "Banned",
    "Brand",
    "BrandPack",
    "ChannelPolicy",
    "CharterRule",
    "Claims",
    "Competitor",
    "Crisis",
    "CustomIdentifier",
    "EmojiPolicy",
    "Escalation",
    "Exemplar",
    "Identity",
    "LanguagePolicy",
    "Lexicon",
    "Mechanics",
    "Moderation",
    "OwnRule",
    "Preferred",
    "Product",
    "Retention",
    "RouteRule",
    "RuleKind",
    "Safety",
    "Situation",
    "Statement",
    "StatementKind",
    "Team",
    "Transparency",
    "VoiceAttribute",
]
