"""Which rules were in force from when, by whom; and what the newest say otherwise than before."""

from dataclasses import dataclass
from datetime import date, datetime

from audit.format.entry import Entry
from audit.log.known import TYPE
from broker.domain.errors import RulesUnavailableError
from broker.domain.times import day_of, moment_of
from broker.rulebooks.in_force import RulesInForce
from broker.storage.transaction import Transactions
from policies import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class PutInForce:
    """One activation, as the ledger's entry `seq` says it; nobody put the first in force."""

    seq: int
    version: str
    at: datetime
    first: str | None
    second: str | None
    until: date | None

    @classmethod
    def of(cls, entry: Entry) -> "PutInForce":
        """Return what an entry of an activation says."""
        said = {name: entry.event.get(name) for name in ("by", "second", "until")}
        first, second, until = (None if one is None else str(one) for one in said.values())
        return cls(
            seq=entry.seq,
            version=str(entry.event["rulebook"]),
            at=moment_of(entry.moment),
            first=first,
            second=second,
            until=day_of(until),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHistory:
    """Tells of rules over time; every method opens its own transaction."""

    transaction: Transactions
    rules: RulesInForce

    def activations(self) -> tuple[PutInForce, ...]:
        """Return every activation, the newest first; raises `BrokenLedgerError`."""
        with self.transaction.database.reading(brief=True) as connection:
            entries = self.transaction.on(connection).known().about(TYPE, "policy.activate")
        return tuple(map(PutInForce.of, reversed(entries)))

    def before(self) -> Rulebook | None:
        """Return the rules that were in force before others took their place, None before that.

        Raises `RulesUnavailableError` where this release cannot read them.
        """
        versions = [one.version for one in self.activations()]
        earlier = next((version for version in versions if version != versions[0]), None)
        if earlier is None:
            return None
        with self.transaction.database.reading(brief=True) as connection:
            return self.rules.kept(self.transaction.on(connection), earlier)

    def shipped_is_newer(self) -> bool:
        """Say whether this release ships other rules than those in force."""
        activations = self.activations()
        return not activations or activations[0].version != Rulebook.shipped().version

    def readable_before(self) -> tuple[Rulebook | None, bool]:
        """Return the rules of before, and whether there are some that cannot be read any more."""
        try:
            return self.before(), False
        except RulesUnavailableError:
            return None, True
