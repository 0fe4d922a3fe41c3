"""Typed identifiers. They are strings at run time and distinct to the type checker."""

from typing import NewType

BrandId = NewType("BrandId", str)
MessageId = NewType("MessageId", str)
ItemId = NewType("ItemId", str)
DecisionId = NewType("DecisionId", str)
OutboxId = NewType("OutboxId", str)
PostId = NewType("PostId", str)
PersonId = NewType("PersonId", str)
TeamId = NewType("TeamId", str)
ReplyId = NewType("ReplyId", str)
"""A saved reply's."""
GuidelineVersion = NewType("GuidelineVersion", str)
"""The content hash of a brand pack: 64 hex digits."""
