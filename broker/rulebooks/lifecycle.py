"""The rules over time: activate them, judge recorded decisions again, rehearse a change."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit.errors import BrokenLedgerError, ForeignGrowthError
from audit.format.vocabulary import WordList, Words
from audit.log.known import TYPE
from broker.domain.errors import NotAllowedError, RowDisagreesError
from broker.domain.json_values import as_object, text
from broker.domain.judgement import answer_of
from broker.domain.model import Activation, Person
from broker.domain.obligations import KEPT_BY_THE_PORTAL
from broker.domain.roles import Role
from broker.domain.times import Clock, rfc3339, uk_day
from broker.ledger import events
from broker.ledger.events import Event
from broker.rulebooks.in_force import RulesInForce, has_expired
from broker.storage.case_file import CaseFile
from broker.storage.transaction import Transaction, Transactions
from keys import UnknownKeyError
from policies import Change, Message, Rulebook, RulebookError, decide, impact

_WITH_AND_WITHOUT_PORTAL = (frozenset[str](), KEPT_BY_THE_PORTAL)

WARNING_DAYS = 60
"""From how many days before its end on a rulebook is warned of, each day."""


Settling = Callable[[Transaction], Iterable[Event]]
"""What belongs to an activation, done in its transaction; returns the events of it."""


def settles_nothing(tx: Transaction) -> Iterable[Event]:
    """Do nothing beside an activation."""
    del tx
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recorded decision: the facts that were judged, what was answered, and by which rules.

    `name` is the reference and the number of the decision; `facts` is None where it was erased.
    """

    name: str
    facts: Mapping[str, object] | None
    answer: Mapping[str, object]
    confirmed: frozenset[str]


class Replayed(StrEnum):
    """What became of judging a recorded decision again."""

    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased"
    EARLIER_ENGINE = "earlier-engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebooks:
    """What may be asked of the rules over time; every method opens its own transactions."""

    transaction: Transactions
    rules: RulesInForce
    clock: Clock

    def find(self, version: str) -> Rulebook:
        """Return a rulebook that was kept here; raises `RulesUnavailableError`."""
        with self.transaction() as tx:
            return self.rules.kept(tx, version)

    def in_force(self) -> Rulebook:
        """Return the rulebook in force; raises as `RulesInForce.in_force`."""
        with self.transaction.looking() as tx:
            return self.rules.in_force(tx, self.clock())

    def recorded(self) -> Iterator[Recorded]:
        """Yield every recorded decision, the oldest disclosure first."""
        with self.transaction() as tx:
            disclosures = tx.store.all_disclosures()
        for disclosure in disclosures:
            for number in range(1, disclosure.decision_number + 1):
                with self.transaction() as tx:
                    one = _recorded(tx.case_file(disclosure), number)
                yield one

    def replay(self) -> Iterator[tuple[str, Replayed]]:
        """Judge every recorded decision again by its own rulebook; yield its name and result.

        What an earlier engine judged is not judged again here.
        """
        for one in self.recorded():
            yield one.name, self._replayed(one)

    def impact(self, before: Rulebook, after: Rulebook) -> Iterator[Change]:
        """Yield what `after` would change of every decision that this engine recorded.

        Erased ones are left out.
        """
        for one in self.recorded():
            if one.facts is not None and self._is_of_this_engine(one):
                yield from impact([(one.name, one.facts)], before, after)

    def activate(
        self,
        rulebook: Rulebook,
        first: Person,
        second: Person | None,
        *,
        until: date | None = None,
        settling: Settling = settles_nothing,
    ) -> Activation:
        """Put a rulebook in force, to a last day if given, signed and on the ledger.

        It always takes two different people, one of them a Guardian, whatever it changes: else
        `NotAllowedError`. `settling` is done in the same transaction. Raises `RulebookError` for
        words that the ledger cannot record, since no decision by such rules could be kept.
        """
        _check_recordable(rulebook, self.transaction.words)
        if second is None or second.id == first.id:
            raise NotAllowedError(
                "Putting rules in force needs a second person, going back too: "
                "broker policy activate --second TOKEN_FILE."
            )
        if Role.GUARDIAN not in {first.role, second.role}:
            raise NotAllowedError("One of the two is a Guardian. Ask one to join you.")
        unsigned = Activation(
            version=rulebook.version,
            at=self.clock(),
            first=first.id,
            second=second.id,
            until=until,
        )
        activation = self.rules.sign(unsigned)
        with self.transaction() as tx:
            tx.activations.keep_rulebook(rulebook.version, rulebook.bundle())
            tx.activations.add(activation)
            tx.append(*settling(tx), events.activated(activation, rulebook.engine))
        return activation

    def begin_with(self, rulebook: Rulebook) -> None:
        """Put the first rulebook of a new installation in force; do nothing if there is one."""
        unsigned = Activation(version=rulebook.version, at=self.clock(), first=None, second=None)
        activation = self.rules.sign(unsigned)
        with self.transaction() as tx:
            if tx.activations.newest() is None:
                tx.activations.keep_rulebook(rulebook.version, rulebook.bundle())
                tx.activations.add(activation)
                tx.append(events.activated(activation, rulebook.engine))

    def days_left(self) -> int | None:
        """Return in how many days the rulebook in force ends, where that is soon; else None.

        0 is its last day, and a negative number says for how long nothing has been judged.
        """
        try:
            with self.transaction.database.reading(brief=True) as connection:
                activation = self.transaction.on(connection).activations.newest()
        except (BrokenLedgerError, ForeignGrowthError, RowDisagreesError):
            # What is at fault is told elsewhere; nothing is judged meanwhile.
            return None
        if activation is None or activation.until is None:
            return None
        days = (activation.until - uk_day(self.clock())).days
        return days if days <= WARNING_DAYS else None

    def record_expiry(self) -> bool:
        """Record, once, that the rulebook in force has expired; say whether this was it."""
        with self.transaction() as tx:
            activation = tx.activations.newest()
            if activation is None or not has_expired(activation, self.clock()):
                return False
            # Found by its identifier: serving changes no row of what is in force.
            ended = _expiry_id(activation)
            if _is_recorded(tx, activation):
                return False
            tx.append({"id": ended, **events.expired_rules(activation)})
            return True

    def _replayed(self, one: Recorded) -> Replayed:
        if one.facts is None:
            return Replayed.ERASED
        if not self._is_of_this_engine(one):
            return Replayed.EARLIER_ENGINE
        decision = decide(one.facts, self.find(_version_of(one.answer)))
        # Whether there was a portal then stands in no fact: either answer is that of the rules.
        again = [answer_of(decision, one.confirmed, kept) for kept in _WITH_AND_WITHOUT_PORTAL]
        return Replayed.SAME if one.answer in again else Replayed.DIFFERENT

    def _is_of_this_engine(self, one: Recorded) -> bool:
        with self.transaction() as tx:
            return self.rules.is_of_this_engine(tx, _version_of(one.answer))


