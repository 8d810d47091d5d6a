"""How long returns are waited for before anybody said so."""

from __future__ import annotations

from services.sales.return_settings.rules import DEFAULT, ReturnDays


def test_before_anybody_said_so_a_request_waits_14_days_goods_30_and_10_and_an_answer_3() -> None:
    assert ReturnDays(request_days=14, send_days=30, transit_days=10, answer_days=3) == DEFAULT
