"""Persons: invited, listed, edited, given secrets, and nobody's reach but one's own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kernel.ids import new_id
from tests.gateway.persons.somebody import PASSWORD, Somebody, invite, make_email
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

NOBODY = "per_01jd3v4q6ye8z9t5k2m7n0p1xw"


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def make_key(client: httpx.Client, **wanted: Any) -> str:
    sent = {"name": "of a test", "scopes": ["admin"], **wanted}
    answer = client.post("/v1/api-keys", json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def test_who_is_invited_is_shown_with_what_the_roles_may_do(client: httpx.Client) -> None:
    staff_id, email = new_id("stf"), make_email()
    sent = {
        "name": "Ada Ross",
        "email": email.upper(),
        "roles": ["things_clerk", "assistant"],
        "staff_id": staff_id,
    }
    answer = client.post("/v1/persons", json=sent)
    made = answer.json()
    assert answer.headers["Location"] == f"/v1/persons/{made['person_id']}"
    assert answer.headers["ETag"] == '"1"'
    assert (made["email"], made["staff_id"]) == (email, staff_id)
    assert made["roles"] == ["assistant", "things_clerk"]
    assert {"things:write", "accounts:read"} <= set(made["scopes"])
    assert (made["is_active"], made["has_password"], made["has_code_generator"]) == (True,) + (
        False,
    ) * 2
    assert client.get(f"/v1/persons/{made['person_id']}").json() == made


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "/name"),
        ({"name": "a\nb"}, "/name"),
        ({"email": "nobody"}, "/email"),
        ({"email": None}, "/email"),
        ({"email": f"{'a' * 250}@firm.example"}, "/email"),
        ({"roles": []}, "/roles"),
        ({"roles": ["Lead"]}, "/roles/0"),
        ({"roles": ["lead"] * 6}, "/roles"),
        ({"staff_id": "key_01jd3v4q6ye8z9t5k2m7n0p1xw"}, "/staff_id"),
        ({"password": PASSWORD}, "/password"),
    ],
)
def test_a_wrong_field_is_pointed_at(
    client: httpx.Client, changes: dict[str, Any], field: str
) -> None:
    good = {"name": "Ada Ross", "email": make_email(), "roles": ["assistant"], "staff_id": None}
    person = f"/v1/persons/{invite(client)['person_id']}"
    for verb, path, body in (("POST", "/v1/persons", good), ("PATCH", person, {})):
        answer = client.request(verb, path, json={**body, **changes})
        assert outcome(answer) == (422, "invalid_fields")
        assert field in [error["pointer"] for error in answer.json()["errors"]]


def test_a_role_that_there_is_not_is_pointed_at(client: httpx.Client) -> None:
    sent = {
        "name": "Ada",
        "email": make_email(),
        "roles": ["assistant", "wizard"],
        "staff_id": None,
    }
    answer = client.post("/v1/persons", json=sent)
    assert outcome(answer) == (422, "role_unknown")
    assert answer.json()["errors"][0]["pointer"] == "/roles/1"


@pytest.mark.parametrize("field", ["email", "staff_id"])
def test_an_address_and_a_member_of_staff_are_one_persons(client: httpx.Client, field: str) -> None:
    first, second = (invite(client, staff_id=new_id("stf")) for _ in range(2))
    for verb, path, body in (
        (
            "POST",
            "/v1/persons",
            {"name": "x", "email": make_email(), "roles": ["assistant"], "staff_id": None},
        ),
        ("PATCH", f"/v1/persons/{second['person_id']}", {}),
    ):
        answer = client.request(verb, path, json={**body, field: first[field]})
        assert outcome(answer) == (409, f"{field}_taken")
        assert answer.json()["errors"][0]["pointer"] == f"/{field}"


def test_what_is_named_is_edited_and_the_rest_stays(client: httpx.Client) -> None:
    person = invite(client, staff_id=new_id("stf"))
    path, email = f"/v1/persons/{person['person_id']}", make_email()
    for changes in (
        {"name": "Ada Hall"},
        {"email": email},
        {"roles": ["lead"]},
        {"staff_id": None},
    ):
        changed = client.patch(path, json=changes).json()
        scopes = changed["scopes"] if "roles" in changes else person["scopes"]
        person |= {**changes, "scopes": scopes, "version": person["version"] + 1}
        assert changed == person
    stale = client.patch(path, json={"name": "Eve"}, headers={"If-Match": '"1"'})
    assert outcome(stale) == (412, "version_mismatch")


def test_persons_are_listed_in_pages(client: httpx.Client) -> None:
    made = [invite(client)["person_id"] for _ in range(3)]
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = client.get("/v1/persons", params={"limit": "50", **after}).json()
        found += [item["person_id"] for item in page["items"]]
        if not page["has_more"]:
            break
        after = {"after": page["next_after"]}
    assert [one for one in found if one in made] == made
    assert outcome(client.get("/v1/persons?after=x")) == (422, "invalid_cursor")


@pytest.mark.parametrize("person_id", ["per_x", NOBODY, "%00", "key_01jd3v4q6ye8z9t5k2m7n0p1xw"])
def test_an_unknown_person_is_404(client: httpx.Client, person_id: str) -> None:
    path = f"/v1/persons/{person_id}"
    for verb, more, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "x"}),
        ("POST", "/deactivate", {}),
        ("POST", "/activate", {}),
        ("POST", "/reset", {}),
        ("POST", "/enrol-code-generator", {}),
        ("POST", "/set-password", {"password": PASSWORD}),
    ):
        answer = client.request(verb, f"{path}{more}", json=body)
        assert outcome(answer) == (404, "person_not_found"), more
    assert client.get(f"/v1/sessions?person_id={NOBODY}").status_code == 404


@pytest.mark.parametrize(
    "password", ["", "elevencharo", "12345678901", "a\nbcdefghijklm", "x" * 257, 123456789012, None]
)
def test_a_password_that_will_not_do_is_refused_with_the_remedy(
    client: httpx.Client, password: object
) -> None:
    path = f"/v1/persons/{invite(client)['person_id']}/set-password"
    answer = client.post(path, json={"password": password})
    assert outcome(answer) == (422, "invalid_fields")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/password"]
    assert not password or str(password) not in answer.text


@pytest.mark.parametrize(
    "password", ["twelve chars", "            .", "密码密码密码密码密码密码", "x" * 256]
)
def test_a_password_needs_length_and_nothing_else(client: httpx.Client, password: str) -> None:
    path = f"/v1/persons/{invite(client)['person_id']}/set-password"
    assert client.post(path, json={"password": password}).json()["has_password"] is True


def test_a_repeated_enrolment_shows_the_same_secret_and_another_a_new_one(
    client: httpx.Client,
) -> None:
    path = f"/v1/persons/{invite(client)['person_id']}/enrol-code-generator"
    under = {"Idempotency-Key": new_id("idm")}
    first, again = (client.post(path, headers=under) for _ in range(2))
    assert first.content == again.content
    assert first.json()["address"].startswith("otpauth://totp/Steward:")
    assert client.post(path).json()["secret"] != first.json()["secret"]


def test_a_reset_takes_both_secrets_away(client: httpx.Client, ada: Somebody) -> None:
    shown = client.post(f"{ada.path}/reset").json()
    assert (shown["has_password"], shown["has_code_generator"]) == (False, False)


def test_persons_need_the_scope_admin_and_a_key_that_sees_all(
    client: httpx.Client, gateway: RunningGateway, ada: Somebody
) -> None:
    limited = make_key(client, accounts=["acc_01jd3v4q6ye8z9t5k2m7n0p1xw"])
    for token in (ada.sign_in(gateway.url)["token"], limited):
        with gateway.client(token) as other:
            for path in ("/v1/persons", ada.path, "/v1/roles", "/v1/roles/lead"):
                assert other.get(path).status_code == 403, path
            assert other.post("/v1/persons", json={}).status_code == 403
            assert other.put("/v1/roles/lead", json={"scopes": ["admin"]}).status_code == 403


def test_nobody_makes_or_changes_a_person_who_reaches_further(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    client.put("/v1/roles/things_reader", json={"scopes": ["things:read"]})
    within, beyond = invite(client, roles=["things_reader"]), invite(client)
    wanted = {"name": "x", "email": make_email(), "staff_id": None}
    with gateway.client(make_key(client, scopes=["admin", "things:read"])) as minor:
        listed = [one["person_id"] for one in minor.get("/v1/persons?limit=500").json()["items"]]
        assert within["person_id"] in listed
        assert beyond["person_id"] not in listed
        for roles in (["things_clerk"], ["admin"], ["things_reader", "lead"]):
            made = minor.post("/v1/persons", json={**wanted, "roles": roles})
            assert outcome(made) == (403, "scope_not_held")
            edited = minor.patch(f"/v1/persons/{within['person_id']}", json={"roles": roles})
            assert outcome(edited) == (403, "scope_not_held")
        path = f"/v1/persons/{beyond['person_id']}"
        for verb, more, body in (
            ("GET", "", None),
            ("PATCH", "", {"roles": ["things_reader"]}),
            ("POST", "/deactivate", {}),
            ("POST", "/set-password", {"password": PASSWORD}),
            ("POST", "/enrol-code-generator", {}),
        ):
            answer = minor.request(verb, f"{path}{more}", json=body)
            assert outcome(answer) == (404, "person_not_found")
        assert (
            minor.get("/v1/sessions", params={"person_id": beyond["person_id"]}).status_code == 404
        )
        assert minor.post("/v1/persons", json={**wanted, "roles": ["things_reader"]}).is_success


def test_who_acts_for_a_member_of_staff_makes_nobody_who_acts_for_another(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    mine, others = new_id("stf"), new_id("stf")
    client.put("/v1/roles/things_admin", json={"scopes": ["admin", "things:read"]})
    lead = Somebody(client, roles=["things_admin"], staff_id=mine)
    with gateway.client(lead.sign_in(gateway.url)["token"]) as minor:
        listed = minor.get("/v1/persons").json()["items"]
        assert [one["person_id"] for one in listed] == [lead.person_id]
        for staff_id in (others, None):
            sent = {"name": "x", "email": make_email(), "roles": ["things_admin"]}
            made = minor.post("/v1/persons", json={**sent, "staff_id": staff_id})
            assert outcome(made) == (403, "staff_not_held")
            edited = minor.patch(lead.path, json={"staff_id": staff_id})
            assert outcome(edited) == (403, "staff_not_held")
            key = {"name": "x", "scopes": ["things:read"], "staff_id": staff_id}
            assert outcome(minor.post("/v1/api-keys", json=key)) == (403, "staff_not_held")
        key = {"name": "x", "scopes": ["things:read"], "staff_id": mine}
        assert minor.post("/v1/api-keys", json=key).status_code == 201


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"expires_at": "2050-01-01T00:00:00Z"}, "expiry_not_held"),
        ({"requests_per_second": 5}, "rate_not_held"),
        ({"calls_at_once": 2}, "rate_not_held"),
    ],
)
def test_a_key_gives_no_person_more_time_and_no_more_haste_than_it_has(
    client: httpx.Client, gateway: RunningGateway, limits: dict[str, Any], code: str
) -> None:
    path = f"/v1/persons/{invite(client)['person_id']}"
    with gateway.client(make_key(client, scopes=["*"], **limits)) as limited:
        sent = {"name": "x", "email": make_email(), "roles": ["assistant"], "staff_id": None}
        for verb, where, body in (
            ("POST", "/v1/persons", sent),
            ("PATCH", path, {"roles": ["lead"]}),
            ("POST", f"{path}/set-password", {"password": PASSWORD}),
            ("POST", f"{path}/enrol-code-generator", None),
        ):
            assert outcome(limited.request(verb, where, json=body)) == (403, code), where
        assert limited.post(f"{path}/deactivate").status_code == 200
        is_over = "expires_at" in limits
        put = limited.put("/v1/roles/things_brief", json={"scopes": ["things:read"]})
        assert put.status_code == (403 if is_over else 200)


def test_an_administrator_signs_in_and_does_what_the_first_key_could(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    chief = Somebody(client, roles=["admin"], staff_id=new_id("stf"))
    with gateway.client(chief.sign_in(gateway.url)["token"]) as admin:
        made = invite(admin, staff_id=new_id("stf"))
        assert made["created_by"] == chief.staff_id
        key = admin.post("/v1/api-keys", json={"name": "shop", "scopes": ["things:read"]}).json()
        assert (key["created_by"], key["staff_id"]) == (chief.staff_id, None)
        assert key["expires_at"] is None


def test_a_secret_is_not_told_again_to_a_lesser_key_of_the_same_person(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    staff_id, under = new_id("stf"), {"Idempotency-Key": new_id("idm")}
    wide, narrow = (
        make_key(client, scopes=scopes, staff_id=staff_id)
        for scopes in (["admin", "things:read"], ["admin"])
    )
    with gateway.client(wide) as strong, gateway.client(narrow) as weak:
        key = {"name": "x", "scopes": ["things:read"], "staff_id": staff_id}
        made = strong.post("/v1/api-keys", json=key).json()
        path = f"/v1/api-keys/{made['key_id']}/rotate"
        assert strong.post(path, headers=under).status_code == 200
        assert strong.post(path, headers=under).headers["Idempotent-Replayed"] == "true"
        assert outcome(weak.post(path, headers=under)) == (404, "api_key_not_found")
