"""What a call of a model may come to, in our words: the vendor's may quote the prompt."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

_TRANSIENT = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
)
_CAUSES = {
    HTTPStatus.UNAUTHORIZED: "the key was refused; set `api_key` for this role",
    HTTPStatus.FORBIDDEN: "the key may not use this model; set another `model` or `api_key`",
    HTTPStatus.NOT_FOUND: "no such model or address; check `model` and `base_url`",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the prompt is too long for this model",
    HTTPStatus.TOO_MANY_REQUESTS: "the server asks to slow down",
}
_UNSTRUCTURED = (
    "the server refused the request; if it cannot answer to a JSON schema, set `structured` to "
    '"json_object" or "text" for this role'
)
_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


class CallFailed(Exception):
    """One call of a model failed."""

    def __init__(
        self, cause: str, *, is_transient: bool = False, wait_seconds: float | None = None
    ) -> None:
        self.cause = cause
        self.is_transient = is_transient
        self.wait_seconds = wait_seconds
        """What the server asks to wait, if it does."""
        super().__init__(cause)


def failure_of(error: Exception, now: datetime) -> CallFailed:
    """Return what a vendor's exception means: whether to try again, and what to mend if not."""
    status = getattr(error, "status_code", None)
    if status is None:
        return _without_status(error)
    if getattr(error, "code", None) in _SPENT:
        return CallFailed("the provider's own quota is spent; see your account there")
    if status in _TRANSIENT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        cause = _CAUSES.get(status, f"the server answered {status}")
        return CallFailed(cause, is_transient=True, wait_seconds=_asked_to_wait(error, now))
    if status == HTTPStatus.BAD_REQUEST:
        return CallFailed(_UNSTRUCTURED)
    return CallFailed(_CAUSES.get(status, f"the server answered {status}"))


def _without_status(error: Exception) -> CallFailed:
    kind = type(error).__name__
    if isinstance(error, TimeoutError) or "Timeout" in kind:
        return CallFailed("no answer in time", is_transient=True)
    if isinstance(error, OSError) or "Connect" in kind or "Protocol" in kind:
        return CallFailed(
            "the server cannot be reached; check `base_url` and that it runs", is_transient=True
        )
    return CallFailed(f"an answer that could not be read ({kind})", is_transient=True)


def _asked_to_wait(error: Exception, now: datetime) -> float | None:
    """Read `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value = str(headers.get("retry-after", "")).strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None
