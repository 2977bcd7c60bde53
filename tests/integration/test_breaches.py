"""What went to the wrong place is recorded, sealed, chased and closed; nothing of it is lost."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from brokers import NURSE, TEACHER, Clock
from people import with_account
from referrals import GUARDIAN, assert_ledger_verifies, submit
from sqlalchemy import update

from broker.alarms import alarms
from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.disclosures.breaches.opening import Noticed
from broker.disclosures.breaches.views import breach_in_words_document, breach_list_document
from broker.domain.breaches.record import (
    Breach,
    Cause,
    Kind,
    Said,
    Step,
    UnknownBreachError,
)
from broker.domain.errors import (
    NotAllowedError,
    RejectedError,
    RowDisagreesError,
    UnknownReferenceError,
    WrongStateError,
)
from broker.domain.model import Person
from broker.domain.references import Prefix, Reference, new_reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import rfc3339
from broker.ledger.readings import Entrance
from broker.storage.rows.delivering.breaches import breach as breach_table
from broker.wiring import Services
from keys import PersonId

IG = Person(id=PersonId("p-ig"), agency=NURSE.agency, role=Role.IG)
SAID = "Zzcanary: it went to the inbox of another force."
WHY = "It was looked into, and this is what was found."


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    return submit(sqlite_broker)


@dataclass(frozen=True, slots=True)
class Refusing:
    """A courier whose recipient's server takes nothing."""

    name: str = "smtp"
    repeatable: bool = False

    def deliver(self, _envelope: Envelope, _message: bytes) -> Acceptance:
        raise RejectedError("x", "refused", 550)


def noticed(about: Reference | None, kind: Kind = Kind.BREACH) -> Noticed:
    return Noticed(kind=kind, cause=Cause.WRONG_RECIPIENT, words=SAID, about=about)


def types(services: Services, id_: Reference) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.about(id_)]


def notices(services: Services) -> int:
    return len(list(services.home.pickup.glob("notice-*.eml")))


def written(services: Services, record: Breach, *steps: Said) -> Breach:
    for said in steps:
        services.afterwards.breaches.write(record.id, replace(said, words=WHY), IG)
    return services.afterwards.breaches.read(record.id, IG, Entrance.API).breach


def certain(clock: Clock) -> Said:
    return Said(step=Step.CERTAIN, choice="breach", at=clock())


def test_a_breach_is_opened_by_its_sender_written_by_ig_and_closed_with_its_reasons(
    sqlite_broker: Services, clock: Clock, reference: Reference
) -> None:
    services, breaches = sqlite_broker, sqlite_broker.afterwards.breaches
    with_account(services, clock, "Ida Specimen", Role.IG)
    before = notices(services)

    record = breaches.open(noticed(reference), NURSE)
    again = breaches.open(noticed(reference), NURSE)

    assert again.id == record.id
    assert notices(services) == before + 1
    assert [one.id for one in breaches.about(reference, NURSE)] == [record.id]
    with pytest.raises(WrongStateError, match="cannot be closed yet"):
        breaches.close(record.id, IG)
    found = written(
        services,
        record,
        certain(clock),
        Said(step=Step.CONTAINED, at=clock()),
        Said(step=Step.RISK, choice="none"),
        Said(step=Step.REGULATOR, choice="not-reported", at=clock()),
        Said(step=Step.PERSON, choice="told", at=clock()),
        Said(step=Step.LESSON),
    )
    assert found.lacks() == ()
    closed = breaches.close(record.id, IG)

    read = breaches.read(record.id, GUARDIAN, Entrance.PAGE)
    assert (closed.closed_by, read.breach) == (IG.id, closed)
    document = breach_in_words_document(read, clock())
    assert (document["about"], document["lacks"]) == (str(reference), [])
    listed = breaches.listed(IG)
    listed_document = breach_list_document(listed.records, (), clock())
    assert SAID not in str(listed_document) + repr(noticed(reference)) + repr(listed)
    assert read.words["opened"] == SAID
    assert read.words["lesson"] == WHY
    assert types(services, record.id) == [
        "breach.opened",
        *["breach.step"] * 6,
        "read",
        "breach.closed",
        "read",
    ]
    with pytest.raises(WrongStateError, match="closed"):
        breaches.write(record.id, Said(step=Step.LESSON, words=WHY), IG)
    with services.transaction() as tx:
        (row,) = tx.connection.execute(breach_table.select()).mappings()
        log = b"".join(tx.ledger.raw_entries(0, tx.ledger.head().size))
    assert b"Zzcanary" not in bytes(row["words"]) + log
    assert services.log.differences() == ()
    assert_ledger_verifies(services)


def test_nobody_opens_or_reads_what_is_not_theirs(
    sqlite_broker: Services, reference: Reference
) -> None:
    breaches = sqlite_broker.afterwards.breaches
    record = breaches.open(noticed(reference), IG)

    with pytest.raises(UnknownReferenceError):
        breaches.open(noticed(reference), TEACHER)
    with pytest.raises(UnknownReferenceError):
        breaches.open(noticed(reference), replace(IG, agency=TEACHER.agency))
    with pytest.raises(NotAllowedError, match="which disclosure"):
        breaches.open(noticed(None), NURSE)
    with pytest.raises(UnknownBreachError):
        breaches.read(record.id, replace(IG, agency=TEACHER.agency), Entrance.API)
    with pytest.raises(UnknownBreachError):
        breaches.close(new_reference(prefix=Prefix.BREACH), IG)
    assert breaches.listed(replace(IG, agency=TEACHER.agency)).records == ()
    assert breaches.open(noticed(None), IG).about is None


