"""The procedures to begin with: the company's default, to be changed as it likes, and a silent one."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STANDARD = "dpr_00000000000000000000000001"
SILENT = "dpr_00000000000000000000000002"
LEVELS = [
    {
        "number": 0,
        "name": "Courtesy reminder",
        "delay_days": -3,
        "channel": "preferred",
        "holds_orders": False,
        "letters": {
            "en": {
                "subject": "Coming due: {total}",
                "opening": "Dear Sir or Madam,\n\n"
                "may we remind you that the amounts below fall due in the next days.",
                "closing": "If you have arranged payment already, please accept our thanks and "
                "disregard this letter.\n\nYours faithfully,",
            },
            "de": {
                "subject": "Bald fällig: {total}",
                "opening": "Sehr geehrte Damen und Herren,\n\n"
                "wir möchten Sie daran erinnern, dass die folgenden Beträge in den nächsten Tagen "
                "fällig werden.",
                "closing": "Falls Sie die Zahlung bereits veranlasst haben, danken wir Ihnen und bitten "
                "Sie, dieses Schreiben als gegenstandslos zu betrachten.\n\n"
                "Mit freundlichen Grüßen",
            },
        },
    },
    {
        "number": 1,
        "name": "First reminder",
        "delay_days": 5,
        "channel": "preferred",
        "holds_orders": False,
        "letters": {
            "en": {
                "subject": "Reminder: {total} is overdue",
                "opening": "Dear Sir or Madam,\n\n"
                "it may have escaped your attention that we have not received the amounts below, the "
                "oldest of which was due on {oldest_due_date}.",
                "closing": "Please pay {total} within seven days. Should your payment have crossed this "
                "letter, please accept our thanks. If anything about these invoices is in question, "
                "tell us, so that we can clear it up.\n\nYours faithfully,",
            },
            "de": {
                "subject": "Zahlungserinnerung: {total} überfällig",
                "opening": "Sehr geehrte Damen und Herren,\n\n"
                "sicher ist es Ihrer Aufmerksamkeit entgangen, dass wir die folgenden Beträge noch "
                "nicht erhalten haben; der älteste war am {oldest_due_date} fällig.",
                "closing": "Bitte zahlen Sie {total} binnen sieben Tagen. Sollte sich Ihre Zahlung mit "
                "diesem Schreiben überschnitten haben, danken wir Ihnen. Falls Sie zu diesen Rechnungen "
                "Fragen haben, sprechen Sie uns bitte an.\n\nMit freundlichen Grüßen",
            },
        },
    },
    {
        "number": 2,
        "name": "Second reminder",
        "delay_days": 20,
        "channel": "preferred",
        "holds_orders": False,
        "letters": {
            "en": {
                "subject": "Second reminder: {total} is overdue",
                "opening": "Dear Sir or Madam,\n\n"
                "in spite of our reminder the amounts below are still unpaid, the oldest of them since "
                "{oldest_due_date}.",
                "closing": "We ask you to pay {total} within seven days, or to tell us today why you "
                "cannot. Without either we shall have to stop deliveries.\n\nYours faithfully,",
            },
            "de": {
                "subject": "Zweite Mahnung: {total} überfällig",
                "opening": "Sehr geehrte Damen und Herren,\n\n"
                "trotz unserer Erinnerung sind die folgenden Beträge noch nicht bezahlt, der älteste "
                "seit dem {oldest_due_date}.",
                "closing": "Wir bitten Sie, {total} binnen sieben Tagen zu zahlen oder uns heute "
                "mitzuteilen, was dem entgegensteht. Andernfalls müssen wir die Belieferung "
                "einstellen.\n\nMit freundlichen Grüßen",
            },
        },
    },
    {
        "number": 3,
        "name": "Final notice",
        "delay_days": 40,
        "channel": "preferred",
        "holds_orders": True,
        "letters": {
            "en": {
                "subject": "Final notice: {total}",
                "opening": "Dear Sir or Madam,\n\n"
                "our reminders have been without result. The amounts below are unpaid, the oldest of "
                "them since {oldest_due_date}. From today we accept no further orders on account.",
                "closing": "This is our last letter. If {total} has not reached us within ten days, we "
                "shall hand the matter over to collections without further notice; the costs of "
                "that would be yours.\n\nYours faithfully,",
            },
            "de": {
                "subject": "Letzte Mahnung: {total}",
                "opening": "Sehr geehrte Damen und Herren,\n\n"
                "unsere Mahnungen sind ohne Erfolg geblieben. Die folgenden Beträge sind unbezahlt, der "
                "älteste seit dem {oldest_due_date}. Ab heute nehmen wir keine Bestellungen auf "
                "Rechnung mehr an.",
                "closing": "Dies ist unser letztes Schreiben. Geht {total} nicht binnen zehn Tagen bei "
                "uns ein, übergeben wir die Angelegenheit ohne weitere Ankündigung dem Inkasso; die "
                "Kosten gingen zu Ihren Lasten.\n\nMit freundlichen Grüßen",
            },
        },
    },
]


def upgrade() -> None:
    procedures = sa.table(
        "dunning_procedure",
        *map(sa.column, ["procedure_id", "name", "is_default", "number", "version"]),
    )
    versions = sa.table(
        "dunning_procedure_version",
        *map(
            sa.column,
            ["procedure_id", "number", "is_automatic", "hand_over_days", "made_at", "made_by"],
        ),
        sa.column("levels", postgresql.JSONB),
    )
    for procedure_id, name, levels in (
        (STANDARD, "Standard", LEVELS),
        (SILENT, "No dunning", []),
    ):
        op.execute(
            procedures.insert().values(
                procedure_id=procedure_id,
                name=name,
                is_default=procedure_id == STANDARD,
                number=1,
                version=1,
            )
        )
        op.execute(
            versions.insert().values(
                procedure_id=procedure_id,
                number=1,
                is_automatic=True,
                hand_over_days=60 if levels else None,
                levels=levels,
                made_at=datetime(2026, 1, 1, tzinfo=UTC),
                made_by="steward",
            )
        )


def downgrade() -> None:
    raise NotImplementedError("runs may have used them; drop the database")
