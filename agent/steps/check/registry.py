"""Every rule of the rubric, in the rubric's order."""

from agent.steps.check.grounding.rule import RULE as GROUNDEDNESS
from agent.steps.check.rule import Rule

RULES: tuple[Rule, ...] = (GROUNDEDNESS,)
