"""What a monitoring system counts: figures of the whole installation, in Prometheus' text format.

Nothing in them names a person, a case, a body or a reference: the label of a call is the rule of
its route as it stands in the code, its method one of those that routes declare.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from audit.errors import LedgerError
from broker.api.admission import Admission
from broker.condition import Condition
from broker.domain.errors import BrokerError
from keys import KeyManagementError

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.5, 10.0)
_LOOPBACK = "127.0.0.1"


class Metrics:
    """The counters of one process; `look` says how the installation is."""

    def __init__(self, look: Callable[[], Condition], admission: Admission) -> None:
        """Begin with nothing counted."""
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(_Standing(look, admission))
        self._answers = Counter(
            "broker_answers",
            "Calls that were answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "broker_answer_seconds",
            "How long answers took.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def answered(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one call; `route` is the rule of a route, never an address."""
        self._answers.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def serve(self, port: int) -> None:
        """Answer on `port` of this host's loopback from now on; raises `OSError` where taken."""
        start_http_server(port, addr=_LOOPBACK, registry=self.registry)


@dataclass(frozen=True, slots=True)
class _Standing(Collector):
    """How the installation is at the moment when somebody looks."""

    look: Callable[[], Condition]
    admission: Admission

    def collect(self) -> Iterable[Metric]:
        """Return the figures; without a database or keystore, that it is not ready alone."""
        yield _gauge("working", "Calls that are worked on.", self.admission.taken)
        refused = "Calls that were turned away because of overload."
        yield CounterMetricFamily("broker_refused", refused, value=self.admission.refused)
        try:
            found = self.look()
        except (BrokerError, KeyManagementError, LedgerError):
            yield _gauge("ready", _READY, 0)
            return
        yield _gauge("ready", _READY, int(not found.faults(serving=True)))
        yield from _figures(found)


_READY = "1 if a submission could be taken and delivered."


def _figures(found: Condition) -> Generator[Metric]:
    for name, words, value in (
        ("oldest_step_seconds", "For how long the oldest step has been due.", found.oldest_due),
        ("steps", "Steps that wait.", found.steps),
        ("round_age_seconds", "Since the last round of delivery.", found.round_age),
        ("unsigned_seconds", "Since when the newest entry is unsigned.", found.unsigned_age),
        ("disk_free_ratio", "What is free of the disk.", found.free_share),
        ("alarms", "Alarms that stand.", found.alarms),
        ("log_lines_lost", "Lines of the log that were lost.", found.log_lines_lost),
        ("rules_days_left", "Days until the rules end.", found.rules_days_left),
        ("ledger_at_fault", "1 while the ledger does not hold.", found.ledger_fault is not None),
        ("clock_doubted", "1 while the clock is not believed.", found.clock_doubted),
    ):
        if value is not None:
            yield _gauge(name, words, float(value))


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"broker_{name}", words, value=value)
