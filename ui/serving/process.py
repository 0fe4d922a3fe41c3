"""Start the desk's server as a child process, wait until it answers, stop it."""

import contextlib
import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from agent.domain.errors import ConfigurationError, PortevoixError
from agent.settings import DeskSettings, load_settings

STARTUP_SECONDS = 180.0
"""Loading the recognisers takes seconds; on a busy machine, many."""
_POLL_SECONDS = 0.1


class PortBusy(ConfigurationError):
    """Another program listens on the desk's port."""


class DeskDidNotStart(PortevoixError):
    """The desk's server stopped or did not answer; its own message says why."""


@dataclass(frozen=True)
class RunningDesk:
    """A desk server and where it listens."""

    process: subprocess.Popen[bytes]
    host: str
    port: int
    desk: DeskSettings = field(default_factory=DeskSettings)

    @property
    def url(self) -> str:
        """The address people use, without a trailing slash."""
        from ui.serving.exposure import own_url

        return own_url(self.host, self.port, self.desk)

    def sign_in_url(self, token: str) -> str:
        """Return the address that spends the one-time `token`."""
        return f"{self.url}/sign-in?token={token}"

    def stop(self, seconds: float = 10.0) -> None:
        """Ask the server to stop, and make it stop after `seconds`."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def require_free_port(host: str, port: int) -> None:
    """Check that nothing listens on `port`.

    Raises:
        PortBusy: naming the port and the mend.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortBusy(
                f"port {port} on {host} is not free ({error.strerror}); stop the program that"
                f" uses it, or choose another: portevoix desk --port {port + 1}"
            ) from None


def start_desk(workspace: Path, host: str = "127.0.0.1", port: int = 8501) -> RunningDesk:
    """Start the desk on `workspace` and return once it answers.

    Raises:
        ConfigurationError: the host is not safe to listen on, or the port is busy.
        DeskDidNotStart: the server stopped or stayed silent for three minutes.
    """
    from ui.serving.exposure import require_safe

    settings = load_settings(workspace)
    require_safe(host, settings)
    require_free_port(host, port)
    environment = {**os.environ, "PORTEVOIX_WORKSPACE": str(workspace.resolve())}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.serving", "--host", host, "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    desk = RunningDesk(process, host, port, settings.desk)
    try:
        _wait_until_healthy(desk)
    except BaseException:
        desk.stop()
        raise
    return desk


def _wait_until_healthy(desk: RunningDesk) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if desk.process.poll() is not None:
            raise DeskDidNotStart(
                f"the desk stopped while starting (exit {desk.process.returncode});"
                " its message is above; `portevoix doctor` checks the workspace"
            )
        if _is_healthy(desk):
            return
        time.sleep(_POLL_SECONDS)
    raise DeskDidNotStart(
        f"the desk did not answer on {desk.url} within {STARTUP_SECONDS:.0f} s; try again,"
        " and if it stays so run `portevoix doctor`"
    )


def _is_healthy(desk: RunningDesk) -> bool:
    try:
        connection = _connection(desk)
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


def _connection(desk: RunningDesk) -> http.client.HTTPConnection:
    """Return a connection to our own child; `0.0.0.0` and `::` are reached by loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(desk.host, desk.host)  # noqa: S104
    if not desk.desk.has_tls:
        return http.client.HTTPConnection(host, desk.port, timeout=2)
    # The certificate names the public host, and only whether our child answers is asked here.
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, desk.port, timeout=2, context=trusting)
