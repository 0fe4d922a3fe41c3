"""What the desk's own work suggests for the guide; a person accepts or refuses each."""

from agent.services.learning.service import LearningService
from agent.services.learning.suggestions import Example, Suggestion, SuggestionKind

__all__ = ["Example", "LearningService", "Suggestion", "SuggestionKind"]
