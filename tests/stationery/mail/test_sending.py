"""Claims about handing mail to a server, against a real one."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from kernel.refusals import Unavailable
from stationery.mail.messages import Mail, RefusedForGood, Sender, write_mail
from stationery.mail.sending import send_mail
from stationery.mail.settings import mail_settings

Serve = Callable[..., "_Answers"]


class _Answers:
    """A mail server that answers as it is told, and keeps what it takes."""

    def __init__(self, sender: str, recipient: str, data: str, farewell: str) -> None:
        self.sender, self.recipient, self.data, self.farewell = sender, recipient, data, farewell
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.original_content, bytes)
        if self.data.startswith("2"):
            self.taken.append((envelope.rcpt_tos, envelope.original_content))
        return self.data

    async def handle_QUIT(  # noqa: N802
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return self.farewell


@pytest.fixture
def uses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Says which server SMTP_URI names."""

    def use(uri: str) -> None:
        monkeypatch.setenv("SMTP_URI", uri)
        mail_settings.cache_clear()

    yield use
    mail_settings.cache_clear()


@pytest.fixture
def serve(uses: Callable[[str], None]) -> Iterator[Serve]:
    """Starts a mail server, the one that SMTP_URI names."""
    controllers: list[Controller] = []

    def serve(*, knows_utf8: bool = True, user: str = "", **answers: str) -> _Answers:
        told = {"sender": "250 ok", "recipient": "250 fine", "data": "250 kept", "farewell": "221"}
        handler = _Answers(**{**told, **answers})
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controllers.append(
            Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=knows_utf8)
        )
        controllers[-1].start()
        uses(f"smtp://{user}127.0.0.1:{port}")
        return handler

    yield serve
    for controller in controllers:
        controller.stop()


def _mail(address: str = "ann@brown.example") -> Mail:
    return write_mail(
        message_id="dnt_1",
        sender=Sender("", "pay@steward.example"),
        recipient=("Ann", address),
        subject="Reminder",
        text="Please pay.\n.\nThank you.",
        pdf=b"%PDF-",
        filename="dnt_1.pdf",
        now=datetime(2026, 1, 10, tzinfo=UTC),
    )


def test_a_message_is_handed_to_the_server(serve: Serve) -> None:
    server = serve()
    mail = _mail()
    send_mail(mail)

    assert server.taken == [(["ann@brown.example"], mail.content)]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("kunde@bücher-müller.example", "kunde@xn--bcher-mller-thbg.example"),
        ("jürgen@example.com", "jürgen@example.com"),
    ],
)
def test_an_address_of_any_script_is_sent_to(serve: Serve, typed: str, sent: str) -> None:
    server = serve()
    send_mail(_mail(typed))

    [(recipients, content)] = server.taken
    assert recipients == [sent]
    assert f"<{sent}>".encode() in content


def test_an_address_that_our_server_cannot_send_to_is_final_and_says_what_to_do(
    serve: Serve,
) -> None:
    server = serve(knows_utf8=False)

    with pytest.raises(RefusedForGood, match=r"jürgen@example\.com.*another address.*SMTPUTF8"):
        send_mail(_mail("jürgen@example.com"))
    send_mail(_mail("kunde@bücher-müller.example"))
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "answers", [{"recipient": "550 no such user"}, {"data": "554 we do not want that"}]
)
def test_a_permanent_refusal_is_final_and_says_what_the_server_said(
    serve: Serve, answers: dict[str, str]
) -> None:
    serve(**answers)

    with pytest.raises(RefusedForGood, match=next(iter(answers.values()))):
        send_mail(_mail())


@pytest.mark.parametrize(
    "answers", [{"sender": "421 busy"}, {"recipient": "451 later"}, {"data": "452 full"}]
)
def test_a_refusal_for_now_is_an_outage(serve: Serve, answers: dict[str, str]) -> None:
    serve(**answers)

    with pytest.raises(Unavailable, match=next(iter(answers.values()))[4:]) as refused:
        send_mail(_mail())
    assert refused.value.code == "mail_server_away"


def test_a_server_that_is_away_is_an_outage(uses: Callable[[str], None]) -> None:
    uses("smtp://127.0.0.1:1")

    with pytest.raises(Unavailable, match="Connection refused") as refused:
        send_mail(_mail())
    assert refused.value.code == "mail_server_away"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"sender": "550 you may not send"}, "550 you may not send"),
        ({"user": "me:secret@"}, "SMTP AUTH extension not supported"),
    ],
)
def test_a_server_that_will_not_work_for_us_is_no_fault_of_the_recipients(
    serve: Serve, told: dict[str, str], said: str
) -> None:
    serve(**told)

    with pytest.raises(Unavailable, match=said):
        send_mail(_mail())


def test_what_was_taken_is_taken_however_the_farewell_goes(serve: Serve) -> None:
    server = serve(farewell="421 I am tired")
    send_mail(_mail())

    assert len(server.taken) == 1
