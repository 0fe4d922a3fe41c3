"""Slack: an incoming webhook, or an app's bot with `chat.postMessage`.

Sources: Slack's pages « Sending messages using incoming webhooks » (its errors),
« chat.postMessage » and « Rate limits » (429 with Retry-After in seconds; about one message a
second and channel).
"""

from typing import TYPE_CHECKING, Any

from agent.adapters.notify.wording import body, title
from agent.domain.alerts import Bulletin
from agent.domain.destinations import SlackDestination
from agent.domain.errors import NoticeFailed

if TYPE_CHECKING:
    import httpx

_TOO_MANY = 429
_TEXT_MAX = 35_000
"""Slack cuts a text at 40,000 characters."""
_DEFAULT_WAIT = 30.0
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_FAULTS = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class SlackMessenger:
    """One destination. Every call makes its own client: calls are few."""

    def __init__(self, name: str, given: SlackDestination) -> None:
        self._name = name
        self._given = given

    def deliver(self, bulletin: Bulletin) -> None:
        text = f"*{_plain(title(bulletin))}*\n{_plain(body(bulletin))}"[:_TEXT_MAX]
        given = self._given
        if given.webhook_url is not None:
            if bulletin.target:
                raise self._final("a webhook writes to one channel; use a bot for others")
            response = self._call(given.webhook_url.get_secret_value(), {"text": text}, {})
            self._check(response)
            return
        assert given.bot_token is not None  # noqa: S101 - one of the two is set
        channel = bulletin.target or given.channel
        token = {"Authorization": f"Bearer {given.bot_token.get_secret_value()}"}
        sent = {"channel": channel, "text": text, "unfurl_links": False, "unfurl_media": False}
        response = self._call(f"{given.base_url}/chat.postMessage", sent, token)
        self._check(response)
        self._check_answer(response)

    def _call(
        self, address: str, sent: dict[str, Any], headers: dict[str, str]
    ) -> "httpx.Response":
        import httpx

        from agent.adapters.channels.requests import certificates

        try:
            with httpx.Client(timeout=self._given.timeout_seconds, verify=certificates()) as client:
                return client.post(address, json=sent, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._failed(f"cannot be reached ({type(error).__name__})") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            said = f"no usable answer ({type(error).__name__})"
            raise NoticeFailed(self._said(said), is_unknown=True) from None

    def _check(self, response: "httpx.Response") -> None:
        code = response.status_code
        if response.is_success:
            return
        if code == _TOO_MANY:
            raise self._too_many(response)
        if response.is_server_error or response.is_redirect:
            raise NoticeFailed(self._said(f"Slack answered {code}"), is_unknown=True)
        # 403, 404 and 410: the webhook was revoked, or its channel is gone. No try would help.
        raise self._final(f"Slack refuses it ({code}); make the webhook or the token anew")

    def _check_answer(self, response: "httpx.Response") -> None:
        """A refusal of the Web API has the status 200 and says `ok: false`."""
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise NoticeFailed(self._said("the answer is no JSON object"), is_unknown=True)
        if answer.get("ok") is True:
            return
        error = str(answer.get("error", ""))
        if error in _LATER:
            raise self._too_many(response)
        if error in _FAULTS:
            raise NoticeFailed(self._said(f"Slack answered {error}"), is_unknown=True)
        known = error if error.replace("_", "").isalpha() and len(error) <= _ERROR_LENGTH else "?"
        raise self._final(f"Slack refuses it ({known}); look at the token and the channel")

    def _too_many(self, response: "httpx.Response") -> NoticeFailed:
        try:
            wait = max(1.0, float(response.headers.get("retry-after", "")))
        except ValueError:
            wait = _DEFAULT_WAIT
        return NoticeFailed(self._said("too many messages"), wait_seconds=wait)

    def _failed(self, what: str) -> NoticeFailed:
        return NoticeFailed(self._said(what))

    def _final(self, what: str) -> NoticeFailed:
        return NoticeFailed(self._said(what), is_final=True)

    def _said(self, what: str) -> str:
        return f"{self._name}: {what}"


_ERROR_LENGTH = 40


def _plain(text: str) -> str:
    """Escape the three characters that Slack reads as markup; nobody can be called by `<!here>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
