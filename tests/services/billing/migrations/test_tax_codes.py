"""What was billed before there were codes of tax has those that its percentages say."""

from __future__ import annotations

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from tests.services.billing.conftest import line

pytestmark = pytest.mark.server

tax_codes = importlib.import_module("services.billing.migrations.versions.0027_tax_codes")


def test_codes_follow_from_percentages_and_without_them_there_is_one_total_for_each(books, account):
    lines = [line(100), line(20, tax_code="exempt", exemption_reason="So"), line(100, tax="19")]
    order = books.order(account)
    invoice = books.bill(account, lines=lines, order_id=order)
    books.ship(account, order, line(50), line(50, tax="19"))
    note = books.credit(invoice)
    with Operations.context(MigrationContext.configure(books.session.connection())):
        tax_codes.downgrade()
        tax_codes.upgrade()
    books.session.expire_all()
    for document in (invoice, note):
        rates = [(rate.tax_code, rate.net, rate.tax) for rate in document.rates]
        assert rates == [("zero", 120, 0), ("standard", 100, 19)]
    assert [each.tax_code for each in invoice.lines] == ["zero", "zero", "standard"]
    assert invoice.tax_rounding == "document"
