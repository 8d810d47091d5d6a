"""Sessions: signing in with password and code, being somebody, and being signed out again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import orjson
import pytest

from gateway.keys.form import Credential, format_key, new_secret, parse_key
from kernel.callers import Caller
from kernel.ids import new_id
from tests.gateway.fake_service import FakeService, wait_until
from tests.gateway.persons.conftest import Sql
from tests.gateway.persons.somebody import PASSWORD, Somebody, make_address
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

RIGHTS = frozenset({"things:read", "things:write"})


def outcome(gateway: RunningGateway, token: object, path: str = "/v1/things") -> tuple[int, str]:
    with gateway.client(str(token)) as client:
        answer = client.get(path)
        return answer.status_code, answer.json().get("code", "")


def test_who_signs_in_is_known_to_services_as_the_member_of_staff(
    ada: Somebody, gateway: RunningGateway, things: FakeService
) -> None:
    session = ada.sign_in(gateway.url, device="Ada's phone")
    assert session["token"].startswith(f"sts_{session['session_id'].removeprefix('ses_')}_")
    assert (session["device"], session["way"]) == ("Ada's phone", "password")
    assert outcome(gateway, session["token"]) == (200, "")
    caller = things.received[-1].vouched.caller
    assert caller == Caller(str(ada.staff_id), RIGHTS, None, staff_id=ada.staff_id)
    with gateway.client(session["token"]) as client:
        me = client.get("/v1/me").json()
    assert me == {
        "subject": ada.staff_id,
        "staff_id": ada.staff_id,
        "person_id": ada.person_id,
        "session_id": session["session_id"],
        "key_id": None,
        "name": "Ada Ross",
        "email": ada.email,
        "roles": ["things_clerk"],
        "scopes": sorted(RIGHTS),
        "accounts": None,
    }


def test_who_is_no_member_of_staff_is_known_as_the_person(
    client: httpx.Client, gateway: RunningGateway, things: FakeService
) -> None:
    keeper = Somebody(client)
    outcome(gateway, keeper.sign_in(gateway.url)["token"])
    assert things.received[-1].vouched.caller == Caller(keeper.person_id, RIGHTS)


def test_a_key_says_of_itself_which_it_is(client: httpx.Client, admin_key: str) -> None:
    me = client.get("/v1/me").json()
    key_id = f"key_{admin_key.split('_')[1]}"
    assert (me["key_id"], me["subject"], me["scopes"]) == (key_id, key_id, ["*"])
    assert (me["person_id"], me["session_id"], me["staff_id"], me["roles"]) == (None,) * 3 + ([],)


def test_whatever_is_wrong_is_answered_alike(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway
) -> None:
    without_code = Somebody(client)
    client.post(f"{without_code.path}/reset")
    client.post(f"{without_code.path}/set-password", json={"password": PASSWORD})
    kept_out = Somebody(client)
    client.post(f"{kept_out.path}/deactivate")
    wrong_code = f"{(int(ada.code()) + 500_000) % 1_000_000:06}"
    answers = [
        ada.try_to_sign_in(gateway.url, email="nobody@firm.example"),
        ada.try_to_sign_in(gateway.url, password="wrong horse battery staple"),
        ada.try_to_sign_in(gateway.url, password=f"{PASSWORD} "),
        ada.try_to_sign_in(gateway.url, code=wrong_code),
        without_code.try_to_sign_in(gateway.url),
        kept_out.try_to_sign_in(gateway.url),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="steward"'
    told = {str({**answer.json(), "request_id": "req"}) for answer in answers}
    assert len(told) == 1
    assert ada.try_to_sign_in(gateway.url).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": None}, "/email"),
        ({"email": "no address"}, "/email"),
        ({"password": ""}, "/password"),
        ({"password": 17}, "/password"),
        ({"password": "x" * 257}, "/password"),
        ({"password": "a\x00b"}, "/password"),
        ({"code": "12345"}, "/code"),
        ({"code": "１２３４５６"}, "/code"),
        ({"code": 123456}, "/code"),
        ({"device": ""}, "/device"),
        ({"nonce": "n" * 16}, "/nonce"),
        ({"id_token": "a.b.c"}, "/id_token"),
        ({"is_admin": True}, "/is_admin"),
    ],
)
def test_a_wrong_field_is_pointed_at_and_no_try_is_counted(
    gateway: RunningGateway, changes: dict[str, Any], field: str
) -> None:
    good = {"email": "ada@firm.example", "password": PASSWORD, "code": "123456"}
    for _ in range(7):
        answer = httpx.post(f"{gateway.url}/v1/sessions", json={**good, **changes})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_fields")
        assert field in [error["pointer"] for error in answer.json()["errors"]]
        assert PASSWORD not in answer.text


@pytest.mark.parametrize("sent", [{}, {"email": "ada@firm.example"}, {"nonce": "n" * 16}])
def test_half_a_way_in_is_told_what_is_missing(
    gateway: RunningGateway, sent: dict[str, str]
) -> None:
    answer = httpx.post(f"{gateway.url}/v1/sessions", json=sent)
    missing = {error["pointer"] for error in answer.json()["errors"]}
    ways = [{"/email", "/password", "/code"}, {"/id_token", "/nonce"}]
    assert answer.status_code == 422
    assert missing in [way - {f"/{name}" for name in sent} for way in ways]


def test_an_e_mail_address_counts_in_any_case_and_a_password_on_any_keyboard(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    ada = Somebody(client)
    composed, apart = "élève modèle ①", "e\u0301le\u0300ve mode\u0300le 1"
    client.post(f"{ada.path}/set-password", json={"password": composed})
    answer = ada.try_to_sign_in(gateway.url, email=ada.email.upper(), password=apart)
    assert answer.status_code == 201


def test_a_code_is_good_once(ada: Somebody, gateway: RunningGateway) -> None:
    code = ada.code()
    assert ada.try_to_sign_in(gateway.url, code=code).status_code == 201
    again = ada.try_to_sign_in(gateway.url, code=code)
    assert (again.status_code, again.json()["code"]) == (401, "sign_in_refused")
    assert ada.try_to_sign_in(gateway.url, code=ada.code(1)).status_code == 201
    assert ada.try_to_sign_in(gateway.url, code=code).status_code == 401


def test_a_code_is_good_once_however_many_come_with_it_at_once(
    ada: Somebody, gateway: RunningGateway
) -> None:
    code = ada.code()

    def come(_: int) -> int:
        return ada.try_to_sign_in(gateway.url, make_address(), code=code).status_code

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(come, range(5))) == [201] + [401] * 4


def test_a_repeat_under_the_same_idempotency_key_is_the_same_session(
    ada: Somebody, gateway: RunningGateway, sql: Sql
) -> None:
    under, code = {"Idempotency-Key": new_id("idm")}, ada.code()
    first, again = (ada.try_to_sign_in(gateway.url, under, code=code) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert sql("SELECT count(*) FROM session WHERE person_id = :id", id=ada.person_id) == [(1,)]
    other = ada.try_to_sign_in(gateway.url, under, code=ada.code(1))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert ada.try_to_sign_in(gateway.url, under, password="not the one").status_code == 401


def test_no_secret_can_be_read_anywhere(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway, sql: Sql
) -> None:
    code = ada.code()
    under = {"Idempotency-Key": new_id("idm")}
    token = ada.try_to_sign_in(gateway.url, under, code=code).json()["token"]
    ada.try_to_sign_in(gateway.url, password="an ill-kept secret")
    found = parse_key(token)
    assert found is not None
    kept = str(
        [
            sql(f"SELECT * FROM {table}")
            for table in ("session", "person_secret", "answer", "sign_in_try", "person")
        ]
    )
    shown = client.get(ada.path).text + client.get("/v1/sessions", params=_of(ada)).text
    for secret in (found.secret, token, PASSWORD, ada.secret, "an ill-kept secret"):
        for place in (gateway.log.read_text(), shown, kept):
            assert secret not in place
        assert secret.encode().hex() not in kept
    asked = orjson.dumps({"code": code, "email": ada.email, "password": PASSWORD})
    guessed = hashlib.sha256(b"POST /v1/sessions\n" + asked).digest()
    statement = "SELECT request_hash FROM answer WHERE command_id = :id"
    [[kept_of_it]] = sql(statement, id=under["Idempotency-Key"])
    assert bytes(kept_of_it) != guessed


def _of(somebody: Somebody) -> dict[str, str]:
    return {"person_id": somebody.person_id}


def test_two_devices_are_two_sessions_and_one_can_end_the_other(
    ada: Somebody, gateway: RunningGateway
) -> None:
    phone = ada.sign_in(gateway.url, device="phone")
    laptop = ada.sign_in(gateway.url, device="laptop", code=ada.code(1))
    with gateway.client(laptop["token"]) as client:
        listed = client.get("/v1/sessions").json()["items"]
        assert [one["device"] for one in listed] == ["phone", "laptop"]
        assert not any("token" in one or "digest" in one for one in listed)
        ended = client.post(f"/v1/sessions/{phone['session_id']}/revoke")
        assert (ended.status_code, ended.json()["status"]) == (200, "revoked")
        assert ended.json()["revoked_by"] == ada.staff_id
    assert outcome(gateway, phone["token"]) == (401, "session_revoked")
    assert outcome(gateway, laptop["token"]) == (200, "")


def test_a_session_ended_here_is_refused_by_every_other_gateway_within_five_seconds(
    make_door: Callable[..., RunningGateway], ada: Somebody, gateway: RunningGateway
) -> None:
    other = make_door()
    session = ada.sign_in(gateway.url)
    assert outcome(other, session["token"]) == (200, "")
    with gateway.client(session["token"]) as client:
        client.post(f"/v1/sessions/{session['session_id']}/revoke")
    refused = (401, "session_revoked")
    wait_until(lambda: outcome(other, session["token"]) == refused, seconds_max=5)
    other.stop()


def test_who_is_kept_out_is_out_within_five_seconds_and_old_sessions_stay_dead(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway
) -> None:
    token = ada.sign_in(gateway.url)["token"]
    assert outcome(gateway, token) == (200, "")
    assert client.post(f"{ada.path}/deactivate").json()["is_active"] is False
    refused = (401, "session_revoked")
    wait_until(lambda: outcome(gateway, token) == refused, seconds_max=5)
    assert client.post(f"{ada.path}/activate").json()["is_active"] is True
    assert outcome(gateway, token) == refused
    assert ada.try_to_sign_in(gateway.url, code=ada.code(1)).status_code == 201


@pytest.mark.parametrize("action", ["set-password", "enrol-code-generator", "reset"])
def test_other_secrets_end_the_sessions_that_were_begun_with_the_old(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway, action: str
) -> None:
    token = ada.sign_in(gateway.url)["token"]
    body = {"password": "another password"} if action == "set-password" else None
    assert client.post(f"{ada.path}/{action}", json=body).status_code == 200
    refused = (401, "session_revoked")
    wait_until(lambda: outcome(gateway, token) == refused, seconds_max=5)


def test_a_person_changes_the_password_that_was_given_and_stays_signed_in(
    ada: Somebody, gateway: RunningGateway
) -> None:
    phone, laptop = ada.sign_in(gateway.url), ada.sign_in(gateway.url, code=ada.code(1))
    under = {"Idempotency-Key": new_id("idm")}
    sent = {"current_password": PASSWORD, "password": "a password of my own"}
    with gateway.client(laptop["token"]) as client:
        changed = client.post("/v1/me/set-password", json=sent, headers=under)
        assert (changed.status_code, changed.json()["person_id"]) == (200, ada.person_id)
        again = client.post("/v1/me/set-password", json=sent, headers=under)
        assert again.headers["Idempotent-Replayed"] == "true"
    refused = (401, "session_revoked")
    wait_until(lambda: outcome(gateway, phone["token"]) == refused, seconds_max=5)
    assert outcome(gateway, laptop["token"]) == (200, "")
    assert ada.try_to_sign_in(gateway.url).status_code == 401
    assert "a password of my own" not in gateway.log.read_text()


def test_nobody_changes_a_password_without_the_one_until_now(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway
) -> None:
    sent = {"current_password": "guessed", "password": "a password of theirs"}
    with gateway.client(ada.sign_in(gateway.url)["token"]) as thief:
        thief.headers.update(ada.headers)
        answers = [thief.post("/v1/me/set-password", json=sent) for _ in range(7)]
        assert [one.status_code for one in answers] == [422] * 6 + [429]
        assert answers[0].json()["errors"][0]["pointer"] == "/current_password"
        assert thief.get("/v1/me").status_code == 200
    key = client.post("/v1/me/set-password", json=sent)
    assert (key.status_code, key.json()["code"]) == (409, "no_person")


@pytest.mark.parametrize(
    "aged",
    [
        "last_used_at = now() - interval '8 hours 1 second'",
        "ends_at = now()",
    ],
)
def test_a_session_ends_when_it_was_idle_or_its_time_is_over(
    ada: Somebody, gateway: RunningGateway, sql: Sql, aged: str
) -> None:
    session = ada.sign_in(gateway.url)
    hours = "extract(epoch FROM ends_at - created_at) / 3600"
    statement = f"SELECT {hours} FROM session WHERE session_id = :id"
    assert sql(statement, id=session["session_id"])[0][0] == 12
    sql(f"UPDATE session SET {aged} WHERE session_id = :id", id=session["session_id"])
    assert outcome(gateway, session["token"]) == (401, "session_expired")


def test_a_session_in_use_is_not_idle(ada: Somebody, gateway: RunningGateway, sql: Sql) -> None:
    session = ada.sign_in(gateway.url)
    aged = "UPDATE session SET last_used_at = now() - interval '7 hours' WHERE session_id = :id"
    sql(aged, id=session["session_id"])
    assert outcome(gateway, session["token"]) == (200, "")
    used = "SELECT last_used_at > now() - interval '1 minute' FROM session WHERE session_id = :id"
    wait_until(lambda: sql(used, id=session["session_id"]) == [(True,)])


def test_a_change_of_roles_reaches_sessions_within_five_seconds(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway
) -> None:
    token = ada.sign_in(gateway.url)["token"]
    assert outcome(gateway, token) == (200, "")
    assert client.patch(ada.path, json={"roles": ["assistant"]}).status_code == 200
    refused = (403, "scope_missing")
    wait_until(lambda: outcome(gateway, token) == refused, seconds_max=5)


def test_a_command_is_recognised_after_a_new_sign_in(
    ada: Somebody, gateway: RunningGateway, things: FakeService
) -> None:
    under = {"Idempotency-Key": new_id("idm")}
    for number in range(2):
        token = ada.sign_in(gateway.url, code=ada.code(number))["token"]
        with gateway.client(token) as client:
            assert client.post("/v1/things", json={"a": 1}, headers=under).status_code == 201
            other = client.post("/v1/things", json={"a": 2}, headers=under)
            assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    vouched = [one.vouched for one in things.received]
    assert {(one.caller.subject, one.command_id) for one in vouched} == {
        (ada.staff_id, under["Idempotency-Key"])
    }


def test_nobody_sees_or_ends_the_sessions_of_others_but_an_administrator(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway
) -> None:
    session = ada.sign_in(gateway.url)
    with gateway.client(Somebody(client).sign_in(gateway.url)["token"]) as stranger:
        refused = stranger.post(f"/v1/sessions/{session['session_id']}/revoke")
        assert (refused.status_code, refused.json()["code"]) == (404, "session_not_found")
        assert stranger.get("/v1/sessions", params=_of(ada)).status_code == 403
        listed = stranger.get("/v1/sessions").json()["items"]
        assert session["session_id"] not in [one["session_id"] for one in listed]
    assert outcome(gateway, session["token"]) == (200, "")
    [listed] = client.get("/v1/sessions", params=_of(ada)).json()["items"]
    assert listed["session_id"] == session["session_id"]
    assert client.post(f"/v1/sessions/{session['session_id']}/revoke").status_code == 200
    assert outcome(gateway, session["token"]) == (401, "session_revoked")
    assert client.get("/v1/sessions").json()["items"] == []


@pytest.mark.parametrize("session_id", ["ses_x", "key_01jd3v4q6ye8z9t5k2m7n0p1xw", "%00"])
def test_an_unknown_session_is_404(client: httpx.Client, session_id: str) -> None:
    answer = client.post(f"/v1/sessions/{session_id}/revoke")
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


def test_a_session_token_with_another_secret_is_unknown(
    ada: Somebody, gateway: RunningGateway
) -> None:

    session_id = ada.sign_in(gateway.url)["session_id"]
    for one in (session_id, new_id("ses")):
        forged = format_key(Credential(one, new_secret()))
        assert outcome(gateway, forged) == (401, "session_unknown")
