"""The check step: the rubric's deterministic rules and the claim ledger, on any reply."""

from agent.steps.check.rubric import Rubric

__all__ = ["Rubric"]
