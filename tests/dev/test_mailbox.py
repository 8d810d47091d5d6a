"""The mail server of a laptop keeps every message once, and quickly."""

import smtplib
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import pytest

from dev.child import Program
from dev.mailbox import Mailbox
from dev.ports import free_port
from dev.supervisor import Supervisor

pytestmark = pytest.mark.server


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def port(tmp_path: Path, mailbox: Mailbox) -> Iterator[int]:
    port = free_port()
    place = ("--port", str(port), "--folder", str(mailbox.folder))
    argv = (sys.executable, "-m", "dev.mailbox", *place)
    program = Program("mailbox", argv, health=f"tcp://127.0.0.1:{port}")
    with Supervisor([program], logs=tmp_path) as supervisor:
        supervisor.wait_ready(seconds_max=10)
        yield port


def write_mail(number: int, *, to: str = "payables@client.example") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "billing@steward.example"
    message["To"] = to
    message["Subject"] = f"Invoice {number} — überfällig"
    message["Message-ID"] = f"<{number}@steward.example>"
    message.set_content("Please pay.\n.\nThank you.")
    message.add_attachment(b"%PDF" * 100, maintype="application", subtype="pdf", filename="i.pdf")
    return message


def send(port: int, messages: list[EmailMessage]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for message in messages:
            client.send_message(message)


def test_two_thousand_mails_are_kept_once_each(port: int, mailbox: Mailbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        batches = [[write_mail(n) for n in range(i, 2_000, 4)] for i in range(4)]
        list(pool.map(lambda batch: send(port, batch), batches))
    assert mailbox.count() == 2_000
    assert mailbox.list_duplicates() == []


def test_a_message_sent_again_is_counted_not_kept(port: int, mailbox: Mailbox) -> None:
    send(port, [write_mail(1), write_mail(2), write_mail(1)])
    assert mailbox.count() == 2
    assert mailbox.list_duplicates() == ["<1@steward.example>"]


def test_a_message_is_read_back_as_it_was_sent(port: int, mailbox: Mailbox) -> None:
    send(port, [write_mail(1, to="a@client.example"), write_mail(2, to="b@client.example")])
    message = mailbox.wait_for(lambda message: "Invoice 2" in message["Subject"])
    assert message["Subject"] == "Invoice 2 — überfällig"
    assert [m["Message-ID"] for m in mailbox.list_messages(to="a@client.example")] == [
        "<1@steward.example>"
    ]
    body = message.get_body()
    assert body is not None
    assert body.get_content() == "Please pay.\n.\nThank you.\n"


def test_a_mail_that_never_comes_is_not_waited_for_long(mailbox: Mailbox) -> None:
    with pytest.raises(TimeoutError, match="No such message"):
        mailbox.wait_for(lambda _message: True, seconds_max=0.1)
