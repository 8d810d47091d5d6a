"""Claims about handing mail to a server, against a real one."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.collections.mail.rules import RefusedForGood, write_message
from services.collections.mail.usecases import send_message

Serve = Callable[..., "_Answers"]


class _Answers:
    """A mail server that answers as it is told, and keeps what it takes."""

    def __init__(self, recipient: str, data: str) -> None:
        self.recipient, self.data = recipient, data
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        if self.data.startswith("2"):
            self.taken.append(envelope.content)
        return self.data


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a mail server, the one that SMTP_URI names."""
    controllers: list[Controller] = []

    def serve(*, recipient: str = "250 fine", data: str = "250 kept") -> _Answers:
        answers = _Answers(recipient, data)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controllers.append(Controller(answers, hostname="127.0.0.1", port=port))
        controllers[-1].start()
        monkeypatch.setenv("SMTP_URI", f"smtp://127.0.0.1:{port}")
        return answers

    yield serve
    for controller in controllers:
        controller.stop()


def _message() -> Message:
    return write_message(
        message_id="dnt_1",
        sender=("", "pay@steward.example"),
        recipient=("", "ann@brown.example"),
        subject="Reminder",
        text="Please pay.",
        pdf=b"%PDF-",
        filename="dnt_1.pdf",
        now=datetime(2026, 1, 10, tzinfo=UTC),
    )


def test_a_message_is_handed_to_the_server(serve: Serve) -> None:
    server = serve()
    send_message(_message())

    assert [b"<dnt_1@steward.example>" in message for message in server.taken] == [True]


@pytest.mark.parametrize(
    "answers", [{"recipient": "550 no such user"}, {"data": "554 we do not want that"}]
)
def test_a_permanent_refusal_is_final_and_says_what_the_server_said(
    serve: Serve, answers: dict[str, str]
) -> None:
    serve(**answers)

    with pytest.raises(RefusedForGood, match=next(iter(answers.values()))[:12]):
        send_message(_message())


@pytest.mark.parametrize("answers", [{"recipient": "451 later"}, {"data": "452 full"}])
def test_a_refusal_for_now_is_raised_to_be_tried_again(
    serve: Serve, answers: dict[str, str]
) -> None:
    serve(**answers)

    with pytest.raises(smtplib.SMTPException):
        send_message(_message())


def test_a_server_that_is_away_is_raised_to_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMTP_URI", "smtp://127.0.0.1:1")

    with pytest.raises(ConnectionRefusedError):
        send_message(_message())
