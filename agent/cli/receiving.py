"""`portevoix webhooks`: takes signed events in, on this machine only."""

from functools import partial
from pathlib import Path

import typer

from agent.adapters.channels.webhooks.receiver import Hook, MetaHook, SignedHook, build_app
from agent.bootstrap import Workspace, keep_journal, open_workspace
from agent.bootstrap.journal import take_over_logs
from agent.domain.connections import MetaConnection, WebhookConnection
from agent.domain.errors import ConfigurationError
from agent.settings import load_settings

HOST = "127.0.0.1"
_AT_ONCE = 64
"""Connections; more wait at the reverse proxy."""


def serve_webhooks(workspace: Path | None, port: int) -> None:
    """Serve until a stop signal.

    Raises:
        ConfigurationError: no channel of this workspace takes webhooks.
    """
    import uvicorn

    settings = load_settings(workspace)
    keep_journal(settings, "webhooks")
    hooks = hooks_of(open_workspace(settings))
    if not hooks:
        raise ConfigurationError(
            'no channel takes webhooks; add one with kind = "webhook", see docs/channels/webhook.md'
        )
    for name in sorted(hooks):
        typer.echo(f"http://{HOST}:{port}/hooks/{name}", err=True)
    take_over_logs()
    uvicorn.run(
        build_app(hooks),
        host=HOST,
        port=port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=10,
    )


def hooks_of(space: Workspace) -> dict[str, Hook]:
    """Return a hook for each channel that takes webhooks, by the channel's name."""
    found: dict[str, Hook] = {}
    for name, given in space.settings.channels.items():
        if isinstance(given, WebhookConnection):
            take = partial(space.intake.accept_event, space.brand_of(name), via=name)
            found[name] = SignedHook(name, given, space.clock, take)
        if isinstance(given, MetaConnection) and given.app_secret and given.verify_token:
            read = partial(space.intake.receive, space.channels[name], space.brand_of(name))
            secret, token = given.app_secret, given.verify_token
            found[name] = MetaHook(secret.get_secret_value(), token.get_secret_value(), read)
    return found
