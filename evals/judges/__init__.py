"""Judges: one binary question each, asked of a chat model; advisory until people's labels agree."""

from evals.judges.judge import Judge, Judgement
from evals.judges.questions import JudgedText, Question, Trait

__all__ = ["Judge", "JudgedText", "Judgement", "Question", "Trait"]