def test_a_near_miss_needs_no_report_and_becomes_a_breach_once_that_is_certain(
    sqlite_broker: Services, clock: Clock, reference: Reference
) -> None:
    breaches = sqlite_broker.afterwards.breaches
    record = breaches.open(noticed(reference, Kind.NEAR_MISS), NURSE)

    with pytest.raises(NotAllowedError, match="near miss"):
        breaches.write(record.id, Said(step=Step.RISK, choice="none", words=WHY), IG)
    found = written(sqlite_broker, record, certain(clock))

    assert (found.kind, found.certain_at) == (Kind.BREACH, clock())
    assert Step.REGULATOR in found.lacks()


@pytest.mark.parametrize(
    "said",
    [
        Said(step=Step.RISK, words=WHY),
        Said(step=Step.RISK, choice="told", words=WHY),
        Said(step=Step.LESSON, choice="none", words=WHY),
        Said(step=Step.CONTAINED, words=WHY),
        Said(step=Step.LESSON, words="No."),
    ],
)
def test_a_step_takes_what_it_asks_for_and_nothing_else(
    sqlite_broker: Services, reference: Reference, said: Said
) -> None:
    record = sqlite_broker.afterwards.breaches.open(noticed(reference), NURSE)

    with pytest.raises(NotAllowedError):
        sqlite_broker.afterwards.breaches.write(record.id, said, IG)

    assert types(sqlite_broker, record.id) == ["breach.opened"]


def test_a_report_after_72_hours_says_why_and_no_moment_lies_ahead(
    sqlite_broker: Services, clock: Clock, reference: Reference
) -> None:
    breaches = sqlite_broker.afterwards.breaches
    record = breaches.open(replace(noticed(reference), certain_at=clock()), NURSE)
    with pytest.raises(NotAllowedError, match="not come yet"):
        breaches.open(replace(noticed(reference), certain_at=clock() + timedelta(hours=1)), IG)
    clock.forward(timedelta(hours=73))
    said = Said(step=Step.REGULATOR, choice="reported", at=clock(), words=WHY)

    with pytest.raises(NotAllowedError, match="reason"):
        breaches.write(record.id, said, IG)
    breaches.write(record.id, replace(said, late="It was a weekend, and nobody knew."), IG)

    with sqlite_broker.transaction() as tx:
        *_, last = tx.about(record.id)
    assert (last.event["choice"], len(str(last.event["late_c"]))) == ("reported", 64)
    words = breaches.read(record.id, IG, Entrance.API).words
    assert words["late"] == "It was a weekend, and nobody knew."


def test_the_72_hours_climb_to_named_people_each_step_once_and_are_an_alarm(
    sqlite_broker: Services, clock: Clock, reference: Reference
) -> None:
    services = sqlite_broker
    for number, role in enumerate((Role.IG, Role.LEAD)):
        with_account(services, clock, f"Ida{number} Specimen", role)
    record = services.afterwards.breaches.open(
        replace(noticed(reference), certain_at=clock()), NURSE
    )
    heard = []
    for hours in (47, 1, 24, 24):
        clock.forward(timedelta(hours=hours))
        before = notices(services)
        services.afterwards.breach_chasing.chase()
        assert services.afterwards.breach_chasing.chase() == 0
        heard.append(notices(services) - before)

    assert heard == [0, 1, 2, 2]
    with services.transaction() as tx:
        told = [one.event["step"] for one in tx.about(record.id) if one.type == "breach.chased"]
        assert tx.disclosure(reference).state is State.DECIDED
    assert told == ["report-soon", "report-late", "report-later"]
    assert "breach-late" in {one.code for one in alarms(services)}
    written(
        services,
        record,
        Said(step=Step.REGULATOR, choice="reported", at=clock(), late="Nobody had seen it."),
    )
    assert "breach-late" not in {one.code for one in alarms(services)}


def test_a_record_that_somebody_edited_stops_no_other_from_being_chased(
    sqlite_broker: Services, clock: Clock, reference: Reference
) -> None:
    services = sqlite_broker
    first, _ = (
        services.afterwards.breaches.open(replace(noticed(reference), cause=cause), NURSE)
        for cause in (Cause.WRONG_RECIPIENT, Cause.OTHER)
    )
    clock.forward(timedelta(hours=24))
    with services.transaction() as tx:
        edited = update(breach_table).where(breach_table.c.id == str(first.id))
        tx.connection.execute(edited.values(closed_at=rfc3339(clock())))

    assert services.afterwards.breach_chasing.chase() == 1
    assert services.afterwards.breach_chasing.late() == 1
    with pytest.raises(RowDisagreesError):
        services.afterwards.breaches.read(first.id, IG, Entrance.API)


def test_what_did_not_arrive_is_proposed_until_it_has_a_record(
    sqlite_broker: Services, reference: Reference
) -> None:
    services = sqlite_broker
    assert services.afterwards.breaches.listed(IG).proposed == ()
    replace(services.dispatcher, courier=Refusing()).dispatch()

    (proposed,) = services.afterwards.breaches.listed(IG).proposed
    services.afterwards.breaches.open(noticed(reference, Kind.NEAR_MISS), IG)

    assert proposed.reference == reference
    assert services.afterwards.breaches.listed(replace(IG, agency=TEACHER.agency)).proposed == ()
    assert services.afterwards.breaches.listed(IG).proposed == ()
