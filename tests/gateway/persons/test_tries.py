"""Wrong tries are slowed by person and by network, and nobody who is signed in feels it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from gateway.persons.tries import OF_EMAIL, OF_NETWORK, network_of
from kernel.ids import new_id
from tests.gateway.persons.conftest import Sql
from tests.gateway.persons.somebody import PASSWORD, Somebody, make_address, make_email
from tests.gateway.running_gateway import RunningGateway


@pytest.mark.server
@pytest.mark.parametrize("is_somebody", [True, False])
def test_after_a_few_wrong_tries_a_person_waits_whether_there_is_one_or_not(
    ada: Somebody, gateway: RunningGateway, is_somebody: bool
) -> None:
    email = ada.email if is_somebody else make_email()

    def guess() -> httpx.Response:
        return ada.try_to_sign_in(
            gateway.url, make_address(), email=email, password="wrong horse battery staple"
        )

    answers = [guess() for _ in range(OF_EMAIL.free + 2)]
    assert [one.status_code for one in answers] == [401] * (OF_EMAIL.free + 1) + [429]
    assert answers[-1].json()["code"] == "too_many_tries"
    assert int(answers[-1].headers["Retry-After"]) in (1, 2)
    right = ada.try_to_sign_in(gateway.url, make_address(), email=email)
    assert right.status_code == 429, "who guesses must not see that it was right"


@pytest.mark.server
def test_the_waiting_doubles_up_to_five_minutes_and_is_over_then(
    ada: Somebody, gateway: RunningGateway, sql: Sql
) -> None:
    def guess() -> int:
        sql("UPDATE sign_in_try SET next_at = least(next_at, now())")
        wrong = {"password": "wrong horse battery staple"}
        return ada.try_to_sign_in(gateway.url, make_address(), **wrong).status_code

    assert [guess() for _ in range(OF_EMAIL.free)] == [401] * OF_EMAIL.free
    for seconds in (2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        assert guess() == 401
        refused = ada.try_to_sign_in(gateway.url, make_address())
        assert refused.status_code == 429
        assert seconds - 2 <= int(refused.headers["Retry-After"]) <= seconds
    sql("UPDATE sign_in_try SET next_at = least(next_at, now())")
    assert ada.try_to_sign_in(gateway.url, make_address()).status_code == 201
    again = ada.try_to_sign_in(gateway.url, make_address(), code=ada.code(1))
    assert again.status_code == 201, "a right one has wiped the slate clean"


@pytest.mark.server
def test_a_hundred_at_once_are_a_hundred(ada: Somebody, gateway: RunningGateway) -> None:
    def guess(number: int) -> int:
        return ada.try_to_sign_in(
            gateway.url, make_address(), password=f"guessed horse {number}", code="000000"
        ).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(guess, range(60)))
    assert statuses.count(401) <= OF_EMAIL.free + 3
    assert set(statuses) == {401, 429}


@pytest.mark.server
def test_a_network_that_tries_many_people_waits_and_others_do_not(
    client: httpx.Client, ada: Somebody, gateway: RunningGateway
) -> None:
    token = ada.sign_in(gateway.url)["token"]
    whence = make_address()
    statuses = [
        ada.try_to_sign_in(gateway.url, whence, email=make_email()).status_code
        for _ in range(OF_NETWORK.free + 2)
    ]
    assert statuses == [401] * (OF_NETWORK.free + 1) + [429]
    with gateway.client(token) as session:
        assert session.get("/v1/things", headers=whence).status_code == 200
    elsewhere = ada.try_to_sign_in(gateway.url, make_address(), code=ada.code(1))
    assert elsewhere.status_code == 201


@pytest.mark.server
def test_right_tries_of_many_people_behind_one_address_are_not_counted(
    client: httpx.Client, gateway: RunningGateway, sql: Sql
) -> None:
    whence = make_address()
    ada = Somebody(client)
    for _ in range(OF_NETWORK.free + 3):
        sql("UPDATE person_secret SET totp_step = 0 WHERE person_id = :id", id=ada.person_id)
        assert ada.try_to_sign_in(gateway.url, whence).status_code == 201


@pytest.mark.server
def test_a_repeat_of_what_was_right_is_no_wrong_try(ada: Somebody, gateway: RunningGateway) -> None:
    under, code = {"Idempotency-Key": new_id("idm")}, ada.code()
    for _ in range(OF_EMAIL.free + 3):
        assert ada.try_to_sign_in(gateway.url, under, code=code).status_code == 201


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "", True),
    ],
)
def test_a_network_is_an_address_or_what_a_house_has_of_ipv6(
    one: str, other: str, are_same: bool
) -> None:
    assert (network_of(one) == network_of(other)) is are_same


@pytest.mark.server
def test_what_is_kept_of_tries_names_nobody(
    ada: Somebody, gateway: RunningGateway, sql: Sql
) -> None:
    ada.try_to_sign_in(gateway.url, password=PASSWORD[::-1])
    kept = str(sql("SELECT about FROM sign_in_try"))
    assert ada.email not in kept
    assert ada.headers["X-Forwarded-For"] not in kept
