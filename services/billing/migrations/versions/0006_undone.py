"""Payments are reversed in parts and reinstated, refunds are reversed, and debit notes claim back what
was refunded of a payment that was reversed later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SIGN = "CASE WHEN reverses_id IS NULL THEN amount > 0 ELSE amount < 0 END"
ONLY_ADDED_TO = """
CREATE TRIGGER payment_reversal_is_only_added_to BEFORE UPDATE OR DELETE ON payment_reversal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
WHOLE_REVERSALS = """
INSERT INTO payment_reversal (reversal_id, account_id, payment_id, currency, amount, reversed_on,
                              reason, recorded_by, recorded_at)
SELECT 'rev_' || substr(payment_id, 5), account_id, payment_id, currency, amount, reversed_on,
       reversal_reason, reversed_by, reversed_at
FROM payment WHERE reversed_on IS NOT NULL
"""
# What was owed as unapplied money below zero is owed by debit notes, one for each refund.
CLAIMS = """
CREATE TEMPORARY TABLE claim ON COMMIT DROP AS
SELECT *, row_number() OVER (PARTITION BY year ORDER BY refund_id) AS place
FROM (
    SELECT refund.refund_id, refund.account_id, refund.currency, refund.amount, refund.recorded_by,
           'rev_' || substr(payment_id, 5) AS reversal_id,
           'inv_' || substr(refund_id, 5) AS invoice_id,
           greatest(refunded_on, payment.reversed_on) AS issued_on,
           extract(year FROM greatest(refunded_on, payment.reversed_on))::int AS year,
           payment.reversed_at
    FROM refund JOIN payment USING (payment_id) WHERE payment.unapplied < 0
) AS owed
"""
DEBIT_NOTES = """
INSERT INTO invoice (invoice_id, account_id, series, number, currency, issued_on, net, tax, reclaimed,
                     total, balance, credited, refund_id, reversal_id, created_by, created_at,
                     issued_by, recorded_at, version)
SELECT invoice_id, account_id, 'debit_note', 'DN-' || year || '-' || lpad(place::text, 6, '0'), currency,
       issued_on, 0, 0, amount, amount, amount, 0, refund_id, reversal_id, recorded_by, reversed_at,
       recorded_by, reversed_at, 1
FROM claim
"""
ITEMS = """
INSERT INTO item (item_id, account_id, invoice_id, kind, invoice_number, position, currency, issued_on,
                  due_date, amount, balance, is_void, open_from, changed_on, recorded_at, changed_at,
                  version)
SELECT 'itm_' || substr(refund_id, 5), account_id, invoice_id, 'debit_note',
       'DN-' || year || '-' || lpad(place::text, 6, '0'), 1, currency, issued_on, issued_on, amount,
       amount, false, issued_on, issued_on, reversed_at, reversed_at, 1
FROM claim
"""
NUMBERS = """
INSERT INTO number_series (series, year, last)
SELECT 'debit_note', year, count(*) FROM claim GROUP BY year
"""
JOURNALS = """
INSERT INTO journal_entry (journal_id, position, kind, document_id, account_id, ledger_account, currency,
                           amount, effective_on, recorded_at)
SELECT 'jrn_' || substr(refund_id, 5), position, 'invoice_issued', invoice_id, account_id, ledger_account,
       currency, sign * amount, issued_on, reversed_at
FROM claim, (VALUES (1, 'receivables', 1), (2, 'unapplied_cash', -1))
    AS entry (position, ledger_account, sign)
"""
BALANCES = """
UPDATE account_balance AS balance
SET version = version + 1, open = open + claimed.amount, unapplied = unapplied + claimed.amount
FROM (
    SELECT account_id, currency, sum(amount) AS amount FROM claim GROUP BY account_id, currency
) AS claimed
WHERE claimed.account_id = balance.account_id AND claimed.currency = balance.currency
"""
PAYMENTS = """
UPDATE payment
SET reversed = CASE WHEN reversed_on IS NULL THEN 0 ELSE amount END,
    refunded = CASE WHEN reversed_on IS NULL THEN refunded ELSE 0 END,
    unapplied = greatest(unapplied, 0)
"""


