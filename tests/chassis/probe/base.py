"""The declarative base of the probe's tables."""

from chassis.database import service_base

Base = service_base()
