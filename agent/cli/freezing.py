"""`portevoix freeze` and `unfreeze`, by the person at the console."""

from pathlib import Path

from agent.bootstrap import open_workspace
from agent.cli.console import operator
from agent.domain.errors import ConfigurationError
from agent.domain.people import EVERY_BRAND
from agent.services.freezing import FreezeService
from agent.settings import load_settings


def switch(
    workspace: Path | None, brand: str | None, reason: str, name: str | None, *, is_on: bool
) -> str:
    """Stop posting or let it go on; return what to say.

    Raises:
        ConfigurationError: no such brand.
    """
    space = open_workspace(load_settings(workspace))
    if brand is not None and brand not in space.packs:
        known = ", ".join(sorted(space.packs))
        raise ConfigurationError(f"no brand {brand!r} in this workspace; there is: {known}")
    where = brand or "every brand"
    service, scope, by = (
        FreezeService(space.store, space.clock),
        brand or EVERY_BRAND,
        operator(name),
    )
    if is_on:
        is_changed = service.freeze(scope, by, reason)
        return f"Posting is {'now' if is_changed else 'already'} frozen on {where}."
    is_changed = service.unfreeze(scope, by, reason)
    rest = [one.scope for one in service.standing()]
    still = f" Still frozen: {', '.join(rest)}." if rest else ""
    return f"Posting {'goes on' if is_changed else 'was not frozen'} on {where}.{still}"
