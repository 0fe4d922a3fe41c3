"""The runs a workspace keeps: listed, read, taken in from elsewhere."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from agent.domain.base import sha256_of
from agent.domain.errors import ConfigurationError
from evals.calibration import Calibration, load_calibration
from evals.jobs import RUNS
from evals.report.model import Report, from_json, to_json

REPORT = "report.json"
CALIBRATION = "calibration.json"
"""What `portevoix eval calibrate --out` kept, if it was put there."""


class Run(NamedTuple):
    """One scored run and the name of its folder."""

    name: str
    report: Report

    @property
    def label(self) -> str:
        """When it ran and what of: enough to choose it from a list."""
        manifest = self.report.manifest
        return f"{manifest.created_at:%Y-%m-%d %H:%M} · {manifest.suite} · {manifest.cases}"


def run_folders(workspace: Path) -> tuple[Path, ...]:
    """Return the folders that hold a scored run."""
    folder = workspace / RUNS
    found = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(one for one in found if (one / REPORT).is_file()))


def read_run(folder: Path) -> Run:
    """Return one run.

    Raises:
        ConfigurationError: its report is not what we wrote.
    """
    return Run(folder.name, from_json(folder / REPORT))


def is_of(run: Run, brands: Collection[str]) -> bool:
    """Whether every brand of a run is among `brands`: a person sees the cases of theirs only."""
    return set(run.report.manifest.brands) <= set(brands)


def take_in(workspace: Path, data: bytes) -> Run:
    """Keep a report that was made elsewhere; the same one twice is kept once.

    Raises:
        ConfigurationError: it is not a report of ours, or the folder cannot be written.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError("the file is no text in UTF-8; give a report.json") from None
    folder = workspace / RUNS / f"uploaded-{sha256_of(text)[:12]}"
    # Read where nobody lists it: what is no report must never stand among the runs.
    part = folder / f"{REPORT}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text(text, "utf-8")
        report = from_json(part)
        part.write_text(to_json(report), "utf-8")
        part.replace(folder / REPORT)
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be written ({error.strerror})") from None
    finally:
        part.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
    return Run(folder.name, report)


def calibration_of(workspace: Path) -> Calibration | None:
    """Return how far judges agree with people, or None: nobody has measured it here."""
    try:
        return load_calibration(workspace / RUNS / CALIBRATION)
    except ConfigurationError:
        return None
