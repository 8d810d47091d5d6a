"""Whose request it is: the peer's address, or what proxies say that are trusted."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.http.addresses import find_client

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "2001:db8::/32")))
PROXY, OTHER = "10.0.0.1", "10.0.0.2"
CLIENT, SPOOFED = "203.0.113.7", "198.51.100.1"

Headers = list[tuple[bytes, bytes]]


def forwarded_for(*values: str) -> Headers:
    return [(b"x-forwarded-for", value.encode()) for value in values]


def forwarded(*values: str) -> Headers:
    return [(b"forwarded", value.encode()) for value in values]


@pytest.mark.parametrize(
    ("peer", "headers", "found"),
    [
        (CLIENT, [], CLIENT),
        (CLIENT, forwarded_for(SPOOFED), CLIENT),
        (CLIENT, forwarded(f"for={SPOOFED}"), CLIENT),
        (PROXY, [], PROXY),
        (PROXY, forwarded_for(CLIENT), CLIENT),
        (PROXY, forwarded_for(f"{SPOOFED}, {CLIENT}"), CLIENT),
        (PROXY, forwarded_for(f"{SPOOFED}, {CLIENT}, {OTHER}"), CLIENT),
        (PROXY, forwarded_for(f"{SPOOFED},{CLIENT}", OTHER), CLIENT),
        (PROXY, forwarded_for(f"{CLIENT}:4711"), CLIENT),
        (PROXY, forwarded_for(OTHER), OTHER),
        (PROXY, forwarded_for(f"{SPOOFED}, unknown"), PROXY),
        (PROXY, forwarded_for(f"{SPOOFED}, nonsense, {OTHER}"), OTHER),
        (PROXY, forwarded_for(""), PROXY),
        (PROXY, forwarded_for("2001:db9::7"), "2001:db9::7"),
        (PROXY, forwarded_for("[2001:db9::7]:4711"), "2001:db9::7"),
        (PROXY, forwarded_for("::ffff:203.0.113.7"), CLIENT),
        (PROXY, forwarded(f"for={CLIENT}"), CLIENT),
        (PROXY, forwarded(f'for={SPOOFED}, For="{CLIENT}:4711";proto=https;by={OTHER}'), CLIENT),
        (PROXY, forwarded('proto=https;for="[2001:db9::7]:4711"'), "2001:db9::7"),
        (PROXY, forwarded(f"for={SPOOFED}, for=_hidden"), PROXY),
        (PROXY, forwarded(f'for="{SPOOFED}, for={CLIENT}'), CLIENT),
        (PROXY, forwarded(f"for={SPOOFED}, proto=https"), PROXY),
        (PROXY, forwarded(f"for={CLIENT}") + forwarded_for(CLIENT), CLIENT),
        (PROXY, forwarded(f"for={SPOOFED}") + forwarded_for(CLIENT), PROXY),
        ("2001:db8::1", forwarded_for(CLIENT), CLIENT),
        ("::ffff:10.0.0.1", forwarded_for(CLIENT), CLIENT),
        ("", forwarded_for(CLIENT), ""),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy_is_the_clients(
    peer: str, headers: Headers, found: str
) -> None:
    assert find_client(peer, headers, TRUSTED) == found


def test_with_no_trusted_proxies_nobody_is_believed() -> None:
    assert find_client(PROXY, forwarded_for(CLIENT), ()) == PROXY


@given(st.binary(max_size=200), st.sampled_from([b"x-forwarded-for", b"forwarded"]))
def test_what_the_client_has_written_itself_changes_nothing(sent: bytes, name: bytes) -> None:
    told = CLIENT.encode() if name == b"x-forwarded-for" else b"for=" + CLIENT.encode()
    assert find_client(PROXY, [(name, sent), (name, told)], TRUSTED) == CLIENT
    assert find_client(PROXY, [(name, sent + b", " + told)], TRUSTED) == CLIENT
    assert find_client(CLIENT, [(name, sent)], TRUSTED) == CLIENT
