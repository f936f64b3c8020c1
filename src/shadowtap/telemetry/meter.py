"""From the ledger into the app's own OpenTelemetry meter; a null twin where there is none.

The counters are observable: the exporter reads the ledger when it collects, so
a request pays nothing for them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shadowtap.telemetry import names
from shadowtap.telemetry.ledger import Ledger

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Histogram, Observation
    from opentelemetry.metrics import Meter as OtelMeter


class Meter:
    """Reports a ledger under ``shadowtap.*``, to the meter given or else the app's own.

    Does nothing in a process that has not imported ``opentelemetry.metrics``:
    nobody reads metrics there, and importing it would cost memory.
    """

    def __init__(self, ledger: Ledger, meter: OtelMeter | None = None) -> None:
        self._ledger = ledger
        self._histogram: Histogram | None = None
        if meter is None and "opentelemetry.metrics" in sys.modules:
            from opentelemetry.metrics import get_meter

            meter = get_meter(names.METER)
        if meter is not None:
            self._register(meter)

    def _register(self, meter: OtelMeter) -> None:
        meter.create_observable_counter(names.REQUESTS, [self._requests], unit="{request}")
        meter.create_observable_counter(names.COPIES, [self._copies], unit="{copy}")
        meter.create_observable_up_down_counter(names.PENDING, [self._pending], unit="{copy}")
        self._histogram = meter.create_histogram(names.ANSWER_DURATION, unit="s")

    def _requests(self, _options: CallbackOptions) -> Iterable[Observation]:
        return _observations(self._ledger.received())

    def _pending(self, _options: CallbackOptions) -> Iterable[Observation]:
        return _observations(self._ledger.pending())

    def _copies(self, _options: CallbackOptions) -> Iterable[Observation]:
        from opentelemetry.metrics import Observation

        for target, outcomes in self._ledger.outcomes().items():
            for outcome, number in outcomes.items():
                yield Observation(number, {names.TARGET: target, names.OUTCOME: outcome})

    def durations(self, target: str, seconds: Iterable[float]) -> None:
        """Record how long answers of a target took."""
        if self._histogram is not None:
            for duration in seconds:
                self._histogram.record(duration, {names.TARGET: target})


def _observations(numbers: dict[str, int]) -> Iterable[Observation]:
    from opentelemetry.metrics import Observation

    return [Observation(number, {names.TARGET: target}) for target, number in numbers.items()]
