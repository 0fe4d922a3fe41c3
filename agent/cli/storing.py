"""The part of `doctor` that looks at what is kept: database, indexes, backups, disks."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.bootstrap import Workspace, build_index, open_workspace
from agent.domain.errors import ConfigurationError, PortevoixError
from agent.domain.ids import BrandId
from agent.settings import Settings

_BACKUP_OLD = timedelta(days=7)
_MB, _GB = 10**6, 10**9
_LOW_DISK = 500_000_000
"""Bytes: below this a burst of messages may fill the disk."""


def free_space(folder: Path) -> str:
    """Say what is free on the disk of `folder`.

    Raises:
        PortevoixError: too little for a day of work.
    """
    free = shutil.disk_usage(folder).free
    if free < _LOW_DISK:
        raise PortevoixError(f"{free // _MB} MB free on the disk of {folder}; make room")
    return f"{free // _GB} GB free"


def database_state(settings: Settings) -> str:
    """Say whether the database holds its rules, its audit chain is whole and it has room.

    Raises:
        PortevoixError: one of them is not so.
    """
    space = open_workspace(settings)
    verdict = space.trail.verify_audit()
    if not verdict.is_intact:
        raise PortevoixError(f"the audit chain is broken: {verdict.problem}")
    with space.store.read() as work:
        size = work.census.size()
    told = f"{size / _MB:.1f} MB{_room(settings)}"
    return f"invariants in place, audit chain of {verdict.entries} entries intact, {told}"


def _room(settings: Settings) -> str:
    """Say what is free on the disk of an SQLite file; a server's disk is not seen from here."""
    kind, _, place = settings.store_url.partition(":///")
    if not kind.startswith("sqlite"):
        return ""
    return f", {free_space(Path(place.partition('?')[0]).parent)}"


def database_role(settings: Settings) -> str:
    """Say whether the server itself holds the application to the rules, or our triggers alone."""
    from agent.adapters.store import examine_role

    found = examine_role(settings.store_url)
    if found is None:
        return "SQLite has none; the triggers hold the rules"
    if found.is_superuser or found.owns_tables:
        what = "a superuser" if found.is_superuser else "the owner of the tables"
        return (
            f"WARNING: {found.name} is {what} and could switch the triggers off; give the desk and "
            "the workers a role of their own (docs/many-machines.md)"
        )
    if found.changeable:
        raise PortevoixError(
            f"{found.name} may change what is only ever added to: {', '.join(found.changeable)}; "
            f"run portevoix migrate --grant-to {found.name} as the owner"
        )
    return f"{found.name} owns nothing and may only add to decisions, approved replies and audit"


def search_index(settings: Settings) -> str:
    """Say where vectors are kept, and by whom."""
    from knowledge.index_lock import IndexProblem, owner

    served = build_index(settings, "any")
    if served is not None:
        try:
            return f"Chroma {served.server.version()} at {settings.chroma.url}"
        except IndexProblem as error:
            raise ConfigurationError(str(error)) from None
    folders = sorted((settings.workspace / "index").glob("*/"))
    held = [f"{one.name} by process {owner(one)}" for one in folders if owner(one)]
    return f"embedded, one owner process; {'held: ' + ', '.join(held) if held else 'nobody has it'}"


def index_freshness(space: Workspace, brand_id: BrandId) -> str:
    """Compare an index with its pack; whoever starts to work brings a stale one up to date."""
    from knowledge.index_lock import IndexInUse, IndexProblem
    from knowledge.index_state import index_state

    pack = space.packs[brand_id]
    folder = space.index_folder(pack)
    if not folder.is_dir():
        return "not built yet; a worker or `portevoix index` does"
    try:
        state = index_state(folder, pack.passages)
    except IndexInUse:
        return "in use by a running process, which keeps it up to date"
    except IndexProblem as error:
        raise PortevoixError(str(error)) from None
    if state.is_fresh:
        return f"fresh, {state.fresh} passages"
    return (
        f"stale: {state.missing} passages missing, {state.changed} changed, {state.gone} gone; "
        "a worker or `portevoix index` brings it up to date"
    )


def backups_age(space: Workspace) -> str:
    """Say how old the newest backup is; none at all may be made elsewhere."""
    folder = space.settings.workspace / "backups"
    times = [path.stat().st_mtime for path in folder.glob("*") if not path.name.startswith(".")]
    if not times:
        return "none in this workspace"
    newest = datetime.fromtimestamp(max(times), UTC)
    age = space.clock.now() - newest
    if age > _BACKUP_OLD:
        raise PortevoixError(f"the newest is {age.days} days old ({newest:%Y-%m-%d}); make one")
    return f"{len(times)}, the newest of {newest:%Y-%m-%d %H:%M} UTC"
