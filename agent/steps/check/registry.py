"""Every rule of the rubric, in the rubric's order."""

from agent.steps.check.grounding.rule import RULE as GROUNDEDNESS
from agent.steps.check.rule import Rule
from agent.steps.check.tone import (
    blame,
    empathy,
    inclusive,
    language,
    marks,
    measure,
    opening,
    register,
    typography,
)

TONE = (
    register.RULE,
    empathy.EMPATHY,
    empathy.WARMTH,
    empathy.SARCASM,
    blame.BLAME,
    blame.NON_APOLOGY,
    marks.EMOJI,
    marks.EXCLAMATION,
    marks.CAPITALS,
    measure.READABILITY,
    opening.OPENING,
    inclusive.RULE,
    language.LANGUAGE,
    language.DUPLICATE,
    opening.ASSUMPTION,
    measure.LENGTH,
    typography.RULE,
)
RULES: tuple[Rule, ...] = (*TONE, GROUNDEDNESS)
