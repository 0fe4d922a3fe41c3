"""The part of `doctor` that looks outside: channels, models and clocks. Nothing is ever posted."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from agent.adapters.reach import knock
from agent.bootstrap import Workspace
from agent.domain.connections import AnyConnection, LocalConnection, WebhookConnection
from agent.domain.errors import PortevoixError
from agent.domain.models import ModelRole
from agent.domain.work import Direction
from agent.settings import Settings

_OPENAI = "https://api.openai.com/v1"
_AT_ONCE = 8
SKEW_SECONDS = 5.0
"""More between two clocks, and leases and heartbeats mislead."""


def channel_state(space: Workspace, name: str) -> str:
    """Read the channel once with its credentials, as a worker would, and keep nothing of it.

    Raises:
        PortevoixError: it cannot be read, or it is left alone after failures.
    """
    with space.store.read() as work:
        cursor = work.inbox.cursor(name)
        breakers = [work.breakers.get(name, direction) for direction in Direction]
    for one in breakers:
        if one is not None and one.has_tripped and one.retry_at is not None:
            raise PortevoixError(
                f"left alone ({one.direction.value}) until {one.retry_at:%H:%M:%S} UTC after "
                f"{one.failures} failures: {one.problem}"
            )
    page = space.channels[name].fetch(cursor)
    if page.problems:
        raise PortevoixError("; ".join(page.problems))
    given = space.settings.channels[name]
    more = "+" if page.has_more else ""
    return f"{_read(given, len(page.messages), more)}; {_write(given)}"


def _read(given: AnyConnection, found: int, more: str) -> str:
    if isinstance(given, WebhookConnection) and given.read_url is None:
        return "messages are pushed to `portevoix webhooks`: nothing to read"
    return f"read with its credentials, {found}{more} messages after the cursor"


def _write(given: AnyConnection) -> str:
    if given.is_by_hand:
        return "replies are posted by hand"
    if isinstance(given, LocalConnection):
        return "replies stay on this machine"
    return "whether a reply is allowed shows before each one"


def model_state(settings: Settings, role: ModelRole, name: str) -> str:
    """Knock at a model's endpoint with its key; no tokens are spent.

    Raises:
        PortevoixError: it does not answer, or refuses the key.
    """
    address = _model_address(settings, role)
    if address is None:
        return f"{name}, not called: its provider's own client knows the address"
    answer = knock(f"{address[0].rstrip('/')}/models", address[1])
    if answer.is_refusal:
        raise PortevoixError(
            f"{name}: {address[0]} refuses the key ({answer.status}); set models.{role.value}"
            ".api_key"
        )
    return f"{name}, {address[0]} answers"


def _model_address(settings: Settings, role: ModelRole) -> tuple[str, str] | None:
    given = getattr(settings.models, role.value)
    key = given.api_key.get_secret_value()
    if given.base_url:
        return given.base_url, key
    return (_OPENAI, key) if getattr(given, "provider", "") == "openai" else None


def clock_state(space: Workspace, *, is_offline: bool) -> str:
    """Compare this machine's clock with the database server's and with those of other servers.

    Raises:
        PortevoixError: one is more than a few seconds away.
    """
    skews = dict(_skews(space, is_offline=is_offline))
    said = ", ".join(f"{name} {skew:+.1f} s" for name, skew in skews.items())
    if any(abs(skew) > SKEW_SECONDS for skew in skews.values()):
        raise PortevoixError(
            f"clocks differ: {said}; run a time service (NTP) on every machine: leases and "
            "heartbeats are compared"
        )
    return said or "nothing to compare with: one machine"


def _skews(space: Workspace, *, is_offline: bool) -> Iterator[tuple[str, float]]:
    with space.store.read() as work:
        there = work.census.now()
    if there is not None:
        yield "database", (there - space.clock.now()).total_seconds()
    if is_offline:
        return
    addresses = dict(_addresses(space.settings))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        times = pool.map(_time, addresses.values())
        for name, at in zip(addresses, times, strict=True):
            if at is not None:
                skew = (at - space.clock.now()).total_seconds()
                # The header is cut to whole seconds.
                yield name, skew if abs(skew) > 1 else 0.0


def _addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    for name, given in settings.channels.items():
        for field in ("homeserver", "server", "base_url", "read_url"):
            if address := getattr(given, field, None):
                yield f"channel {name}", str(address)
    for role in ModelRole:
        if getattr(settings.models, role.value, None) and (
            address := _model_address(settings, role)
        ):
            yield f"model {role.value}", address[0]


def _time(url: str) -> datetime | None:
    try:
        return knock(url).at
    except PortevoixError:
        # Its own part says so.
        return None
