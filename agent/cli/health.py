"""`portevoix doctor`: the settings as resolved and the state of every part, each with its mend."""

import json
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typer

from agent.adapters.clock import SystemClock
from agent.bootstrap import (
    build_chat_model,
    build_index,
    load_brand,
    open_workspace,
    prepare_folder,
)
from agent.domain.errors import ConfigurationError, PortevoixError
from agent.domain.models import ModelRole
from agent.domain.work import LetterStatus
from agent.settings import Settings, load_settings, masked, unsafe
from knowledge.addresses import without_credentials

_LIBRARIES = ("streamlit", "chromadb", "presidio-analyzer", "langchain", "sqlalchemy", "dbos")
_ROLES = (ModelRole.DRAFTER, ModelRole.CLASSIFIER, ModelRole.JUDGE)
_LOW_DISK = 500_000_000
"""Bytes: below this a burst of messages may fill the disk."""


@dataclass(frozen=True)
class Part:
    """One part of the installation."""

    name: str
    state: str
    is_in_order: bool = True


@dataclass(frozen=True)
class Health:
    """What `doctor` says."""

    settings: dict[str, Any]
    parts: tuple[Part, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether every part is in order."""
        return all(part.is_in_order for part in self.parts)


def examine(workspace: Path | None) -> Health:
    """Look at every part; a part that fails is reported and the others go on."""
    settings = load_settings(workspace)
    return Health(masked(settings), tuple(_parts(settings)))


def print_report(health: Health, *, as_json: bool) -> None:
    """Print for a person, or as one JSON object."""
    if as_json:
        parts = [asdict(part) for part in health.parts]
        typer.echo(json.dumps({"settings": health.settings, "parts": parts}, indent=1))
        return
    typer.echo(json.dumps(health.settings, indent=1, ensure_ascii=False))
    for part in health.parts:
        typer.echo(f"{'ok  ' if part.is_in_order else 'LOOK'} {part.name}: {part.state}")


def _parts(settings: Settings) -> Iterator[Part]:
    yield Part("versions", _versions())
    yield _try("workspace", partial(_workspace, settings))
    for folder in settings.brands:
        yield _try(f"brand {folder.name}", partial(_brand, settings.resolve(folder)))
    yield _try("sign-in", partial(_sign_in, settings))
    yield _try("retrieval", _thresholds)
    yield _try("search index", partial(search_index, settings))
    for role in _ROLES:
        yield _try(f"model {role.value}", partial(_model, settings, role))
    yield _try("prompts", _prompts)
    if settings.brands:
        yield _try("database", partial(_database, settings))
        yield _try("database role", partial(database_role, settings))
        yield _try("work", partial(_work, settings))
        yield _try("channels", partial(_channels, settings))
        yield _try("notifications", partial(_notifications, settings))


def _try(name: str, look: Callable[[], str]) -> Part:
    try:
        return Part(name, without_credentials(look()))
    except PortevoixError as error:
        return Part(name, without_credentials(str(error)), is_in_order=False)


def _versions() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"portevoix {version('portevoix')}, Python {platform.python_version()}, {libraries}"


def _workspace(settings: Settings) -> str:
    prepare_folder(settings.workspace)
    free = shutil.disk_usage(settings.workspace).free
    if free < _LOW_DISK:
        raise PortevoixError(f"{free // 10**6} MB free on its disk; make room")
    return f"{settings.workspace}, {free // 10**9} GB free"


def _brand(folder: Path) -> str:
    pack = load_brand(folder)
    return f"{len(pack.passages)} passages, guideline version {pack.version[:12]}"


def _sign_in(settings: Settings) -> str:
    """Say who may sign in and from where; what is unsafe is refused when the desk starts, too."""
    given, desk = settings.sign_in, settings.desk
    ways = ["console link"]
    ways += ["local accounts"] if given.local else []
    ways += [f"OpenID at {given.oidc.issuer}"] if given.oidc else []
    problems = unsafe(desk.host, settings)
    if problems:
        raise ConfigurationError("; ".join(problems))
    reach = desk.public_url or ("https" if desk.has_tls else "http, loopback only")
    return f"{', '.join(ways)}; reached by {reach}"


def _thresholds() -> str:
    from knowledge.model import shipped_model

    model = shipped_model()
    bands, bare = model.bands, model.limits(has_intents=False)
    return (
        f"one draft from {bands.high:.2f} ({bare.high:.2f} for a FAQ with one or two wordings an "
        f"entry), candidates from {bands.middle:.2f}; "
        f"chosen for {bands.stated_error:.0%} wrong among the answered"
    )


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


def _model(settings: Settings, role: ModelRole) -> str:
    """Say which model is set; a client is made, and nothing is sent."""
    model = build_chat_model(settings, role, SystemClock())
    return "not set: works without" if model is None else f"{model.name}, not called here"


def _prompts() -> str:
    from prompts.library import FOLDER, PromptProblem, shipped
    from prompts.lock import problems

    try:
        found = problems(shipped(), FOLDER)
    except PromptProblem as error:
        raise ConfigurationError(str(error)) from None
    if found:
        raise ConfigurationError("; ".join(found))
    return ", ".join(f"{prompt.id} {prompt.version}" for prompt in shipped().prompts)


def _database(settings: Settings) -> str:
    trail = open_workspace(settings).trail
    verdict = trail.verify_audit()
    if not verdict.is_intact:
        raise PortevoixError(f"the audit chain is broken: {verdict.problem}")
    return f"invariants in place, audit chain of {verdict.entries} entries intact"


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


def _work(settings: Settings) -> str:
    """Say who works, what was given up and what is frozen; a freeze is a choice, not a fault."""
    space = open_workspace(settings)
    alive_since = space.clock.now() - timedelta(seconds=settings.work.dead_after_seconds)
    with space.store.read() as work:
        alive = sum(worker.beat_at >= alive_since for worker in work.workers.all())
        dead = work.letters.count(LetterStatus.DEAD)
        frozen = [one.scope for one in work.freezes.on()]
    if dead:
        raise PortevoixError(f"jobs given up: {dead}; portevoix jobs dead lists them")
    stopped = f"; posting is frozen on {', '.join(frozen)}" if frozen else ""
    return f"workers alive: {alive}; no job given up{stopped}"


def _channels(settings: Settings) -> str:
    space = open_workspace(settings)
    with space.store.read() as work:
        shut = [one for one in work.breakers.all() if one.has_tripped]
    if shut:
        lines = (
            f"{one.channel_instance} ({one.direction.value}) is left alone until "
            f"{one.retry_at:%H:%M:%S} UTC after {one.failures} failures: {one.problem}"
            for one in shut
        )
        raise PortevoixError("; ".join(lines))
    return f"{', '.join(sorted(space.channels)) or 'none'}; none is left alone"


def _notifications(settings: Settings) -> str:
    from agent.cli.notifying import state

    return state(settings)
