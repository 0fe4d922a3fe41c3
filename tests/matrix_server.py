"""A real Matrix homeserver (Synapse) on loopback, throwaway, and its users."""

import hashlib
import hmac
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

ROOT = Path(__file__).resolve().parents[1]
_SHARED = "the shared secret of the test"
_PASSWORD = "the password of every user"
_CONFIG = """
server_name: "maison.example"
pid_file: "{folder}/pid"
listeners:
  - port: {port}
    bind_addresses: ["127.0.0.1"]
    type: http
    resources: [{{names: [client]}}]
database: {{name: sqlite3, args: {{database: "{folder}/homeserver.db"}}}}
log_config: "{folder}/log.yaml"
media_store_path: "{folder}/media"
signing_key_path: "{folder}/signing.key"
registration_shared_secret: "{shared}"
macaroon_secret_key: "{shared}"
form_secret: "{shared}"
report_stats: false
trusted_key_servers: []
federation_domain_whitelist: []
bcrypt_rounds: 4
rc_message: {{per_second: 10000, burst_count: 10000}}
rc_login:
  address: {{per_second: 1000, burst_count: 1000}}
  account: {{per_second: 1000, burst_count: 1000}}
rc_registration: {{per_second: 1000, burst_count: 1000}}
rc_room_creation: {{per_second: 1000, burst_count: 1000}}
caches: {{sync_response_cache_duration: 0s}}
rc_joins: {{local: {{per_second: 1000, burst_count: 1000}}}}
rc_invites:
  per_room: {{per_second: 1000, burst_count: 1000}}
  per_user: {{per_second: 1000, burst_count: 1000}}
"""
_LOG = """
version: 1
handlers: {{file: {{class: logging.FileHandler, filename: "{folder}/log"}}}}
root: {{level: WARNING, handlers: [file]}}
"""


class User:
    """One account, signed in."""

    def __init__(self, base: str, name: str, user_id: str, token: str, device: str) -> None:
        self.base, self.name, self.id = base, name, user_id
        self.token, self.device = token, device

    def ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        """Call the client-server interface as this user."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.request(
            method, f"{self.base}/_matrix/client/v3{path}", headers=headers, timeout=30, **given
        )
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def create_room(self, *invited: "User", is_public: bool = True) -> str:
        """Make a room that the others have joined."""
        preset = "public_chat" if is_public else "private_chat"
        body = {"preset": preset, "invite": [one.id for one in invited]}
        room: str = self.ask("POST", "/createRoom", json=body)["room_id"]
        for one in invited:
            one.ask("POST", f"/join/{quote(room, safe='')}", json={})
        return room

    def write(self, room: str, text: str, **content: Any) -> str:
        """Say something in a room and return its event id."""
        body = {"msgtype": "m.text", "body": text, **content}
        path = f"/rooms/{quote(room, safe='')}/send/m.room.message/{secrets.token_hex(8)}"
        event: str = self.ask("PUT", path, json=body)["event_id"]
        return event

    def edit(self, room: str, event_id: str, text: str) -> str:
        """Change what one said."""
        return self.write(
            room,
            f"* {text}",
            **{
                "m.new_content": {"msgtype": "m.text", "body": text},
                "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
            },
        )

    def redact(self, room: str, event_id: str) -> None:
        """Delete a message."""
        event = quote(event_id, safe="")
        path = f"/rooms/{quote(room, safe='')}/redact/{event}/{secrets.token_hex(8)}"
        self.ask("PUT", path, json={})

    def ban(self, room: str, other: "User") -> None:
        """Ban somebody."""
        self.ask("POST", f"/rooms/{quote(room, safe='')}/ban", json={"user_id": other.id})

    def kick(self, room: str, other: "User") -> None:
        """Put somebody out."""
        self.ask("POST", f"/rooms/{quote(room, safe='')}/kick", json={"user_id": other.id})

    def messages(self, room: str, sender: str) -> list[dict[str, Any]]:
        """Return what a user says in a room, oldest first; what was deleted left out."""
        query = {"dir": "b", "limit": "200"}
        found = self.ask("GET", f"/rooms/{quote(room, safe='')}/messages", params=query)
        return [
            event
            for event in reversed(found["chunk"])
            if event["sender"] == sender and event["content"].get("msgtype")
        ]


class MatrixServer:
    """A running homeserver."""

    def __init__(self, base: str) -> None:
        self.base = base

    def user(self, name: str) -> User:
        """Make an account and sign in once."""
        path = f"{self.base}/_synapse/admin/v1/register"
        nonce = httpx.get(path, timeout=30).json()["nonce"]
        told = b"\x00".join([nonce.encode(), name.encode(), _PASSWORD.encode(), b"notadmin"])
        mac = hmac.new(_SHARED.encode(), told, hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": _PASSWORD, "mac": mac}
        made = httpx.post(path, json=body | {"admin": False}, timeout=30).json()
        return User(self.base, name, made["user_id"], made["access_token"], made["device_id"])


@contextmanager
def running_matrix_server() -> Iterator[MatrixServer]:
    """Start a homeserver in a new folder and stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="portevoix-matrix-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    config = folder / "homeserver.yaml"
    config.write_text(_CONFIG.format(folder=folder, port=port, shared=_SHARED), "utf-8")
    (folder / "log.yaml").write_text(_LOG.format(folder=folder), "utf-8")
    words = [str(_python()), "-m", "synapse.app.homeserver", "-c", str(config)]
    subprocess.run([*words, "--generate-keys"], check=True, capture_output=True, cwd=folder)
    process = subprocess.Popen(
        words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(f"{base}/_matrix/client/versions", process, folder / "log")
        yield MatrixServer(base)
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _python() -> Path:
    found = Path(os.environ.get("PORTEVOIX_TEST_SYNAPSE", ROOT / ".venv-synapse")) / "bin/python"
    if not found.exists():
        raise FileNotFoundError("Synapse: run `make servers` to run these tests")
    return found


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text() if log.exists() else "Synapse ended"
        try:
            if httpx.get(address, timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("Synapse does not answer")
