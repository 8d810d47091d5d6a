"""Wrong tries to sign in: whoever has had many must wait, longer each time, by e-mail and by network.

A try counts as wrong from its beginning until it proves right: a hundred at once are a hundred. What is
kept of an e-mail or a network is a keyed digest, whether or not there is such a person. Sessions are
never looked at here: who is signed in stays so."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.problems import Problem, retry_after
from gateway.sealing import Seal

SUBNET_BITS = 64  # of IPv6: what one house has


class Allowance(NamedTuple):
    """How many tries are free, and how long to wait at most after a further one (doubling from 2 s)."""

    free: int
    seconds_max: int


OF_EMAIL = Allowance(free=5, seconds_max=300)
OF_NETWORK = Allowance(free=20, seconds_max=60)  # where many people may be
FORGOTTEN_SECONDS = 3600

# One statement, so that of two at once the second sees the first; and the time as it is, not as it was
# when a transaction began that has waited since. It changes nothing while one must wait.
_BEGIN = text(
    """
    INSERT INTO sign_in_try AS tried (about, count, next_at) VALUES (:about, 1, clock_timestamp())
    ON CONFLICT (about) DO UPDATE SET
        count = CASE WHEN tried.next_at < clock_timestamp() - make_interval(secs => :forgotten) THEN 1
                     ELSE tried.count + 1 END,
        next_at = CASE WHEN tried.next_at < clock_timestamp() - make_interval(secs => :forgotten)
                         OR tried.count < :free THEN clock_timestamp()
                       ELSE clock_timestamp() + make_interval(
                           secs => least(:most, power(2, least(tried.count - :free + 1, 20)))) END
    WHERE tried.next_at <= clock_timestamp()
    RETURNING count
    """
)
_WAIT = text(
    "SELECT ceil(extract(epoch FROM next_at - clock_timestamp()))::int"
    " FROM sign_in_try WHERE about = :about"
)
_FORGIVE = text("DELETE FROM sign_in_try WHERE about = :about")
_GIVE_BACK = text(
    "UPDATE sign_in_try SET count = greatest(count - 1, 0), next_at = now() WHERE about = :about"
)
_FORGET = text("DELETE FROM sign_in_try WHERE next_at < now() - make_interval(secs => :forgotten)")


class Tries:
    """Counts tries in the database, so for all workers alike."""

    def __init__(self, database: Database, pepper: bytes) -> None:
        self._database = database
        self._seal = Seal(pepper, b"steward tries to sign in")

    async def begin(self, address: str, email: str | None = None) -> None:
        """Count a try from an address and, if it is by e-mail, for that. Problem 429 where one of them
        must wait."""
        async with self._database.transaction() as connection:
            await self._count(connection, network_of(address), OF_NETWORK)
            if email is not None:
                await self._count(connection, email, OF_EMAIL)

    async def forgive(self, address: str, email: str | None = None) -> None:
        """The try was right: the e-mail has a clean slate, the network its try back."""
        async with self._database.transaction() as connection:
            await connection.execute(_GIVE_BACK, {"about": self._about(network_of(address))})
            if email is not None:
                await connection.execute(_FORGIVE, {"about": self._about(email)})

    async def forget_old(self) -> None:
        """Delete what has been quiet for an hour."""
        async with self._database.transaction() as connection:
            await connection.execute(_FORGET, {"forgotten": FORGOTTEN_SECONDS})

    async def _count(self, connection: AsyncConnection, whose: str, allowance: Allowance) -> None:
        about = self._about(whose)
        values = {
            "about": about,
            "free": allowance.free,
            "most": allowance.seconds_max,
            "forgotten": FORGOTTEN_SECONDS,
        }
        if (await connection.execute(_BEGIN, values)).one_or_none() is None:
            seconds = max(1, await connection.scalar(_WAIT, {"about": about}) or 1)
            detail = f"Too many tries to sign in were wrong; wait {seconds} s."
            raise Problem(429, "too_many_tries", detail, headers=retry_after(seconds))

    def _about(self, whose: str) -> bytes:
        return self._seal.digest(whose.encode())


def network_of(address: str) -> str:
    """What somebody can easily have all addresses of."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(int(found) >> (128 - SUBNET_BITS))
    return str(found)
