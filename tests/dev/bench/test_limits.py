"""A limit is asked again while what it is measured on starts, however it fails to answer meanwhile."""

import socket
import threading
from collections.abc import Iterator

import pytest

from dev.bench import limits
from dev.bench.limits import finds_its_service
from dev.ports import free_port

UNKNOWN = b"HTTP/1.1 500 E\r\nContent-Length: 14\r\n\r\nUnknownService"
ABSENT = b"HTTP/1.1 500 E\r\nContent-Length: 6\r\n\r\nabsent"


@pytest.fixture
def answered(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that answers one request with the bytes it is given, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(request.param)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    ("answered", "finds"),
    [(b"", False), (b"HTTP/1.1 ", False), (UNKNOWN, False), (ABSENT, True)],
    indirect=["answered"],
)
def test_a_stock_gateway_finds_its_service_once_it_answers_with_something_else(
    answered: str, finds: bool
) -> None:
    assert finds_its_service(answered) is finds


def test_nobody_listens_yet() -> None:
    assert not finds_its_service(f"http://127.0.0.1:{free_port()}")


def test_an_answer_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ANSWER_SECONDS_MAX", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(TimeoutError):
        finds_its_service(f"http://127.0.0.1:{server.getsockname()[1]}")
