"""API keys, from making one to its end."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import create_engine, text

from dev.servers import Servers
from gateway.keys.form import Credential, format_key, new_secret
from kernel.ids import new_id
from tests.gateway.fake_service import FakeService, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

NOBODYS_KEY = "key_01jd3v4q6ye8z9t5k2m7n0p1xw"

LETTERS = "abcdefghijklmnopqrstuvwxy"
ACCOUNT = "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"


def _make(client: httpx.Client, **wanted: object) -> dict[str, object]:
    answer = client.post("/v1/api-keys", json={"name": "shop", "scopes": ["things:read"], **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def _status_with(gateway: RunningGateway, key: object) -> tuple[int, str]:
    with gateway.client(str(key)) as client:
        answer = client.get("/v1/things")
        return answer.status_code, answer.json().get("code", "")


def _sql(servers: Servers, statement: str, **values: object) -> list[tuple[object, ...]]:
    url = servers.database_url("gateway").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def test_a_key_is_shown_once_and_works(
    client: httpx.Client, gateway: RunningGateway, servers: Servers
) -> None:
    answer = client.post("/v1/api-keys", json={"name": "shop", "scopes": ["things:read"]})
    made = answer.json()
    assert answer.headers["Location"] == f"/v1/api-keys/{made['key_id']}"
    assert made["key"].startswith(f"stw_{made['key_id'].removeprefix('key_')}_")
    assert _status_with(gateway, made["key"]) == (200, "")
    shown = client.get(f"/v1/api-keys/{made['key_id']}")
    assert "key" not in shown.json()
    assert shown.headers["ETag"] == '"1"'
    assert shown.json()["status"] == "active"
    secret = made["key"].split("_")[2][:28]
    kept = str(_sql(servers, "SELECT * FROM api_key k JOIN api_key_secret s USING (key_id)"))
    assert secret not in kept
    assert secret.encode().hex() not in kept
    assert secret not in gateway.log.read_text()


def test_a_repeat_under_the_same_idempotency_key_makes_one_key_and_shows_it_again(
    client: httpx.Client, servers: Servers
) -> None:
    name = f"repeat {new_id('key')}"

    def make(_: int) -> httpx.Response:
        body = {"name": name, "scopes": ["things:read"]}
        return client.post("/v1/api-keys", json=body, headers={"Idempotency-Key": name[7:]})

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(make, range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 9
    count = _sql(servers, "SELECT count(*) FROM api_key WHERE name = :name", name=name)
    assert count == [(1,)]
    secret = answers[0].json()["key"].split("_")[2]
    sealed = _sql(servers, "SELECT sealed FROM answer WHERE command_id = :id", id=name[7:])
    assert secret.encode() not in bytes(sealed[0][0])  # type: ignore[arg-type]


def test_an_idempotency_key_used_for_another_request_is_refused(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": new_id("key")}
    one = {"name": "one", "scopes": ["things:read"]}
    assert client.post("/v1/api-keys", json=one, headers=headers).status_code == 201
    other = client.post("/v1/api-keys", json={**one, "name": "two"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"scopes": ["a"]}, "/name"),
        ({"name": "", "scopes": ["a"]}, "/name"),
        *(
            ({"name": f"a{odd}b", "scopes": ["a"]}, "/name")
            for odd in "\x00\x1b\n\r\x85\u2028\u202e\x9b"
        ),
        ({"name": "x", "scopes": []}, "/scopes"),
        ({"name": "x", "scopes": ["internal stuff"]}, "/scopes/0"),
        ({"name": "x", "scopes": ["things:read\n"]}, "/scopes/0"),
        ({"name": "x", "scopes": ["a"], "accounts": []}, "/accounts"),
        ({"name": "x", "scopes": ["a"], "accounts": ["x"]}, "/accounts/0"),
        ({"name": "x", "scopes": ["a"], "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"name": "x", "scopes": ["a"], "expires_at": "2099-01-01T00:00:00"}, "/expires_at"),
        ({"name": "x", "scopes": ["a"], "expires_at": "2199-01-01T00:00:00Z"}, "/expires_at"),
        ({"name": "x", "scopes": ["a"], "expires_at": "9999-12-31T23:59:59-14:00"}, "/expires_at"),
        ({"name": "x", "scopes": ["a"], "expires_at": "0001-01-01T00:00:00+14:00"}, "/expires_at"),
        ({"name": "x", "scopes": ["a"], "requests_per_second": "9"}, "/requests_per_second"),
        ({"name": "x", "scopes": ["a"], "staff_id": ACCOUNT}, "/staff_id"),
        ({"name": "x", "scopes": ["a"], "is_root": True}, "/is_root"),
        ({"name": "x", "scopes": [f"{'a' * 40}:{'b' * 39}{c}" for c in LETTERS * 2]}, "/scopes"),
    ],
)
def test_a_wrong_field_is_pointed_at(
    client: httpx.Client, sent: dict[str, object], field: str
) -> None:
    answer = client.post("/v1/api-keys", json=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_fields")
    assert field in [error["pointer"] for error in answer.json()["errors"]]


def test_keys_are_listed_in_pages_without_their_secrets(client: httpx.Client) -> None:
    made = [_make(client)["key_id"] for _ in range(3)]
    found: list[object] = []
    after: dict[str, str] = {}
    while True:
        page = client.get("/v1/api-keys", params={"limit": "2", **after}).json()
        assert len(page["items"]) <= 2
        assert not any("key" in item for item in page["items"])
        found += [item["key_id"] for item in page["items"]]
        if not page["has_more"]:
            break
        after = {"after": page["next_after"]}
    assert [key_id for key_id in found if key_id in made] == made
    assert len(found) == len(set(found))


def test_a_rotated_key_works_with_both_secrets_until_the_overlap_ends(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    old = _make(client)
    rotate = f"/v1/api-keys/{old['key_id']}/rotate"
    new = client.post(rotate, json={"overlap_seconds": 2}).json()
    assert new["key"] != old["key"]
    assert new["version"] == 2
    assert _status_with(gateway, old["key"])[0] == 200
    assert _status_with(gateway, new["key"])[0] == 200
    ends_at = datetime.fromisoformat(new["old_key_valid_until"])
    time.sleep(max(0.0, (ends_at - datetime.now(UTC)).total_seconds()))
    wait_until(lambda: _status_with(gateway, old["key"]) == (401, "key_expired"))
    assert _status_with(gateway, new["key"])[0] == 200
    client.post(rotate, json={})
    wait_until(lambda: _status_with(gateway, new["key"]) == (401, "key_expired"))


def test_a_revoked_key_is_refused_at_once_and_stays_so(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    made = _make(client)
    assert _status_with(gateway, made["key"])[0] == 200
    one = f"/v1/api-keys/{made['key_id']}"
    assert client.post(f"{one}/revoke", json={}).json()["status"] == "revoked"
    assert _status_with(gateway, made["key"]) == (401, "key_revoked")
    assert client.post(f"{one}/revoke", json={}).status_code == 200
    again = client.post(f"{one}/rotate", json={})
    assert (again.status_code, again.json()["code"]) == (409, "api_key_revoked")


def test_a_key_revoked_elsewhere_is_refused_within_five_seconds(
    client: httpx.Client, gateway: RunningGateway, servers: Servers
) -> None:
    made = _make(client)
    assert _status_with(gateway, made["key"])[0] == 200
    _sql(servers, "UPDATE api_key SET revoked_at = now() WHERE key_id = :id", id=made["key_id"])
    wait_until(lambda: _status_with(gateway, made["key"]) == (401, "key_revoked"), seconds_max=5)


def test_an_expired_key_is_refused(client: httpx.Client, gateway: RunningGateway) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    made = _make(client, expires_at=soon)
    assert _status_with(gateway, made["key"])[0] == 200
    wait_until(lambda: _status_with(gateway, made["key"]) == (401, "key_expired"))


def test_a_change_on_an_old_version_is_refused(client: httpx.Client) -> None:
    one = f"/v1/api-keys/{_make(client)['key_id']}"
    headers = {"If-Match": '"1"'}
    assert client.post(f"{one}/rotate", json={}, headers=headers).status_code == 200
    assert client.post(f"{one}/revoke", json={}, headers=headers).status_code == 412


def test_a_key_passes_on_only_what_it_holds(client: httpx.Client, gateway: RunningGateway) -> None:
    limited = _make(client, scopes=["admin", "things:read"], accounts=[ACCOUNT])
    with gateway.client(str(limited["key"])) as minor:
        allowed = {"name": "x", "scopes": ["things:read"], "accounts": [ACCOUNT]}
        assert minor.post("/v1/api-keys", json=allowed).status_code == 201
        for more in (
            {"scopes": ["things:write"]},
            {"scopes": ["*"]},
            {"accounts": None},
            {"accounts": [new_id("acc")]},
        ):
            answer = minor.post("/v1/api-keys", json={**allowed, **more})
            assert answer.status_code == 403, more


def _ends(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 201),
        ({"expires_at": _ends(2)}, 403),
        ({"expires_at": None}, 403),
        ({"requests_per_second": 6}, 403),
        ({"requests_per_second": None}, 403),  # that would be what the gateway gives to all
        ({"calls_at_once": 3}, 403),
        ({"calls_at_once": None}, 403),
    ],
)
def test_a_key_passes_on_no_more_time_and_no_more_haste_than_it_has(
    client: httpx.Client, gateway: RunningGateway, more: dict[str, object], status: int
) -> None:
    own = {"expires_at": _ends(1), "requests_per_second": 5, "calls_at_once": 2}
    hasty = _make(client, scopes=["admin"], requests_per_second=9)["key_id"]
    with gateway.client(str(_make(client, scopes=["admin"], **own)["key"])) as limited:
        answer = limited.post(
            "/v1/api-keys", json={"name": "x", "scopes": ["admin"], **own, **more}
        )
        assert answer.status_code == status, answer.text
        taken = limited.post(f"/v1/api-keys/{hasty}/rotate", json={})
    assert (taken.status_code, taken.json()["code"]) == (403, "expiry_not_held")


def test_nobody_sees_changes_or_ends_a_key_that_reaches_further(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    own = {"scopes": ["admin", "things:read"], "accounts": [ACCOUNT, new_id("acc")]}
    limited = _make(client, **own)
    within = [
        _make(client, **{**own, **less})["key_id"]
        for less in (
            {},
            {"scopes": ["admin"]},
            {"accounts": [ACCOUNT]},
        )
    ]
    beyond = [
        _make(client, **{**own, **more})
        for more in (
            {"scopes": ["*"]},
            {"scopes": ["admin", "things:write"]},
            {"accounts": None},
            {"accounts": [ACCOUNT, new_id("acc")]},
        )
    ]
    with gateway.client(str(limited["key"])) as minor:
        shown = [one["key_id"] for one in minor.get("/v1/api-keys?limit=500").json()["items"]]
        assert [key_id for key_id in shown if key_id in within] == within
        assert not {key["key_id"] for key in beyond} & set(shown)
        for key_id in within:
            assert minor.get(f"/v1/api-keys/{key_id}").status_code == 200
            assert minor.post(f"/v1/api-keys/{key_id}/rotate", json={}).status_code == 200
            assert minor.post(f"/v1/api-keys/{key_id}/revoke", json={}).status_code == 200
        for key in beyond:
            one = f"/v1/api-keys/{key['key_id']}"
            for verb, path in (("GET", one), ("POST", f"{one}/rotate"), ("POST", f"{one}/revoke")):
                answer = minor.request(verb, path)
                assert (answer.status_code, answer.json()["code"]) == (404, "api_key_not_found")
    assert {client.get(f"/v1/api-keys/{key['key_id']}").json()["status"] for key in beyond} == {
        "active"
    }


def test_keys_need_the_scope_admin(client: httpx.Client, gateway: RunningGateway) -> None:
    with gateway.client(str(_make(client)["key"])) as other:
        assert other.get("/v1/api-keys").status_code == 403
        assert other.post("/v1/api-keys", json={}).status_code == 403


@pytest.mark.parametrize(
    "key_id", ["key_unknown", NOBODYS_KEY, "%00", "key_%00", "%F0%9F%94%91", "x" * 1500]
)
def test_an_unknown_key_id_is_404(client: httpx.Client, key_id: str) -> None:
    for verb, path in (("GET", ""), ("POST", "/rotate"), ("POST", "/revoke")):
        answer = client.request(verb, f"/v1/api-keys/{key_id}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "api_key_not_found")


@pytest.mark.parametrize("after", ["", "x", "key_unknown", "%00", f"{NOBODYS_KEY}%00"])
def test_a_made_up_cursor_is_refused(client: httpx.Client, after: str) -> None:
    answer = client.get(f"/v1/api-keys?after={after}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "after")


def test_wrong_forms_of_a_key_are_refused_alike(gateway: RunningGateway, admin_key: str) -> None:
    unknown = format_key(Credential(new_id("key"), new_secret()))
    other_secret = format_key(Credential(f"key_{admin_key.split('_')[1]}", new_secret()))
    for header, code in (
        (None, "key_missing"),
        ("", "key_malformed"),
        ("Bearer", "key_malformed"),
        (admin_key, "key_malformed"),
        (f"Basic {admin_key}", "key_malformed"),
        (f"Bearer {admin_key[:-1]}", "key_malformed"),
        (f"Bearer {admin_key}x", "key_malformed"),
        (f"Bearer {unknown}", "key_unknown"),
        (f"Bearer {other_secret}", "key_unknown"),
    ):
        headers = {} if header is None else {"Authorization": header}
        answer = httpx.get(f"{gateway.url}/v1/things", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, code), header
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="steward"')


def test_a_valid_key_is_not_refused_for_the_wrong_ones_of_its_neighbours(
    make_gateway: Callable[..., RunningGateway], client: httpx.Client, things: FakeService
) -> None:
    gateway = make_gateway()
    gateway.start()
    gateway.wait_for("things")
    fresh = [_make(client)["key"] for _ in range(20)]
    wrong = [format_key(Credential(new_id("key"), new_secret())) for _ in range(20)]
    with gateway.client(None) as neighbour, ThreadPoolExecutor(10) as pool:

        def guess(number: int) -> tuple[int, str]:
            headers = {"Authorization": f"Bearer {['nonsense', *wrong][number % 21]}"}
            answer = neighbour.get("/v1/things", headers=headers)
            return answer.status_code, answer.json()["code"]

        answers = set(pool.map(guess, range(100)))
        guessed = pool.map(guess, range(200))
        assert {_status_with(gateway, key)[0] for key in fresh} == {200}
        answers |= set(guessed)
    assert answers == {
        (401, "key_unknown"),
        (401, "key_malformed"),
        (429, "too_many_wrong_keys"),
    }
    gateway.stop()


def test_a_key_may_be_a_password(gateway: RunningGateway, admin_key: str) -> None:
    answer = httpx.get(f"{gateway.url}/v1/things", auth=("ada", admin_key))
    assert answer.status_code == 200
    answer = httpx.get(f"{gateway.url}/v1/things", auth=(admin_key, "ada"))
    assert answer.json()["code"] == "key_malformed"


def test_a_key_over_its_rate_has_to_wait_and_others_do_not(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    key = _make(client, requests_per_second=1)["key"]
    with gateway.client(str(key)) as slow:
        answers = [slow.get("/v1/things") for _ in range(5)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    refused = answers[-1]
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["RateLimit-Policy"] == '"key";q=2;w=2'
    assert refused.headers["RateLimit"].startswith('"key";r=0;t=')
    assert client.get("/v1/things").status_code == 200


def test_the_last_use_is_written(client: httpx.Client, gateway: RunningGateway) -> None:
    made = _make(client)
    assert made["last_used_at"] is None
    _status_with(gateway, made["key"])
    one = f"/v1/api-keys/{made['key_id']}"
    wait_until(lambda: client.get(one).json()["last_used_at"] is not None)


@pytest.mark.parametrize("days", ["0", "-1", "18264", "9999999999"])
def test_the_command_line_takes_an_expiry_within_fifty_years(
    gateway: RunningGateway, days: str
) -> None:
    with pytest.raises(subprocess.CalledProcessError) as ended:
        gateway.make_key("*", "--expires-days", days)
    assert "--expires-days" in ended.value.stderr
    assert "Traceback" not in ended.value.stderr


def test_the_command_line_refuses_a_wrong_scope(gateway: RunningGateway) -> None:
    with pytest.raises(subprocess.CalledProcessError) as ended:
        gateway.make_key("Things Read")
    assert ended.value.returncode == 1
    assert ended.value.stderr.startswith("gateway: scopes/0: ")
