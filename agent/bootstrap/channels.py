"""The channels, each made from its terms."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.domain.connections import (
    AnyConnection,
    BlueskyConnection,
    ChannelKind,
    DiscordConnection,
    DiscourseConnection,
    EmailConnection,
    LocalConnection,
    MastodonConnection,
    MatrixConnection,
    MetaConnection,
    WebhookConnection,
    YouTubeConnection,
)
from agent.domain.errors import ConfigurationError
from agent.ports import Channel, Clock
from agent.settings import Settings


def build_channel(name: str, given: AnyConnection, settings: Settings, clock: Clock) -> Channel:
    """Return the channel that `[channels.NAME]` describes; nothing is sent yet.

    Raises:
        ConfigurationError: something it needs is not set.
    """
    if isinstance(given, LocalConnection):
        channel = _local(name, given, settings, clock)
    else:
        channel = _BUILDERS[given.kind](name, given, clock)
    if not given.by_hand:
        return channel
    from agent.adapters.channels.manual import HandedOver

    return HandedOver(channel)


def _local(name: str, given: LocalConnection, settings: Settings, clock: Clock) -> Channel:
    from agent.adapters.channels.file import FileChannel
    from agent.adapters.channels.manual import ManualChannel
    from agent.adapters.channels.sandbox import SandboxChannel

    if given.kind is ChannelKind.SANDBOX:
        return SandboxChannel(name, settings.workspace / "channels" / f"{name}.db", clock)
    inbox = settings.resolve(given.inbox) if given.inbox else None
    if given.kind is ChannelKind.MANUAL:
        return ManualChannel(name, inbox)
    if inbox is None:
        raise ConfigurationError(f"channels.{name}: a file channel needs `inbox`")
    outbox = settings.resolve(given.outbox or Path("outbox") / f"{name}.jsonl")
    return FileChannel(name, inbox, outbox, clock)


def _webhook(name: str, given: WebhookConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.webhook import WebhookChannel

    return WebhookChannel(name, given, clock)


def _email(name: str, given: EmailConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.mail import EmailChannel

    return EmailChannel(name, given, clock)


def _matrix(name: str, given: MatrixConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.matrix import MatrixChannel

    return MatrixChannel(name, given, clock)


def _bluesky(name: str, given: BlueskyConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.bluesky import BlueskyChannel

    return BlueskyChannel(name, given, clock)


def _mastodon(name: str, given: MastodonConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.mastodon import MastodonChannel

    return MastodonChannel(name, given, clock)


def _discord(name: str, given: DiscordConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.discord import DiscordChannel

    return DiscordChannel(name, given, clock)


def _discourse(name: str, given: DiscourseConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.discourse import DiscourseChannel

    return DiscourseChannel(name, given, clock)


def _meta(name: str, given: MetaConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.meta import MetaChannel

    return MetaChannel(name, given, clock)


def _youtube(name: str, given: YouTubeConnection, clock: Clock) -> Channel:
    from agent.adapters.channels.youtube import YouTubeChannel

    return YouTubeChannel(name, given, clock)


_BUILDERS: Mapping[ChannelKind, Callable[[str, Any, Clock], Channel]] = {
    ChannelKind.WEBHOOK: _webhook,
    ChannelKind.EMAIL: _email,
    ChannelKind.MATRIX: _matrix,
    ChannelKind.YOUTUBE: _youtube,
    ChannelKind.FACEBOOK: _meta,
    ChannelKind.INSTAGRAM: _meta,
    ChannelKind.DISCOURSE: _discourse,
    ChannelKind.DISCORD: _discord,
    ChannelKind.MASTODON: _mastodon,
    ChannelKind.BLUESKY: _bluesky,
}
