"""Where notifications go: the terms of `[notify.destinations.NAME]`, one model a kind."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, TypeAdapter, model_validator

from agent.domain.alerts import AlertKind
from agent.domain.base import Frozen
from agent.domain.connections import HttpsUrl, Port, Seconds, Secret, Security, is_loopback
from agent.domain.ids import BrandId, TeamId
from knowledge.passages import Language

MailAddress = Annotated[str, Field(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$")]


class DestinationKind(StrEnum):
    """The ways that ship."""

    SLACK = "slack"
    EMAIL = "email"


class Destination(Frozen):
    """What every destination has."""

    brands: tuple[BrandId, ...] = ()
    """Told of these brands; empty: of every one."""
    teams: tuple[TeamId, ...] = ()
    """Told of what these teams must do, and of nothing else; empty: of everything."""
    is_default: bool = True
    """Told of what fits `brands` and `teams`; false: only of what a team's `notify` sends here."""
    also: tuple[AlertKind, ...] = ()
    """Routine kinds to be told of as well: `claim_over`, `snooze_over`."""
    language: Language | None = None
    """Empty: the team's, then the brand's."""
    with_text: bool = False
    """Whether the customer's words are shown, redacted."""
    digest_seconds: int = Field(default=60, ge=0, le=3600)
    """The least between two messages that are not urgent: what comes meanwhile is one digest."""
    timeout_seconds: Seconds = 10.0


def _webhook(value: SecretStr) -> SecretStr:
    """Hold the address to the rules of any other; it is a secret, so no error quotes it."""
    try:
        TypeAdapter(HttpsUrl).validate_python(value.get_secret_value())
    except ValueError:
        raise ValueError("Slack's own address: https://hooks.slack.com/services/…") from None
    return value


class SlackDestination(Destination):
    """An incoming webhook, or an app's bot."""

    kind: Literal[DestinationKind.SLACK]
    webhook_url: Annotated[Secret, AfterValidator(_webhook)] | None = None
    """Bound to one channel by Slack. Whoever knows it can write there."""
    bot_token: Secret | None = None
    """`xoxb-…`, with the scope `chat:write`."""
    channel: str = ""
    """With a bot: the channel's id or `#name`, where nobody names another."""
    base_url: HttpsUrl = "https://slack.com/api"

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if (self.webhook_url is None) == (self.bot_token is None):
            raise ValueError("set webhook_url, or bot_token with channel; one of the two")
        if self.bot_token is not None and not self.channel:
            raise ValueError("channel: where the bot writes, such as #escalations")
        return self


class EmailDestination(Destination):
    """Mail through an outgoing server."""

    kind: Literal[DestinationKind.EMAIL]
    to: tuple[MailAddress, ...] = Field(min_length=1)
    sender: MailAddress
    username: str = ""
    """Empty: the sender's address."""
    password: Secret = SecretStr("")
    smtp_host: str
    smtp_port: Port = 465
    smtp_security: Security = Security.TLS

    @model_validator(mode="after")
    def _is_protected(self) -> Self:
        if self.smtp_security is Security.NONE and not is_loopback(self.smtp_host):
            raise ValueError(f"{self.smtp_host}: security none is for this machine only")
        return self


AnyDestination = Annotated[SlackDestination | EmailDestination, Field(discriminator="kind")]
"""One of them, by its `kind`."""
_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class NotifyTerms(Frozen):
    """Who is told of escalations and alerts: `[notify]`."""

    destinations: dict[_Name, AnyDestination] = Field(default_factory=dict)
    """By name: `[notify.destinations.NAME]`; a team's `notify` in brand.yaml names them."""


def split_address(address: str) -> tuple[str, str]:
    """Return the destination's name and the target within it."""
    name, _, target = address.partition(":")
    return name, target
