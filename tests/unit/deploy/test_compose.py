"""The compose file holds together: what it names exists, and nothing but the proxy is reachable.

There is no Docker where these tests run: the file is read, not started.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml

from agent.cli import build
from agent.settings import Settings, load_settings, unsafe

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: Mapping[str, Any] = COMPOSE["services"]
KEYS = {
    "build",
    "command",
    "depends_on",
    "environment",
    "healthcheck",
    "image",
    "network_mode",
    "networks",
    "ports",
    "profiles",
    "restart",
    "stop_grace_period",
    "volumes",
}
"""Of the Compose Specification's service elements, those used here."""
HEALTH = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
COMMANDS = [(name, one["command"]) for name, one in SERVICES.items() if "command" in one]


def test_every_service_is_well_formed_and_names_what_there_is() -> None:
    assert (
        set(COMPOSE) - {"services", "networks", "volumes", "x-portevoix", "x-desk", "x-worker"}
        == set()
    )
    for name, service in SERVICES.items():
        assert set(service) <= KEYS, name
        assert "image" in service, name
        assert not {"networks", "network_mode"} <= set(service), name
        assert set(service.get("networks", ())) <= set(COMPOSE["networks"]), name
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, (name, other)
            assert how["condition"] in CONDITIONS
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            is_there = source in COMPOSE["volumes"] or (ROOT / source).exists()
            assert is_there or source == "./brands", (name, source)


def test_each_service_that_stays_is_watched() -> None:
    for name, service in SERVICES.items():
        if service["restart"] != "no":
            assert set(service["healthcheck"]) <= HEALTH, name
            assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["webhooks"]["network_mode"] == "service:proxy"


@pytest.mark.parametrize(("name", "words"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_each_command_is_one_of_ours_with_options_it_has(name: str, words: list[str]) -> None:
    if words[0] == "chroma":
        assert words[1::2][0] == "run"
        assert set(words[2::2]) == {"--path", "--host", "--port"}
        return
    assert words[0] == "portevoix"
    group = typer.main.get_command(build())
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    command = group.commands[words[1]]
    command.make_context(words[1], list(words[2:]))


def test_no_secret_is_in_the_file_and_each_must_be_given() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for found in re.findall(r"\$\{[^}]*\}", text):
        assert re.fullmatch(r"\$\{[A-Z_]+:\?set it in \.env\}", found), found
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|KEY", key):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?set it in \.env\}", str(value)), key
    owners = [
        n
        for n, one in SERVICES.items()
        if "PORTEVOIX_STORE__OWNER_URL" in one.get("environment", {})
    ]
    assert owners == ["migrate"]
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_every_variable_is_a_setting() -> None:
    for service in SERVICES.values():
        for key in service.get("environment", {}):
            if not key.startswith("PORTEVOIX_"):
                continue
            section, name = key.removeprefix("PORTEVOIX_").split("__")
            field = Settings.model_fields[section.lower()]
            assert name.lower() in field.annotation.model_fields, key  # type: ignore[union-attr]


def test_the_desk_may_listen_as_the_sample_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = (ROOT / "deploy" / "portevoix.toml").read_text("utf-8")
    (tmp_path / "portevoix.toml").write_text(sample, "utf-8")
    bare = load_settings(tmp_path)
    assert any("public_url" in one for one in unsafe(bare.desk.host, bare))
    monkeypatch.setenv("PORTEVOIX_DESK__PUBLIC_URL", "https://desk.example.org")
    settings = load_settings(tmp_path)
    assert unsafe(settings.desk.host, settings) == []
    proxy = SERVICES["proxy"]["networks"]["inside"]["ipv4_address"]
    assert settings.desk.trusted_proxies == (proxy,)
    place = re.escape(settings.chroma.url.rpartition("//")[2].split(":")[0])
    assert re.fullmatch(place, "chroma")


def test_the_proxy_keeps_a_browser_with_its_desk() -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    desks = {name for name in SERVICES if name.startswith("desk")}
    assert set(re.findall(r"(desk-\d):8501", caddy)) == desks
    assert "lb_policy cookie" in caddy
    assert caddy.count("{") == caddy.count("}")


def test_the_image_installs_by_hash_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8")
    assert "--require-hashes -r requirements/runtime.txt" in lines
    assert re.search(r"^USER portevoix$", lines, re.M)
    assert not re.search(r"https?://|index-url", lines)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", lines, re.M)
    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source
