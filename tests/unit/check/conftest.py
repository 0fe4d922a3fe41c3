"""The example brand on which the rules' own examples are written."""

from pathlib import Path

import pytest
import yaml

from agent.domain.brand import BrandPack
from agent.steps.check import Rubric

BRAND = Path(__file__).parents[3] / "evals" / "data" / "checks" / "brand.yaml"


@pytest.fixture(scope="session")
def pack() -> BrandPack:
    """The pack of the fictional biscuit maker."""
    return BrandPack.model_validate(yaml.safe_load(BRAND.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def rubric(pack: BrandPack) -> Rubric:
    """The rubric on that pack."""
    return Rubric(pack)
