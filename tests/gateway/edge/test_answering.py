"""Claims about what of an answer leaves together."""

from __future__ import annotations

import pytest

from gateway.edge.answering import HeadWithBody

HEAD, GO_ON = b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"


class _Transport:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.sent.append(data)

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ([HEAD, b"{}"], [HEAD + b"{}"]),
        ([HEAD, b""], [HEAD]),
        ([HEAD, b"a", b"b", b"c"], [HEAD + b"a", b"b", b"c"]),
        ([GO_ON, HEAD, b"{}"], [GO_ON, HEAD + b"{}"]),
        ([GO_ON], [GO_ON]),
        ([HEAD], []),
        ([], []),
    ],
)
def test_the_head_leaves_with_the_first_of_the_body(
    written: list[bytes], sent: list[bytes]
) -> None:
    transport = _Transport()
    answer = HeadWithBody(transport)
    for data in written:
        answer.write(data)
    assert transport.sent == sent
    answer.close()
    assert b"".join(transport.sent) == b"".join(written), "all of it before the end"
    assert transport.is_closed
    assert answer.is_closing()
