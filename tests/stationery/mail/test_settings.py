"""Claims about where letters are sent through and from whom: wrong settings are known at the start."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from stationery.mail.messages import Sender, Server
from stationery.mail.settings import MailSettings, mail_settings


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    mail_settings.cache_clear()
    yield
    mail_settings.cache_clear()


@pytest.mark.parametrize("environment", [{}, {"SMTP_URI": "", "STEWARD_MAIL_FROM": ""}])
def test_without_settings_mail_goes_through_the_machine_itself(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.setattr(os, "environ", environment)

    assert mail_settings() == MailSettings(
        Server("localhost", 25, False, "", ""), Sender("", "collections@steward.example")
    )


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URI", "smtps://mail.example")
    monkeypatch.setenv("STEWARD_MAIL_FROM", "Brown <pay@brown.example>")
    before = mail_settings()
    monkeypatch.setenv("SMTP_URI", "nowhere")

    assert mail_settings() is before
    assert before.server.host == "mail.example"
    assert before.sender == Sender("Brown", "pay@brown.example")


@pytest.mark.parametrize("name", ["SMTP_URI", "STEWARD_MAIL_FROM"])
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "nowhere")

    with pytest.raises(ValueError, match=name):
        mail_settings()
