"""The real `portevoix` command in a child process, and the line files it reads and writes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BRANDS = ROOT / "knowledge" / "brands"
BRAND = next(path.parent for path in sorted(BRANDS.glob("*/inbox")))
INBOX = BRAND / "inbox" / "inbox.jsonl"


def command(*words: str | Path) -> list[str]:
    """Return the arguments of a child process that runs `portevoix` with these words."""
    return [sys.executable, "-c", "from agent.cli import main; main()", *map(str, words)]


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without its own Portevoix settings, plus `given`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PORTEVOIX_")}
    return {**kept, **(given or {})}


def run(
    *words: str | Path,
    code: int = 0,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `portevoix`; the exit code must be `code`, and no error may be a stack trace.

    `before` runs in the child before the command, to take something away from it.
    """
    done = subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        check=False,
        env=environment(env),
        preexec_fn=before,
        timeout=300,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def records(path: Path) -> list[dict[str, Any]]:
    """Return the records of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write(path: Path, rows: Sequence[object]) -> Path:
    """Write rows as JSONL and return the path."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path
