"""Runs of the shipped gate cases, on the sample brand as shipped or with a defect planted."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.bootstrap import load_brand
from agent.domain.brand import BrandPack
from evals.cases import Case, Criterion
from evals.loading import shipped_cases
from evals.manifest import manifest_of
from evals.record import Setup, record
from evals.report.model import Report
from evals.run import SAMPLE_BRAND, report_of, scored

AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
Edits = dict[str, tuple[str, str]]
"""File of the pack -> what is replaced there, and by what."""


@pytest.fixture(scope="session")
def pack() -> BrandPack:
    return load_brand(SAMPLE_BRAND)


@pytest.fixture(scope="session")
def gates() -> tuple[Case, ...]:
    return tuple(case for case in shipped_cases() if case.is_gate)


def run_cases(cases: tuple[Case, ...], setup: Setup) -> Report:
    """Record in this process, so that a patched function is the one that runs, and report."""
    found = scored(cases, tuple(record(cases, setup, workers=1)))
    return report_of(cases, found, manifest_of(cases, setup.packs, AT))


@pytest.fixture
def planted(tmp_path: Path, pack: BrandPack, gates: tuple[Case, ...]) -> Callable[..., Report]:
    """Return the report of the gate cases of some criteria, with the pack or prompts edited."""

    def run(
        *criteria: Criterion, edits: Edits | None = None, prompts: Path | None = None
    ) -> Report:
        # A case with knowledge of its own builds a retriever of its own; none of them is needed.
        cases = tuple(c for c in gates if c.criterion in criteria and c.given.is_empty)
        setup = Setup({"verjolaine": edited(tmp_path, edits) if edits else pack})
        return run_cases(cases, replace(setup, prompts=prompts) if prompts else setup)

    return run


def edited(tmp_path: Path, edits: Edits) -> BrandPack:
    """Return the sample brand with its files edited; an edit that finds nothing is an error."""
    folder = tmp_path / "brand"
    shutil.copytree(SAMPLE_BRAND, folder)
    for name, (old, new) in edits.items():
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} does not hold what the plant replaces"
        path.write_text(text.replace(old, new), "utf-8")
    return load_brand(folder)
