"""An event in a sentence a person reads, and which events of an account have not arrived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.money import Money, is_currency

# What each event says, by its source and name; amounts are filled in with their currency.
SENTENCES: Mapping[tuple[str, str], str] = {
    ("accounts", "account_opened"): "Account {number} opened for {name}.",
    ("accounts", "account_edited"): "Account changed: {changed}.",
    ("accounts", "account_onboarding"): "Onboarding began.",
    ("accounts", "account_activated"): "Account activated; business may begin.",
    ("accounts", "account_held"): "Account put on hold: {reason}",
    ("accounts", "account_released"): "Account released from hold.",
    ("accounts", "account_closing"): "To be closed: {reason}",
    ("accounts", "account_closing_refused"): "Not closed, as {objected_by} objected: {reason}",
    ("accounts", "account_closing_withdrawn"): "Not to be closed after all.",
    ("accounts", "account_closed"): "Account closed: {reason}",
    ("accounts", "terms_changed"): "Terms changed: {net_days} days net, {currency}.",
    ("accounts", "credit_limit_changed"): "Credit limit changed to {credit_limit}.",
    ("accounts", "owner_changed"): "Owner changed: {reason}",
    ("accounts", "contact_changed"): "Contact {name} added or changed.",
    ("accounts", "checklist_item_completed"): "Checklist: {name} completed by {completed_by}.",
    ("accounts", "checklist_item_waived"): "Checklist: {name} waived: {reason}",
    ("accounts", "worklist_item_done"): "Contacted by {done_by}: {outcome}.",
    ("sales", "account_closing_agreed"): "Sales agrees to the closing: {reason}",
    ("sales", "account_closing_objected"): "Sales objects to the closing: {reason}",
    ("sales", "order_confirmed"): "Order {number} confirmed, {total_gross}.",
    ("sales", "order_cancelled"): "Order {number} cancelled: {reason}",
    ("sales", "order_completed"): "Order {number} completed.",
    ("sales", "order_stopped"): "Order {number} is not shipped: {reason}",
    ("sales", "order_released"): "Order {number} goes on: {reason}",
    ("sales", "shipment_sent"): "Shipment {number} of order {order_number} sent on {shipped_on}.",
    ("billing", "account_closing_agreed"): "Billing agrees to the closing: {reason}",
    ("billing", "account_closing_objected"): "Billing objects to the closing: {reason}",
    ("billing", "invoice_issued"): "Invoice {number} issued, {total}.",
    ("billing", "invoice_paid"): "Invoice {number} paid on {paid_on}.",
    ("billing", "invoice_reopened"): "Invoice {number} is open again.",
    ("billing", "invoice_voided"): "Invoice {number} voided.",
    ("billing", "credit_note_issued"): "Credit note {number} issued, {total}.",
    ("billing", "payment_received"): "Payment of {amount} received by {method}.",
    ("billing", "payment_reversed"): "Payment of {amount} reversed: {reason}",
    ("billing", "payment_reinstated"): "Payment of {amount} was good after all: {reason}",
    ("billing", "payment_refunded"): "{amount} refunded.",
    ("billing", "refund_reversed"): "Refund of {amount} taken back: {reason}",
    ("billing", "allocation_made"): "{amount} allocated to invoice {item[invoice_number]}.",
    ("billing", "allocation_reversed"): "{amount} taken back from invoice {item[invoice_number]}.",
    ("billing", "balance_changed"): "Balance is {balance}.",
    ("collections", "dunning_notice_sent"): "{level_name} sent by {channel}, {total}.",
    ("collections", "credit_hold_placed"): "Orders stopped: {reason}",
    ("collections", "credit_hold_lifted"): "Orders let through again: {reason}",
    ("collections", "placement_changed"): "Hand-over of {amount} to collections: {status}.",
    ("collections", "contact_due"): "To be contacted: {amount} overdue since {oldest_due_date}.",
    ("collections", "contact_settled"): "No need to be contacted any more.",
}

AMOUNTS = frozenset({"amount", "balance", "credit_limit", "net", "tax", "total", "total_gross"})


def summarise(source: str, name: str, data: Mapping[str, Any]) -> str:
    """The event in a sentence; for one we do not know, or that lacks what the sentence needs, its name
    in words: events of other teams change without asking us."""
    words = name.replace("_", " ").capitalize() + "."
    sentence = SENTENCES.get((source, name), words)
    try:
        return sentence.format_map({key: _read(key, value, data) for key, value in data.items()})
    except (KeyError, TypeError, IndexError):
        return words


def missing_ranges(sequences: list[int]) -> list[tuple[int, int]]:
    """The gaps, as (first, last), in what should be 1, 2, 3 and so on up to the highest that is there."""
    gaps = []
    expected = 1
    for sequence in sorted(set(sequences)):
        if sequence > expected:
            gaps.append((expected, sequence - 1))
        expected = sequence + 1
    return gaps


def _read(key: str, value: Any, data: Mapping[str, Any]) -> Any:
    currency = data.get("currency")
    if key in AMOUNTS and isinstance(value, int) and is_currency(str(currency)):
        return Money(value, str(currency))
    if key == "credit_limit" and value is None:
        return "no limit"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value
