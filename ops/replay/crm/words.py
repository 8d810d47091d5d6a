"""What a CRM's words mean here: countries, and sectors that are misspelt."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client has its seat: ISO 3166-1 code and IANA time zone."""

    country: str
    time_zone: str


COUNTRIES: Mapping[str, Place] = {
    "Belgium": Place("BE", "Europe/Brussels"),
    "Brazil": Place("BR", "America/Sao_Paulo"),
    "China": Place("CN", "Asia/Shanghai"),
    "Germany": Place("DE", "Europe/Berlin"),
    "Italy": Place("IT", "Europe/Rome"),
    "Japan": Place("JP", "Asia/Tokyo"),
    "Jordan": Place("JO", "Asia/Amman"),
    "Kenya": Place("KE", "Africa/Nairobi"),
    "Korea": Place("KR", "Asia/Seoul"),
    "Norway": Place("NO", "Europe/Oslo"),
    "Panama": Place("PA", "America/Panama"),
    "Philipines": Place("PH", "Asia/Manila"),  # as the file spells it
    "Philippines": Place("PH", "Asia/Manila"),
    "Poland": Place("PL", "Europe/Warsaw"),
    "Romania": Place("RO", "Europe/Bucharest"),
    "United States": Place("US", "America/New_York"),
}

SECTORS = {"technolgy": "technology"}
