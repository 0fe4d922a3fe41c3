"""How a decided text relates to what the agent had proposed."""

from agent.domain.drafts import Draft, Texts
from agent.domain.reviews import Decide, DecisionKind
from agent.services.approval import is_release


def texts_of(command: Decide) -> Texts:
    """Return the texts a decision lets out; blank ones are none."""
    if not is_release(command.kind):
        return None, None
    return _or_none(command.public), _or_none(command.private)


def kind_of(kind: DecisionKind, draft: Draft, texts: Texts) -> DecisionKind:
    """Tell apart approving what was proposed and approving what a person changed."""
    if not is_release(kind):
        return kind
    return DecisionKind.APPROVE if texts in _proposals(draft) else DecisionKind.EDIT


def edit_ratio(draft: Draft, texts: Texts) -> float:
    """Return how much of the nearest proposal is gone: 0 nothing, 1 all of it."""
    from rapidfuzz.distance import Levenshtein

    after = _joined(texts)
    distances = [
        Levenshtein.normalized_distance(_joined(proposal), after) for proposal in _proposals(draft)
    ]
    return round(min(distances), 4)


def _proposals(draft: Draft) -> list[Texts]:
    """The draft; where there is none by default, the candidates a person chooses from.

    With a draft by default, choosing another candidate is a change: the draft was not right.
    """
    default = (_or_none(draft.public), _or_none(draft.private))
    if default != (None, None) or not draft.candidates:
        return [default]
    return [(_or_none(c.public), _or_none(c.private)) for c in draft.candidates]


def _joined(texts: Texts) -> str:
    return "\n".join(text or "" for text in texts)


def _or_none(text: str | None) -> str | None:
    return text if text and text.strip() else None
