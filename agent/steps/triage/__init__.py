"""Step two: what a message is about, how serious it is, and where the brand's matrix sends it."""

from agent.steps.triage.modelled import ModelClassifier
from agent.steps.triage.triager import Triager

__all__ = ["ModelClassifier", "Triager"]
