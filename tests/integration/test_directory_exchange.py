"""What a file brings is entered whole, counts for nothing yet, and takes nobody's entries away."""

import pytest
from brokers import CALL
from people import BODY, SCHOOL, entered
from values import PREVENT

from broker.domain.errors import FaultyDocumentError
from broker.domain.model import MailboxId
from broker.domain.roles import Role
from broker.registers.exchange.lines import lines_of
from broker.registers.exchange.table import read_table, written
from broker.wiring import Services
from keys import PersonId

KEEPER, SECOND = PersonId("p-keeper"), PersonId("p-second")
HEAD = "organisation,organisation_name,organisation_kind,id,function,title,address,telephone\n"
FIRE = "fire,Example Fire,other-public-body,,other,Duty office,duty@fire.example,01632 960 444\n"


def bring(services: Services, text: str) -> tuple[int, int, int]:
    lines = read_table((HEAD + text).encode())
    brought = services.keeping.files.bring_in(lines, services.rulebooks.in_force(), KEEPER, BODY)
    return brought.bodies, brought.new, brought.changed


def test_new_bodies_and_contacts_come_and_what_is_the_same_stays_verified(
    sqlite_broker: Services,
) -> None:
    table = read_table(written(lines_of(sqlite_broker.directory.entries())))
    rulebook = sqlite_broker.rulebooks.in_force()
    same = sqlite_broker.keeping.files.bring_in(table, rulebook, KEEPER)
    assert (same.bodies, same.new, same.changed) == (0, 0, 0)

    assert bring(sqlite_broker, FIRE) == (1, 1, 0)
    with sqlite_broker.transaction() as tx:
        assert tx.directory.mailbox(PREVENT.id).verified_on is not None
        assert tx.directory.mailbox(MailboxId("fire-other")).verified_on is None
    assert sqlite_broker.log.differences() == ()
    today = sqlite_broker.directory.verify(MailboxId("fire-other"), CALL, SECOND)
    assert today == sqlite_broker.clock().date()


def test_a_changed_line_must_be_rung_about(sqlite_broker: Services) -> None:
    line = (
        f"northshire-police,,,{PREVENT.id},prevent-inbox,Prevent team,{PREVENT.address},"
        "01632 960 888\n"
    )

    assert bring(sqlite_broker, line) == (0, 0, 1)
    with sqlite_broker.transaction() as tx:
        kept = tx.directory.mailbox(PREVENT.id)
    assert (kept.telephone, kept.verified_on) == ("01632 960 888", None)
    assert kept.backing.trusted_telephone == PREVENT.telephone


def test_all_that_is_wrong_is_named_at_its_line_and_nothing_is_taken(
    sqlite_broker: Services,
) -> None:
    entered(sqlite_broker, "Sal Specimen", Role.KEEPER, agency=SCHOOL)
    before = sqlite_broker.directory.entries()
    bad = (
        "a,A,nothing,,other,Team,a@a.example,01632 960 444\n"
        "northshire-police,,,,prevent-inbox,Team,a@gmail.com,999\n"
        f"{SCHOOL},,,,hr,Office,office@school.example,01632 960 445\n"
        "northshire-council,,,,hr,HR,hr@northshire.gov.uk.evil.example,01632 960 446\n"
    )

    with pytest.raises(FaultyDocumentError) as refused:
        bring(sqlite_broker, FIRE + bad)

    assert sorted(one.place for one in refused.value.faults) == [
        "line 3.kind",
        "line 4.address",
        "line 4.telephone",
        "line 5.organisation",
        "line 6.address",
    ]
    assert sqlite_broker.directory.entries() == before
