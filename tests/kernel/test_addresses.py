"""Claims about e-mail addresses: what is one, and how it is written where mail is sent."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kernel.addresses import ADDRESS_MAX, MailAddress, read_address


@pytest.mark.parametrize(
    ("typed", "sent", "needs_utf8"),
    [
        ("ann@brown.example", "ann@brown.example", False),
        ("Ann.O'Neil+bills@Brown.example", "Ann.O'Neil+bills@brown.example", False),
        ("kunde@bücher-müller.example", "kunde@xn--bcher-mller-thbg.example", False),
        ("kunde@BÜCHER.example", "kunde@xn--bcher-kva.example", False),
        ("kunde@xn--bcher-kva.example", "kunde@xn--bcher-kva.example", False),
        ("kunde@straße.example", "kunde@xn--strae-oqa.example", False),  # and not strasse
        ("kunde@bu\u0308cher.example", "kunde@xn--bcher-kva.example", False),
        ("jürgen@example.com", "jürgen@example.com", True),
        ("ju\u0308rgen@example.com", "jürgen@example.com", True),
        ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", True),
    ],
)
def test_a_domain_is_sent_in_its_ascii_form_and_the_rest_as_it_is(
    typed: str, sent: str, needs_utf8: bool
) -> None:
    assert read_address(typed) == MailAddress(sent, needs_utf8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@brown.example",
        "ann@brown",
        "ann@localhost",
        "ann@brown.local",
        "ann@brown..example",
        "ann..o@brown.example",
        ".ann@brown.example",
        "ann.@brown.example",
        "ann o@brown.example",
        '"ann o"@brown.example',
        "ann@o@brown.example",
        "Ann <ann@brown.example>",
        "ann@brown.example, bob@brown.example",
        "ann@-brown.example",
        "ann@brown_.example",
        "ann@xn--\u00fc.example",
        "ann@[192.0.2.1]",
        "ann@brown.example\r\nBcc: x@y.example",
        "ann@brown.example\n",
        " ann@brown.example",
        "a\x00b@brown.example",
        "a\u202eb@brown.example",
        "a\ud800b@brown.example",
        "0@[",
        "ann@" + "b" * 64 + ".example",
        "a" * 65 + "@brown.example",
        "ü" * 33 + "@brown.example",  # 66 octets
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"such as ann@example\.com\.$") as refused:
        read_address(text)
    assert text == "" or len(str(refused.value)) > 40


@pytest.mark.parametrize(("longer", "is_one"), [(0, True), (1, False)])
def test_an_address_has_254_characters_at_most(longer: int, is_one: bool) -> None:
    domain = ".".join(["b" * 60] * 3) + "." + "c" * (254 - 64 - 1 - 183 + longer)
    text = f"{'a' * 64}@{domain}"
    assert (len(text) <= ADDRESS_MAX) is is_one
    if is_one:
        assert read_address(text).sent == text
    else:
        with pytest.raises(ValueError):
            read_address(text)


def test_a_very_long_text_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="254"):
        read_address("ü" * 10**6 + "@" + "ü" * 10**6)


@given(st.text(max_size=30), st.text(max_size=30))
@example("jürgen", "example.com")
@example("<", "example.com")
def test_nothing_that_is_sent_can_break_out_of_where_it_is_written(local: str, domain: str) -> None:
    try:
        address = read_address(f"{local}@{domain}")
    except ValueError:
        return
    before, _, after = address.sent.rpartition("@")
    assert after.isascii() and "." in after
    assert before.isascii() is not address.needs_utf8
    assert address.sent.isprintable()
    assert not set(address.sent) & set('<>()[]",;: \\')
    assert read_address(address.sent) == address
