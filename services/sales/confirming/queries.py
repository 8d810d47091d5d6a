"""Reads of orders that are to be agreed to."""

from __future__ import annotations

from sqlalchemy import select

from services.sales.orders.models import Order

WHOSE = select(Order.order_id, Order.account_id)
"""Of which account an order is."""
