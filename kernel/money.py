"""Money: whole minor units (cents) and a currency. No floats, and no cent is made or lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

AMOUNT_MAX = 10**15  # minor units: the most that one amount can be
TOTAL_MAX = 2**53 - 1  # the most that a sum can be: every reader of JSON still has it exactly

# ISO 4217 (2024): codes with other than two decimals, then those with two.
_DECIMALS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
    **dict.fromkeys(
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
        "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
        "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW "
        "ZWG".split(),
        2,
    ),
}


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 currency code in capitals."""
    return code in _DECIMALS


def decimals(currency: str) -> int:
    """How many decimals the currency's minor unit has (EUR 2, JPY 0, KWD 3)."""
    return _DECIMALS[currency]


def unusual_decimals() -> dict[str, int]:
    """The currencies whose minor unit has not two decimals, and how many it has."""
    return {code: count for code, count in _DECIMALS.items() if count != 2}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in whole minor units of one currency; may be negative."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        assert isinstance(self.minor, int), "money is whole minor units"
        assert self.currency in _DECIMALS, f"{self.currency} is no ISO 4217 currency"

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum of amounts that are all in `currency`."""
        return sum(amounts, start=cls(0, currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """As people read it: `1,234.50 EUR`."""
        places = _DECIMALS[self.currency]
        return f"{Decimal(self.minor).scaleb(-places):,.{places}f} {self.currency}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are never mixed in one sum")
        return other.minor


def round_half_up(exact: Decimal) -> tuple[int, Decimal]:
    """Whole minor units nearest to `exact` minor units, halves away from zero, and what is left over
    (exact - rounded). The commercial rounding of invoices and taxes."""
    rounded = exact.quantize(Decimal(1), ROUND_HALF_UP)
    return int(rounded), exact - rounded


def round_half_even(exact: Decimal) -> tuple[int, Decimal]:
    """As `round_half_up`, but halves go to the even neighbour (statistics, interest)."""
    rounded = exact.quantize(Decimal(1), ROUND_HALF_EVEN)
    return int(rounded), exact - rounded


def split(minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to whole weights that come to more than nothing; the parts always
    add up to it. A weight below nothing gets a part below nothing.

    Largest remainder (Hamilton's method): each part gets its floor, then one unit each to the largest
    remainders, earlier parts first. No part of a part of the whole exceeds its weight."""
    total = sum(weights)
    assert total > 0, "weights: whole, together above nothing"
    sign = -1 if minor < 0 else 1
    shares = [divmod(abs(minor) * weight, total) for weight in weights]
    missing = abs(minor) - sum(floor for floor, _ in shares)
    order = sorted(range(len(shares)), key=lambda index: -shares[index][1])
    extra = set(order[:missing])
    return [sign * (floor + (index in extra)) for index, (floor, _) in enumerate(shares)]
