"""`portevoix doctor`: the settings as resolved and the state of every part, each with its mend."""

import json
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typer

from agent.adapters.clock import SystemClock
from agent.bootstrap import (
    Workspace,
    build_chat_model,
    build_vitals,
    load_brand,
    open_workspace,
    prepare_folder,
)
from agent.cli.reaching import channel_state, clock_state, model_state
from agent.cli.storing import (
    backups_age,
    database_role,
    database_state,
    free_space,
    index_freshness,
    search_index,
)
from agent.domain.channels import PostStatus
from agent.domain.errors import ConfigurationError, PortevoixError
from agent.domain.models import ModelRole
from agent.settings import Settings, load_settings, masked, unsafe
from knowledge.addresses import without_credentials

_LIBRARIES = ("streamlit", "chromadb", "presidio-analyzer", "langchain", "sqlalchemy", "dbos")
_ROLES = (ModelRole.DRAFTER, ModelRole.CLASSIFIER, ModelRole.JUDGE, ModelRole.EMBEDDER)
_AT_ONCE = 8


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


def examine(workspace: Path | None, *, is_offline: bool = False) -> Health:
    """Look at every part; a part that fails is reported and the others go on."""
    settings = load_settings(workspace)
    return Health(masked(settings), tuple(_parts(settings, is_offline)))


def print_report(health: Health, *, as_json: bool) -> None:
    """Print for a person, or as one JSON object."""
    if as_json:
        parts = [asdict(part) for part in health.parts]
        told = {"is_in_order": health.is_healthy, "settings": health.settings, "parts": parts}
        typer.echo(json.dumps(told, indent=1))
        return
    typer.echo(json.dumps(health.settings, indent=1, ensure_ascii=False))
    for part in health.parts:
        typer.echo(f"{'ok  ' if part.is_in_order else 'LOOK'} {part.name}: {part.state}")


def _parts(settings: Settings, is_offline: bool) -> Iterator[Part]:
    yield Part("versions", _versions())
    yield _try("workspace", partial(_workspace, settings))
    for folder in settings.brands:
        yield _try(f"brand {folder.name}", partial(_brand, settings.resolve(folder)))
    yield _try("sign-in", partial(_sign_in, settings))
    yield _try("retrieval", _thresholds)
    yield _try("search index", partial(search_index, settings))
    for role in _ROLES:
        yield _try(f"model {role.value}", partial(_model, settings, role, is_offline))
    yield _try("prompts", _prompts)
    if settings.brands:
        yield from _running(settings, is_offline)
        yield _try("notifications", partial(_notifications, settings))


def _running(settings: Settings, is_offline: bool) -> Iterator[Part]:
    """Look at what a running installation has; without its database, at nothing more."""
    database = _try("database", partial(database_state, settings))
    yield database
    if not database.is_in_order:
        return
    space = open_workspace(settings)
    yield _try("database role", partial(database_role, settings))
    yield _try("work", partial(_work, space))
    if not settings.chroma.url:
        for brand_id in space.packs:
            yield _try(f"index {brand_id}", partial(index_freshness, space, brand_id))
    yield _try("backups", partial(backups_age, space))
    yield _try("clock", partial(clock_state, space, is_offline=is_offline))
    if is_offline:
        yield Part("channels", f"{', '.join(sorted(space.channels)) or 'none'}; not called")
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        looks = {f"channel {n}": partial(channel_state, space, n) for n in sorted(space.channels)}
        yield from pool.map(_try, looks.keys(), looks.values())


def _try(name: str, look: Callable[[], str]) -> Part:
    try:
        return Part(name, without_credentials(look()))
    except PortevoixError as error:
        return Part(name, without_credentials(str(error)), is_in_order=False)
    except Exception as error:
        # A library's own words may quote anything.
        return Part(name, f"a defect ({type(error).__name__})", is_in_order=False)


def _versions() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"portevoix {version('portevoix')}, Python {platform.python_version()}, {libraries}"


def _workspace(settings: Settings) -> str:
    prepare_folder(settings.workspace)
    return f"{settings.workspace}, {free_space(settings.workspace)}"


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


def _model(settings: Settings, role: ModelRole, is_offline: bool) -> str:
    """Say which model is set and whether its server answers; no word is sent to it."""
    given = getattr(settings.models, role.value)
    if given is None:
        return "not set: works without"
    if role is not ModelRole.EMBEDDER:
        build_chat_model(settings, role, SystemClock())
    if is_offline:
        return f"{given.model}, not called"
    return model_state(settings, role, given.model)


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


def _work(space: Workspace) -> str:
    """Say who works, what was given up and what is frozen; a freeze is a choice, not a fault."""
    vitals = build_vitals(space).look()
    dead = sum(vitals.dead_letters.values())
    if dead:
        raise PortevoixError(f"jobs given up: {dead}; portevoix jobs dead lists them")
    waiting = sum(one.undrafted for one in vitals.brands) + vitals.posts[PostStatus.READY]
    if vitals.workers_silent and not vitals.workers_alive and waiting:
        raise PortevoixError(
            f"no worker is alive, and {waiting} messages or replies wait; start `portevoix work`"
        )
    unknown = vitals.posts[PostStatus.UNKNOWN]
    told = [f"workers alive: {vitals.workers_alive}", "no job given up"]
    told += [f"replies whose outcome is unknown: {unknown}"] if unknown else []
    told += [f"posting is frozen on {', '.join(sorted(vitals.frozen))}"] if vitals.frozen else []
    told += [
        f"{one.brand_id}: {one.undrafted} messages wait to be drafted"
        for one in vitals.brands
        if one.undrafted
    ]
    return "; ".join(told)


def _notifications(settings: Settings) -> str:
    from agent.cli.notifying import state

    return state(settings)
