"""What is measured: figures with their limits and aims, and what came of them over all rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

PER_SECOND = "/s"
TIMES = "times"
MS = "ms"


@dataclass(frozen=True)
class Aim:
    """What a figure is to reach: `sign` is `>=` or `<=`."""

    sign: str
    bound: float

    def is_met(self, value: float) -> bool:
        """Whether a figure reaches it."""
        return value >= self.bound if self.sign == ">=" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:,g}"


def at_least(bound: float) -> Aim:
    """An aim from below."""
    return Aim(">=", bound)


def at_most(bound: float) -> Aim:
    """An aim from above."""
    return Aim("<=", bound)


@dataclass(frozen=True)
class Figure:
    """One thing, measured once; `more` was seen besides, and `limit` stands beside it in this run."""

    name: str
    value: float
    unit: str
    more: str = ""
    limit: str = ""
    aim: Aim | None = None


@dataclass(frozen=True)
class Result:
    """A figure of this code over all rounds, and that of the base, if it has one: the medians.

    `figure` and `base_figure` are those of the rounds that came nearest to them."""

    figure: Figure
    value: float
    base: float | None = None
    base_figure: Figure | None = None

    @property
    def ratio(self) -> float | None:
        """This code's figure by the base's."""
        return self.value / self.base if self.base else None

    @property
    def gain(self) -> float | None:
        """How many times better than the base this code is, whether more or less is better."""
        if not self.ratio:
            return None
        return self.ratio if self.figure.unit in (PER_SECOND, TIMES) else 1 / self.ratio

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is reached; none without an aim."""
        return None if self.figure.aim is None else self.figure.aim.is_met(self.value)


def compare(
    this: Sequence[Sequence[Figure]], base: Sequence[Sequence[Figure]] = ()
) -> list[Result]:
    """The rounds of one row, of this code and of the base, as one result for each figure."""
    others = _by_name(base)
    results = []
    for name, figures in _by_name(this).items():
        figure, value = _find_middle(figures)
        before, base_value = _find_middle(others[name]) if name in others else (None, None)
        results.append(Result(figure, value, base_value, before))
    return results


def _find_middle(figures: Sequence[Figure]) -> tuple[Figure, float]:
    value = median(figure.value for figure in figures)
    return min(figures, key=lambda figure: abs(figure.value - value)), value


def _by_name(rounds: Sequence[Sequence[Figure]]) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for figures in rounds:
        for figure in figures:
            found.setdefault(figure.name, []).append(figure)
    return found
