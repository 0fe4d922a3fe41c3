"""Who wrote the draft, and what the model that wrote it was sent."""

from collections.abc import Iterator

from evals.results import Score
from evals.scorers.base import Exhibit, does_not_apply, listed, told


def drafter(exhibit: Exhibit) -> Iterator[Score]:
    """Score who wrote the draft: the embedded drafter, a chat model, or nobody."""
    observed, wanted = exhibit.observed, exhibit.case.expected.drafter
    if observed is not None and wanted is not None:
        found = observed.draft.drafter.partition(":")[0]
        yield told("drafter", "" if found == wanted else f"expected {wanted}, got {found}")


def prompt(exhibit: Exhibit) -> Iterator[Score]:
    """Score what every prompt must hold and none may; a reason never quotes what must be masked."""
    given = exhibit.case.model
    if given is None or not (given.prompt_holds or given.prompt_lacks):
        return
    sent = exhibit.output.prompts
    if not sent:
        yield does_not_apply("prompt", "no prompt was sent")
        return
    missing = [f"« {text} »" for text in given.prompt_holds if any(text not in one for one in sent)]
    shown = sum(any(text in one for one in sent) for text in given.prompt_lacks)
    problems = [
        f"not in the prompt: {listed(missing)}" if missing else "",
        f"{shown} of {len(given.prompt_lacks)} unwanted strings in the prompt" if shown else "",
    ]
    yield told("prompt", "; ".join(filter(None, problems)), is_autofail=True)
