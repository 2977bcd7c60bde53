"""End what is over: the round that `broker serve` and `broker dispatch` make."""

from dataclasses import dataclass

from broker.wiring import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class HousekeepingReport:
    """How many passphrases were destroyed, and how many cases erased, because time was up."""

    passphrases: int
    cases: int


def housekeeping(services: Services) -> HousekeepingReport:
    """End what is over: the rules in force, unused passphrases, what is kept of cases."""
    services.rulebooks.record_expiry()
    passphrases = services.dispatcher.destroy_expired_passphrases()
    services.erasures.complete()
    gone = [one for one in services.disposals.run() if one.obstacle is None]
    return HousekeepingReport(passphrases=passphrases, cases=len(gone))
