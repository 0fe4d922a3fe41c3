"""What a run is compared with: the verdict and texts of every case, one a line, in the repo."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from agent.domain.base import Frozen
from agent.domain.errors import ConfigurationError
from evals.manifest import Manifest
from evals.outputs import refuse_other_version
from evals.results import CaseRecord

BASELINES = Path(__file__).parent / "baselines"
OFFLINE = BASELINES / "offline.json"
"""The shipped baseline: the full suite with the embedded drafter."""
SCHEMA_VERSION = 1
_MEND = "make a new one: portevoix eval run --save-baseline FILE"


class Baseline(Frozen):
    """A run as it is kept to be compared with."""

    schema_version: int = SCHEMA_VERSION
    manifest: Manifest
    cases: tuple[CaseRecord, ...]


def save_baseline(path: Path, manifest: Manifest, records: Sequence[CaseRecord]) -> None:
    """Write a baseline, one case a line, so that a change of it can be read in a diff."""
    head = {"schema_version": SCHEMA_VERSION, "manifest": manifest.model_dump(mode="json")}
    lines = [
        json.dumps(one.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
        for one in sorted(records, key=lambda record: record.id)
    ]
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(opening + ',\n "cases": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n", "utf-8")


def load_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        ConfigurationError: it is missing, of another schema version, or not what we wrote.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error}); {_MEND}") from None
    data = refuse_other_version(path, text, SCHEMA_VERSION, _MEND)
    try:
        return Baseline.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"{path}: {where}: {first['msg']}; {_MEND}") from None
