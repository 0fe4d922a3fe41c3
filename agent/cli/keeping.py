"""`portevoix backup` and `restore`: what they say, and how many backups are kept."""

from pathlib import Path

import typer

from agent.adapters.clock import SystemClock
from agent.bootstrap.backups import Restored, restore_backup, take_backup, verify_backup
from agent.cli.console import operator
from agent.domain.backups import BackupManifest
from agent.domain.errors import ConfigurationError
from agent.settings import load_settings

_SIDE = "-"


def back_up(workspace: Path | None, out: str | None, keep: int | None) -> None:
    """Take one backup and say what is in it, on standard error.

    Raises:
        ConfigurationError: `keep` with a file of another name.
    """
    from agent.adapters.backup import rotate

    settings, clock = load_settings(workspace), SystemClock()
    folder = settings.workspace / "backups"
    if out is not None and out != _SIDE and Path(out).is_dir():
        folder, out = Path(out), None
    if keep is not None and out is not None:
        raise ConfigurationError("--keep is for a folder of backups; leave --out away or name one")
    if out is None:
        out = str(folder / f"portevoix-{clock.now():%Y%m%dT%H%M%SZ}.tar.gz")
    manifest = take_backup(settings, clock, out)
    _say(f"{'standard output' if out == _SIDE else out}: {summary(manifest)}")
    for line in manifest.left_out:
        _say(f"not in it: {line}")
    for path in rotate(folder, keep) if keep is not None else ():
        _say(f"{path}: removed, {keep} newer ones are kept")


def verify(path: Path) -> str:
    """Return what an archive holds, once every part of it was compared.

    Raises:
        WorkspaceError: it is damaged or cut short.
    """
    return f"{path}: whole; {summary(verify_backup(path))}"


def restore(path: Path, workspace: Path | None, name: str | None, *, replaces: bool) -> None:
    """Restore one backup and say what a person must do next.

    Raises:
        WorkspaceError: it is damaged, or the workspace is not empty.
    """
    done = restore_backup(path, workspace, SystemClock(), operator(name), replaces=replaces)
    _say(f"Restored: {summary(done.manifest)}")
    for line in _next_steps(done):
        _say(line)


def summary(manifest: BackupManifest) -> str:
    """Return one line on what an archive holds: figures only."""
    head = manifest.audit_head
    return (
        f"taken {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC from {manifest.engine}, schema "
        f"{manifest.revision}, Portevoix {manifest.program}; {manifest.rows} rows, "
        f"{len(manifest.files)} files; audit head {head.seq}:{head.hash}"
    )


def _next_steps(done: Restored) -> list[str]:
    lines = [f"What was there is kept: {place}" for place in done.kept]
    lines += [f"Not in the backup: {line}" for line in done.manifest.left_out]
    lines.append("Posting is frozen on every brand, and every session has ended.")
    if done.in_doubt:
        lines.append(
            f"{done.in_doubt} replies may have left since the backup. Workers look for them on "
            "the network; those they do not find wait for a person to say so, in their items."
        )
    lines.append(
        "Start the workers, let them read the channels, look at the open messages (some may be "
        "answered already), then: portevoix unfreeze"
    )
    return lines


def _say(line: str) -> None:
    typer.echo(line, err=True)
