"""Keeps `prompts.lock` true: every prompt's version and hash, so that none changes unsaid.

    python -m prompts.lock          refuse a prompt that changed without a new version
    python -m prompts.lock --write  write the lock, after the same check

A changed prompt gets a new version and a line in `prompts/CHANGELOG.md`.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from prompts.library import FOLDER, Prompt, PromptLibrary, PromptProblem

LOCK = "prompts.lock"
CHANGELOG = "CHANGELOG.md"

Entry = dict[str, str]


def read_lock(folder: Path = FOLDER) -> Mapping[str, Entry]:
    """Return what is locked: id -> `version` and `sha256`. No file: nothing is.

    Raises:
        PromptProblem: the file is not JSON.
    """
    path = folder / LOCK
    if not path.exists():
        return {}
    try:
        locked: Mapping[str, Entry] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise PromptProblem(f"{LOCK}: {error}; restore it from git") from None
    return locked


def problems(library: PromptLibrary, folder: Path = FOLDER) -> tuple[str, ...]:
    """Return what the lock and the changelog do not know, one sentence each."""
    locked = read_lock(folder)
    gone = sorted(set(locked) - {prompt.id for prompt in library.prompts})
    found = [f"{prompt_id}: locked, and its file is gone" for prompt_id in gone]
    for prompt in library.prompts:
        found += _problems_of(prompt, locked.get(prompt.id), folder)
    return tuple(found)


def lock_text(library: PromptLibrary) -> str:
    """Return the lock of these prompts, as it is written."""
    entries = {
        prompt.id: {"version": prompt.version, "sha256": prompt.sha256}
        for prompt in library.prompts
    }
    return json.dumps(entries, indent=2, sort_keys=True) + "\n"


def write_lock(folder: Path = FOLDER) -> None:
    """Write the lock of `folder`.

    Raises:
        PromptProblem: a prompt changed and its version did not.
    """
    library = PromptLibrary(folder)
    locked = read_lock(folder)
    for prompt in library.prompts:
        known = locked.get(prompt.id)
        if known and known["version"] == prompt.version and known["sha256"] != prompt.sha256:
            raise PromptProblem(
                f"{prompt.id}: it changed; raise its version above {prompt.version}"
            )
    (folder / LOCK).write_text(lock_text(library), "utf-8")


def _problems_of(prompt: Prompt, known: Entry | None, folder: Path) -> list[str]:
    if known is None:
        return [f"{prompt.id}: not locked; run python -m prompts.lock --write"]
    found = []
    if known["sha256"] != prompt.sha256 and known["version"] == prompt.version:
        found.append(f"{prompt.id}: it changed; raise its version above {prompt.version}")
    elif known != {"version": prompt.version, "sha256": prompt.sha256}:
        found.append(f"{prompt.id}: the lock is old; run python -m prompts.lock --write")
    if f"{prompt.id} {prompt.version}" not in _changelog(folder):
        found.append(f"{prompt.id} {prompt.version}: say what changed in prompts/{CHANGELOG}")
    return found


def _changelog(folder: Path) -> str:
    path = folder / CHANGELOG
    return path.read_text("utf-8") if path.exists() else ""


def main(arguments: list[str]) -> int:
    """Check the lock, or write it; return the exit code."""
    try:
        if "--write" in arguments:
            write_lock()
        found = problems(PromptLibrary())
    except PromptProblem as error:
        found = (str(error),)
    for line in found:
        sys.stderr.write(line + "\n")
    return 2 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
