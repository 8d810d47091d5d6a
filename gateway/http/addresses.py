"""The client's address: the peer's or, where that is a trusted proxy, the one that it has seen.

Each proxy adds, to the right, whom it was called by. What is left of the first address that is no trusted
proxy's may have been made up by the client; so may a header that none of the proxies writes, which is why
two headers that disagree are not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

FORWARDED, FORWARDED_FOR = b"forwarded", b"x-forwarded-for"

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]
Headers = Iterable[tuple[bytes, bytes]]

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](:\d+)?|(?P<four>[\d.]+):\d+")
_FOR = re.compile(r'(?:^|;)\s*for="?([^";]*)', re.IGNORECASE)  # RFC 7239


def find_client(peer: str, headers: Headers, trusted: Networks) -> str:
    """The address of the client of a request that has come from `peer`; `headers` have small letters."""
    nearest = _read(peer)
    if nearest is None or not _is_within(nearest, trusted):
        return peer
    hops: dict[bytes, list[str]] = {}
    for name, value in headers:
        if name in (FORWARDED, FORWARDED_FOR):
            hops.setdefault(name, []).extend(value.decode("latin-1").split(","))
    found = {_walk(nearest, name, told, trusted) for name, told in hops.items()}
    return str(found.pop() if len(found) == 1 else nearest)


def _walk(nearest: Address, name: bytes, hops: list[str], trusted: Networks) -> Address:
    for hop in reversed(hops):
        if name == FORWARDED:
            told = _FOR.search(hop)
            hop = told[1] if told else ""
        address = _read(hop.strip())
        if address is None:
            break
        nearest = address
        if not _is_within(address, trusted):
            break
    return nearest


def _read(text: str) -> Address | None:
    with_port = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((with_port["six"] or with_port["four"]) if with_port else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_within(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)