NOT_NEGATIVE = "unapplied >= 0 AND refunded >= 0 AND reversed >= 0"
BEFORE = "refunded >= 0 AND unapplied >= CASE WHEN reversed_on IS NULL THEN 0 ELSE -refunded END"


def upgrade() -> None:
    _make_room()
    op.execute(WHOLE_REVERSALS)
    op.execute(ONLY_ADDED_TO)
    for statement in (CLAIMS, DEBIT_NOTES, ITEMS, NUMBERS, JOURNALS, BALANCES, PAYMENTS):
        op.execute(statement)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the tables could not be altered below
    _check("invoice", "reclaimed", "(reclaimed = 0) = (refund_id IS NULL)")
    _replace("payment", "not_negative", NOT_NEGATIVE)
    _replace("payment", "within_amount", "unapplied + refunded + reversed <= amount")
    _replace("account_balance", "not_negative", "open >= 0 AND unapplied >= 0")


def downgrade() -> None:
    _replace("account_balance", "not_negative", "open >= 0")
    _replace("payment", "within_amount", "unapplied + refunded <= amount")
    _replace("payment", "not_negative", BEFORE)
    op.drop_column("payment", "reversed")
    op.drop_constraint(op.f("ck_refund_sign"), "refund")
    _check("refund", "amount", "amount > 0")
    for name in ("allocation_id", "reverses_id"):
        op.drop_column("refund", name)
    op.drop_column("allocation", "reversal_id")
    op.drop_table("payment_reversal")
    op.drop_column("item", "kind")
    op.drop_constraint(op.f("ck_invoice_reclaimed"), "invoice")
    _replace("invoice", "total", "net + tax = total AND total >= 0")
    for name in ("reclaimed", "refund_id", "reversal_id"):
        op.drop_column("invoice", name)


def _make_room() -> None:
    op.create_table(
        "payment_reversal",
        sa.Column("reversal_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.CheckConstraint(SIGN, name=op.f("ck_payment_reversal_sign")),
        sa.PrimaryKeyConstraint("reversal_id", name=op.f("pk_payment_reversal")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_payment_reversal_reverses_id")),
    )
    for name in ("account_id", "payment_id"):
        op.create_index(op.f(f"ix_payment_reversal_{name}"), "payment_reversal", [name])
    _refer("payment_reversal", "payment_id", "payment", "payment_id")
    _refer("payment_reversal", "reverses_id", "payment_reversal", "reversal_id")
    _add("allocation", "reversal_id")
    op.create_index(op.f("ix_allocation_reversal_id"), "allocation", ["reversal_id"])
    _refer("allocation", "reversal_id", "payment_reversal", "reversal_id")
    _add("refund", "allocation_id")
    _refer("refund", "allocation_id", "allocation", "allocation_id")
    _add("refund", "reverses_id")
    op.create_unique_constraint(op.f("uq_refund_reverses_id"), "refund", ["reverses_id"])
    _refer("refund", "reverses_id", "refund", "refund_id")
    op.drop_constraint(op.f("ck_refund_amount"), "refund")
    _check("refund", "sign", SIGN)
    zero = sa.Column("reversed", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("payment", zero)
    zero = sa.Column("reclaimed", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("invoice", zero)
    _replace("invoice", "total", "net + tax + reclaimed = total AND total >= 0")
    for name in ("refund_id", "reversal_id"):
        _add("invoice", name)
        op.create_index(op.f(f"ix_invoice_{name}"), "invoice", [name])
    op.add_column(
        "item", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("'invoice'"))
    )


def _add(table: str, name: str) -> None:
    op.add_column(table, sa.Column(name, sa.Text(), nullable=True))


def _refer(table: str, name: str, other: str, key: str) -> None:
    op.create_foreign_key(op.f(f"fk_{table}_{name}"), table, other, [name], [key])


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _replace(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    _check(table, name, condition)
