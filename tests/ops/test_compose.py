"""What `docker compose up` hands to whom."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kernel.rpc import derive_key
from ops import compose, instances
from ops.subscribers import SETTING

VOLUMES = ("root", "rabbitmq", "postgres", "subscribers", *instances.OWNERS)


@pytest.fixture
def volumes(tmp_path: Path) -> Path:
    for name in VOLUMES:
        (tmp_path / name).mkdir()
    compose.hand_out_secrets(tmp_path)
    return tmp_path


def read_variables(volumes: Path, owner: str) -> dict[str, str]:
    """As a shell reads them, which is what an image's `start` does."""
    script = f". {volumes}/{owner}/environment; env -0"
    printed = subprocess.check_output(["sh", "-ac", script], env={}, text=True)
    pairs = (line.partition("=") for line in printed.split("\0") if line)
    return {name: value for name, _, value in pairs if name != "PWD" and name != "_"}


def read_address(volumes: Path, subscriber: str) -> str:
    return (volumes / "subscribers" / subscriber).read_text().strip()


def test_only_the_gateway_can_vouch_for_calls_and_a_service_knows_its_own_key(
    volumes: Path,
) -> None:
    gateway = read_variables(volumes, "gateway")
    assert set(gateway) == {
        *("AMQP_URI", "DATABASE_URL", "STEWARD_CALL_SECRET", "STEWARD_KEY_PEPPER")
    }
    secret = gateway["STEWARD_CALL_SECRET"].encode()
    for service in instances.SERVICES:
        variables = read_variables(volumes, service)
        assert set(variables) == {"AMQP_URI", "DATABASE_URL", "STEWARD_CALL_KEY"}
        assert variables["STEWARD_CALL_KEY"] == derive_key(secret, service).hex()


def test_no_two_users_share_a_password(volumes: Path) -> None:
    uris = [
        read_variables(volumes, owner)[name]
        for owner in instances.OWNERS
        for name in ("AMQP_URI", "DATABASE_URL")
    ]
    passwords = {uri.partition("@")[0].rpartition(":")[2] for uri in uris}
    passwords.add((volumes / "postgres" / "password").read_text())
    passwords.add(urlsplit(read_address(volumes, "subscriber")).password or "")
    assert len(passwords) == len(uris) + 2
    assert min(map(len, passwords)) >= 32


def test_the_broker_learns_what_every_user_may_and_has_the_exchanges_of_all(volumes: Path) -> None:
    told = json.loads((volumes / "rabbitmq" / "definitions.json").read_text())
    wanted = instances.list_definitions("main", lambda _: "")
    for kind in ("permissions", "topic_permissions", "exchanges", "queues", "policies"):
        assert told[kind] == wanted[kind], kind
    assert {each["name"]: each["tags"] for each in told["users"]} == {
        **{instances.name_user(owner): [] for owner in instances.OWNERS},
        "steward_admin": ["administrator"],
        "steward_subscriber": [],
    }


def test_no_user_but_the_administrators_writes_to_the_default_exchange(volumes: Path) -> None:
    told = json.loads((volumes / "rabbitmq" / "definitions.json").read_text())
    may = {each["user"] for each in told["permissions"] if re.search(each["write"], "amq.default")}
    assert may == {"steward_admin"}


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        (None, {"subscriber"}),
        ("subscriber subscriber_crm=invoice_.*", {"subscriber", "subscriber_crm"}),
        ("", set()),
    ],
)
def test_each_subscriber_from_outside_has_an_address_and_nobody_else(
    volumes: Path, monkeypatch: pytest.MonkeyPatch, setting: str | None, names: set[str]
) -> None:
    if setting is not None:
        monkeypatch.setenv(SETTING, setting)
    compose.hand_out_secrets(volumes)
    assert {file.name for file in (volumes / "subscribers").iterdir()} == names
    told = json.loads((volumes / "rabbitmq" / "definitions.json").read_text())
    assert {queue["name"] for queue in told["queues"]} == names
    for name in names:
        address = urlsplit(read_address(volumes, name))
        assert (address.username, address.hostname) == (f"steward_{name}", "rabbitmq")


def test_a_subscribers_password_is_changed_alone(
    volumes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, "subscriber subscriber_crm")
    compose.hand_out_secrets(volumes)
    names = ("subscriber", "subscriber_crm")
    before = {name: read_address(volumes, name) for name in names}
    (volumes / "root" / "steward_subscriber_crm").unlink()
    compose.hand_out_secrets(volumes)
    after = {name: read_address(volumes, name) for name in names}
    assert [name for name in names if before[name] != after[name]] == ["subscriber_crm"]


def test_a_setting_that_cannot_be_read_ends_the_step_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], volumes: Path
) -> None:
    monkeypatch.setattr(compose, "VOLUMES", volumes)
    monkeypatch.setenv(SETTING, "crm=.*")
    assert compose.main(["secrets"]) == 2
    assert "'crm' will not do" in capsys.readouterr().err


def test_a_second_start_hands_out_the_same(volumes: Path) -> None:
    before = {owner: read_variables(volumes, owner) for owner in instances.OWNERS}
    address = read_address(volumes, "subscriber")
    compose.hand_out_secrets(volumes)
    assert {owner: read_variables(volumes, owner) for owner in instances.OWNERS} == before
    assert read_address(volumes, "subscriber") == address


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an image", r"SERVICE: (\w+)"),
        ("a migration that all wait for", r"migrate-(\w+): \{condition"),
        ("a migration", r"^  migrate-(\w+):$"),
        ("a tag of its own", r"STEWARD_([A-Z]+)_TAG:-latest"),
        ("a process", r"^  (\w+):\n    <<: \*process"),
        ("a volume for its secrets", r"^  secrets-(\w+):$"),
        ("its secrets written", r"secrets-(\w+):/volumes/\1$"),
    ],
)
def test_docker_compose_has_what_every_service_needs(what: str, pattern: str) -> None:
    text = (instances.ROOT / "docker-compose.yml").read_text()
    found = {name.lower() for name in re.findall(pattern, text, re.MULTILINE)}
    there = found - {"root", "rabbitmq", "postgres", "subscribers"}
    assert there == set(instances.OWNERS), (
        f"docker-compose.yml has {what} for each folder of services/ and for the gateway: write it "
        "there as for its neighbours, or take out what is gone"
    )
