"""Run the benchmarks of judgement and write what they print into `docs/model-card.md`.

    .venv/bin/python benchmarks/model_card.py [--only NAME …]     (or: make card)

Each section is one command and its output as printed, so that whoever doubts a figure can run the
same line. Nothing is asserted and nothing is rounded again. With `--only`, the other sections keep
the figures that the card already has.
"""

import argparse
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from knowledge.model import shipped_model

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "docs" / "model-card.md"
NOTES = ROOT / "docs" / "model-card-notes.md"
LIBRARIES = ("numpy", "scikit-learn", "presidio-analyzer", "chromadb", "phonenumbers")


class Section(NamedTuple):
    """One benchmark of the card."""

    name: str
    title: str
    command: tuple[str, ...]


SECTIONS = (
    Section("retrieval", "Retrieval and answerability", ("benchmarks/retrieval.py",)),
    Section("triage", "Triage", ("benchmarks/triage.py",)),
    Section("redaction", "Redaction", ("benchmarks/redaction.py",)),
    Section("checks", "Rubric checks", ("-m", "benchmarks.checks")),
    Section("search", "Search latency", ("benchmarks/search.py",)),
    Section("pipeline", "Whole pipeline", ("benchmarks/pipeline.py",)),
)


def main() -> None:
    """Write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [section.name for section in SECTIONS]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    wanted = parser.parse_args().only
    known = _known()
    printed = {s.name: _run(s) if s.name in wanted else known.get(s.name, "") for s in SECTIONS}
    CARD.write_text(card(printed), encoding="utf-8")
    print(f"{CARD.relative_to(ROOT)} written")


def _known() -> dict[str, str]:
    """Return the outputs that the card has now, by section."""
    if not CARD.exists():
        return {}
    found = re.findall(r"<!-- (\w+) -->\n.*?```text\n(.*?)```", CARD.read_text("utf-8"), re.DOTALL)
    return dict(found)


def _run(section: Section) -> str:
    """Return what a benchmark printed.

    Raises:
        SystemExit: it failed; its last words are shown.
    """
    print(f"running {' '.join(section.command)} …", flush=True)
    done = subprocess.run(
        [sys.executable, *section.command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{section.name} failed:\n{done.stderr[-2000:]}")
    return done.stdout.strip() + "\n"


def card(printed: dict[str, str]) -> str:
    """Return the card with the output of each section."""
    bodies = [_body(section, printed[section.name]) for section in SECTIONS]
    return "\n".join([_head(), *bodies, NOTES.read_text("utf-8")])


def _head() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"""# Model card

Written by `make card` on {datetime.now(UTC):%Y-%m-%d}, commit `{_commit()}`, with Python
{platform.python_version()} on {platform.machine()}; {libraries}. Development splits were looked
at while building; test splits were only measured. Brackets hold 95 % intervals.

What was learned ships as two small files: `knowledge/weights/ranker.json` (ranking and
answerability) and the weights of `agent/steps/triage/data/`. No language model is involved.

```text
{shipped_model().record.summary()}
```
"""


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _body(section: Section, output: str) -> str:
    shown = " ".join(("python", *section.command))
    return f"""## {section.title}

<!-- {section.name} -->
`{shown}`

```text
{output}```
"""


if __name__ == "__main__":
    main()
