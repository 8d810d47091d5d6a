"""Claims about mail servers, addresses and messages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stationery.mail.messages import (
    Mail,
    RefusedForGood,
    Sender,
    Server,
    is_final,
    parse_sender,
    parse_server,
    write_mail,
)


@pytest.mark.parametrize(
    ("uri", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, False, "", "")),
        ("smtps://mail.example", Server("mail.example", 465, True, "", "")),
        ("smtp://me:p%40ss@mail.example:587", Server("mail.example", 587, False, "me", "p@ss")),
        ("smtp://[::1]:2525", Server("::1", 2525, False, "", "")),
    ],
)
def test_the_server_is_named_by_a_uri(uri: str, server: Server) -> None:
    assert parse_server(uri) == server


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "mail.example:25",
        "http://mail.example",
        "http://mail.example:25",
        "smtp://",
        "smtp://mail.example:smtp",
        "smtp://mail.example:70000",
        "smtp://[mail.example",
    ],
)
def test_a_uri_that_names_no_mail_server_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URI is smtp://user:password@host:port"):
        parse_server(uri)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("Brown <pay@brown.example>", Sender("Brown", "pay@brown.example")),
        ("pay@brown.example", Sender("", "pay@brown.example")),
        ("Bücher <pay@bücher.example>", Sender("Bücher", "pay@xn--bcher-kva.example")),
        ('"Brown, Ltd." <pay@brown.example>', Sender("Brown, Ltd.", "pay@brown.example")),
    ],
)
def test_the_sender_has_an_address_and_perhaps_a_name(text: str, sender: Sender) -> None:
    assert parse_sender(text) == sender


@pytest.mark.parametrize(
    "text", ["", "Brown", "Brown <>", "pay@", "pay@brown", "jürgen@brown.example", "a@b.de, c@d.de"]
)
def test_a_sender_nobody_can_answer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="STEWARD_MAIL_FROM"):
        parse_sender(text)


@pytest.mark.parametrize("address", ["", "ann", "a b@c.d", "ann@b.example\r\nBcc: x@y.z", "0@["])
def test_what_is_no_address_is_refused_for_good_and_says_what_to_do(address: str) -> None:
    with pytest.raises(RefusedForGood, match="correct it on the account or its payer"):
        _sent(recipient=("Ann", address))


def test_a_domain_of_any_script_is_written_in_its_ascii_form() -> None:
    mail = _mail(recipient=("Ann", "kunde@bücher-müller.example"))

    assert mail.recipient == "kunde@xn--bcher-mller-thbg.example"
    assert b"To: Ann <kunde@xn--bcher-mller-thbg.example>\r\n" in mail.content
    assert not mail.needs_utf8
    assert mail.content.isascii()


@pytest.mark.parametrize("name", ["", "Jürgen", "J", "Groß: Söhne <KG>, " + "ö" * 180])
def test_an_address_that_has_no_ascii_form_is_written_as_it_is(name: str) -> None:
    mail = _mail(recipient=(name, "jürgen@example.com"))

    assert (mail.recipient, mail.needs_utf8) == ("jürgen@example.com", True)
    [header] = re.findall(rb"^To: (.*(?:\r\n .*)*)\r\n", mail.content, re.MULTILINE)
    phrase, address = parseaddr(header.decode().replace("\r\n", ""))
    assert address == "jürgen@example.com"
    assert str(make_header(decode_header(phrase))) == name
    assert max(map(len, header.split(b"\r\n"))) < 130


@pytest.mark.parametrize(("code", "final"), [(250, False), (451, False), (550, True), (554, True)])
def test_an_answer_beginning_with_5_is_final(code: int, final: bool) -> None:
    assert is_final(code) is final


def _mail(**differently: Any) -> Mail:
    facts: dict[str, Any] = {
        "message_id": "dnt_1",
        "sender": Sender("Accounts Receivable", "pay@steward.example"),
        "recipient": ("Ann", "ann@brown.example"),
        "subject": "Reminder",
        "text": "Please pay 5 €.",
        "pdf": b"%PDF-",
        "filename": "dnt_1.pdf",
        "now": datetime(2026, 1, 10, 6, tzinfo=UTC),
    }
    return write_mail(**{**facts, **differently})


def _sent(**differently: Any) -> bytes:
    return _mail(**differently).content


def _message(**differently: Any) -> EmailMessage:
    received = message_from_bytes(_sent(**differently), policy=policy.default)
    assert isinstance(received, EmailMessage)
    return received


def test_a_message_has_the_text_the_letter_and_the_notices_id() -> None:
    message = _message()
    mail = _mail()
    assert (mail.sender, mail.recipient) == ("pay@steward.example", "ann@brown.example")
    assert re.search(rb"[^\r]\n", mail.content) is None  # lines end as they do on the wire

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


@example("0" * 27, "")
@given(st.text(), st.text())
def test_no_name_or_subject_adds_a_header_or_a_recipient(name: str, subject: str) -> None:
    injected = f"{name}\r\nBcc: spy@evil.example\r\n\r\n{name}"
    message = _message(recipient=(injected, "ann@brown.example"), subject=injected + subject)

    assert set(message.keys()) == set(_message().keys())
    assert [address.addr_spec for address in message["To"].addresses] == ["ann@brown.example"]
