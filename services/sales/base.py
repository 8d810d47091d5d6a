"""The declarative base of the tables of sales."""

from chassis.database import service_base

Base = service_base()
