"""The issuer's keys: which are taken, and how seldom they are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from gateway.persons import issuer as subject
from gateway.persons.issuer import IssuerKeys, read_keys
from gateway.problems import Problem
from tests.gateway.persons.issuing import Issuer


@pytest.fixture
def own_issuer() -> Iterator[Issuer]:
    """One whose keys this test changes."""
    issuer = Issuer()
    yield issuer
    issuer.stop()


class Clock:
    """The minutes of this process."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(subject, "time", clock)
    return clock


def test_a_new_key_is_found_after_a_minute_at_most_and_an_old_one_lost_after_an_hour(
    own_issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(own_issuer.url)

    async def find(name: str) -> bool:
        return await keys.find(name) is not None

    async def live() -> None:
        assert await find("rsa")
        own_issuer.keys["new"] = own_issuer.keys.pop("rsa")
        clock.now += 59
        assert not await find("new")
        clock.now += 1
        assert await find("new")
        assert own_issuer.times_asked == 2
        assert not await find("rsa")
        clock.now += 3601
        del own_issuer.keys["ec"]
        assert not await find("ec")
        assert own_issuer.times_asked == 3

    asyncio.run(live())


def test_while_the_issuer_is_silent_its_keys_count_for_an_hour(
    own_issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(own_issuer.url)

    async def live() -> None:
        assert await keys.find("rsa")
        own_issuer.status = 500
        for _ in range(59):
            clock.now += 60
            assert await keys.find("rsa")
            assert await keys.find("unknown") is None
        clock.now += 61
        for _ in range(3):
            with pytest.raises(Problem) as refused:
                await keys.find("rsa")
            assert (refused.value.status, refused.value.code) == (503, "issuer_unavailable")
        assert own_issuer.times_asked == 1 + 59 + 1
        own_issuer.status = 200
        clock.now += 60
        assert await keys.find("rsa")

    asyncio.run(live())


def test_many_at_once_ask_the_issuer_once(own_issuer: Issuer) -> None:
    keys = IssuerKeys(own_issuer.url)

    async def live() -> list[Any]:
        return await asyncio.gather(*(keys.find("rsa") for _ in range(50)))

    assert all(asyncio.run(live()))
    assert own_issuer.times_asked == 1


def _rsa(bits: int, **more: Any) -> dict[str, Any]:
    key = rsa.generate_private_key(65537, bits)
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "one", **more}


@pytest.mark.parametrize(
    ("key", "is_taken"),
    [
        (_rsa(2048), True),
        (_rsa(2048, use="sig", alg="PS256"), True),
        (_rsa(2048, use="enc"), False),
        (_rsa(1024), False),
        (_rsa(2048, kid=17), False),
        (_rsa(2048, alg="HS256"), False),
        ({"kty": "oct", "k": "c2VjcmV0", "kid": "one"}, False),
        ({"kty": "OKP", "crv": "Ed448", "kid": "one"}, False),
        ({"kid": "one"}, False),
        ("nonsense", False),
        (None, False),
    ],
    ids=range(11),
)
def test_only_keys_that_a_token_may_be_signed_with_are_taken(key: Any, is_taken: bool) -> None:
    assert list(read_keys({"keys": [key]})) == (["one"] if is_taken else [])


@pytest.mark.parametrize("document", [None, [], {}, {"keys": {}}, "keys"])
def test_what_is_no_jwk_set_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match="JWK"):
        read_keys(document)
