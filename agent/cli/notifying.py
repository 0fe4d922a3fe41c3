"""`portevoix notify`: who is told of escalations and alerts, and whether messages arrive."""

from collections.abc import Iterator
from pathlib import Path

import typer

from agent.bootstrap import open_workspace
from agent.domain.destinations import AnyDestination, EmailDestination, split_address
from agent.domain.errors import ConfigurationError, PortevoixError
from agent.settings import Settings, load_settings


def destinations(workspace: Path | None) -> Iterator[str]:
    """Say each destination, its secrets left out."""
    given = load_settings(workspace).notify.destinations
    if not given:
        yield "No destination is set; add [notify.destinations.NAME] to portevoix.toml."
    for name, one in given.items():
        yield f"{name}: {described(one)}"


def described(given: AnyDestination) -> str:
    """Say where a destination leads; of a mail address its domain, of a webhook nothing."""
    if isinstance(given, EmailDestination):
        to = ", ".join(f"…@{one.rpartition('@')[2]}" for one in given.to)
        where = f"e-mail to {to} through {given.smtp_host}"
    elif given.webhook_url is not None:
        where = "Slack, by an incoming webhook"
    else:
        where = f"Slack, by a bot, in {given.channel}"
    brands = f"; brands {', '.join(given.brands)}" if given.brands else ""
    teams = f"; teams {', '.join(given.teams)}" if given.teams else ""
    only = "" if given.is_default else "; only what a team sends there"
    return f"{where}{brands}{teams}{only}"


def send_tests(workspace: Path | None, to: str | None) -> int:
    """Send a test message to each destination, or to one; return 1 if one did not arrive."""
    space = open_workspace(load_settings(workspace))
    names = [to] if to else list(space.settings.notify.destinations)
    if not names:
        raise ConfigurationError("no destination is set: see docs/notifications.md")
    failures = 0
    for name in names:
        try:
            space.notify.test(name)
        except PortevoixError as error:
            failures += 1
            typer.echo(f"{name}: {error}", err=True)
        else:
            typer.echo(f"{name}: sent")
    return int(failures > 0)


def retry_notices(workspace: Path | None) -> str:
    """Let what was given up be tried again; say how much."""
    count = open_workspace(load_settings(workspace)).notify.revive()
    return f"notifications that a worker tries again: {count}"


def state(settings: Settings) -> str:
    """Say who is told, for `doctor`.

    Raises:
        PortevoixError: a team names a destination that is not set, or messages were given up.
    """
    given = settings.notify.destinations
    space = open_workspace(settings)
    unknown = sorted(
        f"{team.id} of {brand_id}: {split_address(address)[0]}"
        for brand_id, pack in space.packs.items()
        for team in pack.policy.escalation.teams
        for address in team.notify
        if split_address(address)[0] not in given
    )
    if unknown:
        raise ConfigurationError(
            f"teams that notify a destination that is not set: {'; '.join(unknown)}; add it to"
            " [notify.destinations], or mend brand.yaml"
        )
    with space.store.read() as work:
        dead = work.notices.dead()
    if dead:
        # The target may be a person's mail address: the destination's name is enough.
        lines = (f"{split_address(to)[0]}: {n} given up: {said}" for to, said, n in dead)
        raise PortevoixError(f"{'; '.join(lines)}; mend it, then portevoix notify --retry")
    listed = "; ".join(f"{name}: {described(one)}" for name, one in given.items())
    return listed or "nobody is told: no destination is set"
