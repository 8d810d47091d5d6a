"""Claims about mail servers, addresses and messages."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.collections.mail.rules import (
    RefusedForGood,
    Server,
    check_address,
    is_final,
    parse_sender,
    parse_server,
    write_message,
)


@pytest.mark.parametrize(
    ("uri", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, False, "", "")),
        ("smtps://mail.example", Server("mail.example", 465, True, "", "")),
        ("smtp://me:p%40ss@mail.example:587", Server("mail.example", 587, False, "me", "p@ss")),
    ],
)
def test_the_server_is_named_by_a_uri(uri: str, server: Server) -> None:
    assert parse_server(uri) == server


@pytest.mark.parametrize("uri", ["", "mail.example:25", "http://mail.example", "smtp://"])
def test_a_uri_that_names_no_mail_server_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URI"):
        parse_server(uri)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("Brown <pay@brown.example>", ("Brown", "pay@brown.example")),
        ("pay@brown.example", ("", "pay@brown.example")),
    ],
)
def test_the_sender_has_an_address_and_perhaps_a_name(text: str, sender: tuple[str, str]) -> None:
    assert parse_sender(text) == sender


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@",
        "@brown.example",
        "a b@c.d",
        "jörg@brown.example",
        "ann@b.example\r\nBcc: x@y.z",
        "a@b\x00c",
        "0@[",
    ],
)
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(RefusedForGood):
        check_address(address)


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_an_address_or_is_refused(local: str, domain: str) -> None:
    try:
        address = check_address(f"{local}@{domain}")
    except RefusedForGood:
        return
    assert address.isprintable()


@pytest.mark.parametrize(("code", "final"), [(250, False), (451, False), (550, True), (554, True)])
def test_an_answer_beginning_with_5_is_final(code: int, final: bool) -> None:
    assert is_final(code) is final


def _sent(**differently: Any) -> bytes:
    facts: dict[str, Any] = {
        "message_id": "dnt_1",
        "sender": ("Accounts Receivable", "pay@steward.example"),
        "recipient": ("Ann", "ann@brown.example"),
        "subject": "Reminder",
        "text": "Please pay 5 €.",
        "pdf": b"%PDF-",
        "filename": "dnt_1.pdf",
        "now": datetime(2026, 1, 10, 6, tzinfo=UTC),
    }
    return write_message(**{**facts, **differently}).as_bytes()


def _message(**differently: Any) -> EmailMessage:
    received = message_from_bytes(_sent(**differently), policy=policy.default)
    assert isinstance(received, EmailMessage)
    return received


def test_a_message_has_the_text_the_letter_and_the_notices_id() -> None:
    message = _message()

    assert message["Message-ID"] == "<dnt_1@steward.example>"
    assert message["Date"].datetime == datetime(2026, 1, 10, 6, tzinfo=UTC)
    body, pdf = message.iter_parts()
    assert body.get_content().strip() == "Please pay 5 €."
    assert (pdf.get_content_type(), pdf.get_content()) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize(
    "name", ["Brown & Sons", "=?utf-8?q?x?=", "Groß: Söhne <KG>, " + "und Enkel " * 15 + "Ltd."]
)
def test_a_name_and_a_subject_arrive_as_they_were_written(name: str) -> None:
    message = message_from_bytes(_sent(recipient=(name, "ann@brown.example"), subject=name))

    to, address = parseaddr(message["To"])
    assert address == "ann@brown.example"
    assert [str(make_header(decode_header(text))) for text in (to, message["Subject"])] == [
        name
    ] * 2
    assert max(len(word) for text in (to, message["Subject"]) for word in text.split()) <= 75


@settings(deadline=None)
@example("0" * 27, "")
@given(st.text(), st.text())
def test_no_name_or_subject_adds_a_header_or_a_recipient(name: str, subject: str) -> None:
    injected = f"{name}\r\nBcc: spy@evil.example\r\n\r\n{name}"
    message = _message(recipient=(injected, "ann@brown.example"), subject=injected + subject)

    assert set(message.keys()) == set(_message().keys())
    assert [address.addr_spec for address in message["To"].addresses] == ["ann@brown.example"]
