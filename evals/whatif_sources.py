"""Where a what-if takes its two packs, its past items and its cases from."""

from collections.abc import Sequence
from pathlib import Path

from agent.bootstrap import Workspace, load_brand, open_workspace
from agent.domain.brand import BrandPack
from agent.domain.errors import ConfigurationError
from agent.domain.ids import BrandId
from agent.settings import load_settings
from evals.cases import Suite
from evals.run import SAMPLE_BRAND, plan_of
from evals.whatif import Question, past_items


def question_of(
    changed: Path,
    workspace: Path | None,
    current: Path | None,
    last: int,
    suite: str,
    places: Sequence[Path] = (),
) -> Question:
    """Return the question: the changed pack against the workspace's, or against `current`.

    Raises:
        ConfigurationError: a pack does not load, or there is no current pack of that brand.
    """
    pack = load_brand(changed)
    brand = pack.policy.brand.id
    plan = plan_of([changed], places, Suite(suite))
    if current is not None:
        return Question(load_brand(current), pack, plan)
    settings = load_settings(workspace)
    if workspace is None and not settings.brands and brand == SAMPLE_BRAND.name:
        return Question(load_brand(SAMPLE_BRAND), pack, plan)
    opened = open_workspace(settings)
    try:
        past = past_items(opened, brand, last)
        return Question(_current(opened, brand), pack, plan, past)
    finally:
        opened.store.close()


def _current(workspace: Workspace, brand: str) -> BrandPack:
    found = workspace.packs.get(BrandId(brand))
    if found is None:
        known = ", ".join(sorted(workspace.packs))
        raise ConfigurationError(
            f"{workspace.settings.workspace}: has no brand `{brand}`, only {known}; "
            "name its current pack with --current DIR"
        )
    return found