def _is_recorded(tx: Transaction, activation: Activation) -> bool:
    """Say whether the ledger holds that an activation has ended; a row decides nothing."""
    known = tx.known()
    since = known.newest(TYPE, "policy.activate")
    return since is not None and any(
        entry.seq > since.seq and entry.event["rulebook"] == activation.version
        for entry in known.about(TYPE, "policy.expire")
    )


def _expiry_id(activation: Activation) -> str:
    """Return the one identifier of the event that an activation has ended."""
    said = f"expired {activation.version} {rfc3339(activation.at)}"
    return events.derived_id(activation.at, said)


def _check_recordable(rulebook: Rulebook, words: Words) -> None:
    said = (
        ("obligations.toml", WordList.OBLIGATIONS, rulebook.obligations),
        ("vocabulary/facts.toml", WordList.PURPOSES, rulebook.vocabulary.shapes["purpose"].words),
    )
    faults = [
        Message(
            file=file,
            line=None,
            text=f"The ledger of this release cannot record '{word}'. "
            f"Use a word of the list {word_list} in docs/formats/ledger.md.",
        )
        for file, word_list, used in said
        for word in sorted(set(used) - words(word_list))
    ]
    if faults:
        raise RulebookError(faults)


def _recorded(file: CaseFile, number: int) -> Recorded:
    name = f"{file.disclosure.reference}/{number}"
    try:
        return Recorded(
            name=name,
            facts=file.facts(number),
            answer=file.decision(number),
            confirmed=file.pack().confirmed,
        )
    except UnknownKeyError:
        return Recorded(name=name, facts=None, answer={}, confirmed=frozenset())


def _version_of(answer: Mapping[str, object]) -> str:
    return text(as_object(answer["rulebook"])["version"])
