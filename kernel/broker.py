"""What all who meet at the broker agree on: names of exchanges and queues, and who has which user.

The broker vouches for the user that a message names, and for nothing else in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

GATEWAY = "gateway"
RPC_EXCHANGE = "nameko-rpc"  # of requests; the gateway's
CONTRACTS_EXCHANGE = "steward.contracts"  # where services say that they are there; the gateway's
USERS_RULE = "steward_{owner}"
SHARED_USER = "shared"
_OWNER = "{owner}"


def rpc_queue(service: str) -> str:
    """Where a service's requests wait, as nameko names it."""
    return f"rpc-{service}"


def introductions_exchange(service: str) -> str:
    """Where a service tells one listener how things are."""
    return f"{service}.introductions"


def replies_exchange(service: str) -> str:
    """Where a service answers; whoever calls it binds a queue here under its `reply_to`."""
    return f"{service}.replies"


def events_exchange(source: str) -> str:
    """Where a service announces, as nameko names it."""
    return f"{source}.events"


@dataclass(frozen=True)
class Users:
    """The broker's users. `rule` says which one an owner (a service, `gateway`) has: a text with
    `{owner}`, or `shared` where all have the one, and nobody can be told from another. `own` is that of
    this process."""

    rule: str
    own: str

    @classmethod
    def read(cls, rule: str, amqp_uri: str) -> Users:
        """By a rule, and by the address that this process uses; ValueError where the rule is none."""
        if rule != SHARED_USER and (rule.count(_OWNER), rule.count("{"), rule.count("}")) != (
            1,
            1,
            1,
        ):
            raise ValueError(f"{USERS_RULE} names everybody's user; {SHARED_USER}: all have one.")
        return cls(rule, unquote(urlsplit(amqp_uri).username or "guest"))

    @property
    def is_shared(self) -> bool:
        """Whether nobody can be told from another."""
        return self.rule == SHARED_USER

    def of(self, owner: str) -> str:
        """The user whose messages count as the owner's."""
        return self.own if self.is_shared else self.rule.replace(_OWNER, owner)
