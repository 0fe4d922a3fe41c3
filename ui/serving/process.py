"""Start the desk's server as a child process, wait until it answers, stop it."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from agent.domain.errors import ConfigurationError, PortevoixError

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

    @property
    def url(self) -> str:
        """The desk's address, without a trailing slash."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

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
        ConfigurationError: the host is not loopback or the port is busy.
        DeskDidNotStart: the server stopped or stayed silent for three minutes.
    """
    from ui.serving.flags import require_loopback

    require_loopback(host)
    require_free_port(host, port)
    environment = {**os.environ, "PORTEVOIX_WORKSPACE": str(workspace.resolve())}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.serving", "--host", host, "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    desk = RunningDesk(process, host, port)
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
        if _is_healthy(desk.host, desk.port):
            return
        time.sleep(_POLL_SECONDS)
    raise DeskDidNotStart(
        f"the desk did not answer on {desk.url} within {STARTUP_SECONDS:.0f} s; try again,"
        " and if it stays so run `portevoix doctor`"
    )


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
