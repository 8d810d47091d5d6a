"""The declarative base of billing's tables."""

from __future__ import annotations

from chassis.database import service_base

Base = service_base()
