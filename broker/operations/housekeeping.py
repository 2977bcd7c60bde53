"""End what is over: the round that `broker serve` and `broker dispatch` make."""

from dataclasses import dataclass

from broker.wiring import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekept:
    """How many passphrases were destroyed, and how many cases erased, because time was up."""

    passphrases: int
    cases: int


def housekeeping(services: Services) -> Housekept:
    """End what is over: the rules in force, unused passphrases, what is kept of cases."""
    services.rulebooks.record_expiry()
    passphrases = services.dispatcher.burn_old_passphrases()
    services.erasures.complete()
    gone = [one for one in services.disposals.run() if one.obstacle is None]
    return Housekept(passphrases=passphrases, cases=len(gone))
