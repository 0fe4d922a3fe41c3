"""The scorers: the agent's own checks and typed fields, one file a family."""

from evals.scorers.base import Exhibit, Scorer
from evals.scorers.knowledge import answerable, band, cites
from evals.scorers.model import drafter, prompt
from evals.scorers.rubric import autofail, citations, completed, ledger, network, register, rules
from evals.scorers.texts import must_not_say, must_say, redaction, statement, surfaces
from evals.scorers.triage import fields
from evals.scorers.variants import variants

SCORERS: tuple[Scorer, ...] = (
    completed,
    fields,
    band,
    answerable,
    cites,
    surfaces,
    statement,
    must_say,
    must_not_say,
    redaction,
    register,
    autofail,
    ledger,
    citations,
    network,
    rules,
    drafter,
    prompt,
    variants,
)
"""Every scorer, in the order of a report."""

__all__ = ["SCORERS", "Exhibit", "Scorer"]
