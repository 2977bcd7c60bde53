"""The record in a browser: how it stands, whose entries, filters, one entry, and a tampering."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from brokers import NURSE, TEACHER, Clock, a_submission
from homes import Prepared
from ledgers import disarm, run_verifier
from referrals import submit
from sqlalchemy import update
from tampering import say_another_did_it
from visits import Visit, a_visit, signed_in

from audit.format.event_table import EVENT_TYPES
from audit.log.tables import ledger_entry
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.explorer import filters, listing
from broker.ledger.explorer.standing import ON_HOST
from broker.web.views.record.asked import ACTS
from broker.wiring import Services


def is_told(services: Services) -> Reference:
    """The nurse's disclosure, sent and told; a school has one of its own."""
    services.disclosures.submit(a_submission(services, "key-of-school"), TEACHER)
    reference = submit(services)
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)
    services.checkpoints.keep()
    return reference


@pytest.fixture(name="with_two_sent", scope="module")
def _with_two_sent(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Prepared, Reference]:
    return prepared_on_sqlite.after(tmp_path_factory.mktemp("sent") / "home", is_told)


@pytest.fixture(name="sqlite_broker")
def _sqlite_broker(
    with_two_sent: tuple[Prepared, Reference], tmp_path: Path, clock: Clock
) -> Iterator[Services]:
    """A broker of its own for each test, in which both were sealed and sent before."""
    services = with_two_sent[0].copied(tmp_path / "home", clock)
    yield services
    services.close()


@pytest.fixture(name="sent")
def _sent(with_two_sent: tuple[Prepared, Reference]) -> Reference:
    return with_two_sent[1]


@pytest.fixture(name="auditor")
def _auditor(sqlite_broker: Services, clock: Clock, sent: Reference) -> Visit:
    assert str(sent)
    return signed_in(sqlite_broker, clock, Role.AUDITOR)


def entries_about(services: Services, reference: Reference, kind: str) -> list[int]:
    with services.transaction() as tx:
        about = tx.ledger.entries_about(str(reference))
    return [entry.seq for entry in about if entry.type == kind]


def test_whoever_signs_in_begins_at_a_page_that_opens(
    sqlite_broker: Services, clock: Clock
) -> None:
    visit = a_visit(sqlite_broker, clock, Role.AUDITOR)

    answer = visit.sign_in()

    assert answer.headers["Location"] == "/ledger"
    assert visit.get("/ledger").status_code == 200


def test_the_page_says_who_verified_when_up_to_where_and_with_which_key(
    sqlite_broker: Services, auditor: Visit
) -> None:
    assert "Nobody has checked the record yet" in auditor.get("/ledger").text
    asked = auditor.send("/ledger/check")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/ledger")
    assert "The record is being checked" in auditor.get("/ledger").text

    assert sqlite_broker.explorer.standings.check_if_due()

    told = auditor.get("/ledger").text
    found = sqlite_broker.explorer.standings.now().verification
    assert found is not None
    assert "The record is whole" in told
    assert "asked by Mira Specimen" in told
    assert f"Entry {found.size - 1}, {found.size} entries in all" in told
    assert str(sqlite_broker.checkpoints.store.key) in told
    assert not sqlite_broker.explorer.standings.check_if_due()


def test_an_old_verification_is_told_to_be_old_and_made_anew_each_hour(
    sqlite_broker: Services, clock: Clock
) -> None:
    standings = sqlite_broker.explorer.standings
    standings.check(ON_HOST)
    clock.forward(timedelta(hours=25))

    assert standings.now().is_stale
    assert standings.check_if_due()
    assert not standings.now().is_stale


def test_an_entry_calls_bodies_contacts_and_purposes_as_people_do(
    auditor: Visit, sqlite_broker: Services, sent: Reference
) -> None:
    (received,) = entries_about(sqlite_broker, sent, "received")
    (decided,) = entries_about(sqlite_broker, sent, "decided")

    said = auditor.get(f"/ledger/{received}").text.partition("Byte for byte")[0]

    assert "Northshire Example NHS Trust" in said
    assert "Prevent team, Northshire Example Police" in said
    assert "northshire-" not in said
    assert "Prevent referral" in auditor.get(f"/ledger/{decided}").text


def test_a_tampering_is_named_by_its_entry_and_blocks_release(
    sqlite_broker: Services, auditor: Visit, sent: Reference
) -> None:
    (number,) = entries_about(sqlite_broker, sent, "received")
    say_another_did_it(sqlite_broker, number)
    sqlite_broker.explorer.standings.check(ON_HOST)

    told = auditor.get("/ledger").text

    assert f"Broken at entry {number}" in told
    assert "Nothing is decided, sent, told, opened or destroyed." in told
    assert "In danger ring 999" in told
    assert "This entry is not as it was recorded" in auditor.get(f"/ledger/{number}").text
    assert "Do not rely on this entry" in auditor.get(f"/ledger/{number + 1}").text
    assert "Do not rely" not in auditor.get(f"/ledger/{number - 1}").text
    assert auditor.get(f"/ledger/{number}/receipt").status_code == 503


def test_bytes_that_are_no_entry_are_shown_as_they_are(
    sqlite_broker: Services, auditor: Visit, sent: Reference
) -> None:
    (number,) = entries_about(sqlite_broker, sent, "received")
    with sqlite_broker.transaction.database.transaction() as connection:
        disarm(connection)
        of_it = ledger_entry.c.seq == number
        connection.execute(update(ledger_entry).where(of_it).values(entry=b"<b>no entry</b>"))

    assert "It is no entry any more" in auditor.get("/ledger").text
    assert "&lt;b&gt;no entry&lt;/b&gt;" in auditor.get(f"/ledger/{number}").text


def test_a_page_goes_on_from_an_entry_and_ends_at_the_first(auditor: Visit) -> None:
    seen: list[int] = []
    address = "/ledger"
    while address:
        text = auditor.get(address).text
        rows = [
            int(part.partition('"')[0])
            for part in text.split('href="/ledger/')[1:]
            if part[0].isdigit()
        ]
        seen += rows
        _, found, rest = text.partition('rel="next" href="')
        address = rest.partition('"')[0].replace("&amp;", "&") if found else ""

    assert seen == [*range(seen[0], -1, -1)]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        pytest.param("kind=revealed", {"The passphrase, or the code"}, id="kind"),
        pytest.param("act=sender", {"A pack or a request was taken in"}, id="whose act"),
        pytest.param("body=example-school&kind=received", {"A pack or a request"}, id="body"),
        pytest.param("day-day=16&day-month=3&day-year=2026&kind=sealed", {"sealed"}, id="day"),
    ],
)
def test_filters_narrow_to_what_they_say(auditor: Visit, query: str, kinds: set[str]) -> None:
    table = auditor.get(f"/ledger?{query}").text.partition("<tbody")[2]

    assert all(kind in table for kind in kinds)
    assert "A gateway serves" not in table


def test_a_body_narrows_to_what_is_of_it(
    auditor: Visit, sqlite_broker: Services, sent: Reference
) -> None:
    with sqlite_broker.transaction() as tx:
        (of_school,) = tx.store.submitted_by(TEACHER, limit=9)

    tables = {
        body: auditor.get(f"/ledger?kind=received&body={body}").text.partition("<tbody")[2]
        for body in (TEACHER.agency, NURSE.agency)
    }

    assert str(of_school.reference) in tables[TEACHER.agency]
    assert str(sent) not in tables[TEACHER.agency]
    assert str(sent) in tables[NURSE.agency]
    assert str(of_school.reference) not in tables[NURSE.agency]


def test_a_day_narrows_to_what_was_on_it_in_london(
    auditor: Visit, sqlite_broker: Services, clock: Clock, sent: Reference
) -> None:
    clock.now = datetime(2026, 4, 1, 22, 59, tzinfo=UTC)
    before_midnight = submit(sqlite_broker, "key-00000008")
    clock.forward(timedelta(minutes=1))
    after_midnight = submit(sqlite_broker, "key-00000009")
    auditor.sign_in()

    of_day = {
        day: auditor.get(f"/ledger?kind=received&day-day={day}&day-month=4&day-year=2026").text
        for day in (1, 2)
    }

    for day, on, other in ((1, before_midnight, after_midnight), (2, after_midnight, None)):
        table = of_day[day].partition("<tbody")[2]
        assert str(on) in table
        assert str(other) not in table
        assert str(sent) not in table


def test_every_kind_of_entry_is_the_act_of_somebody_who_can_be_asked_for() -> None:
    unplaced = {kind for kind in EVENT_TYPES if filters.act_of(kind) is filters.Act.OTHER}

    assert unplaced == set()
    assert set(ACTS) == set(filters.Act)


def test_a_reference_narrows_to_its_entries_however_it_is_typed(
    auditor: Visit, sent: Reference
) -> None:
    table = auditor.get(f"/ledger?reference={str(sent).lower()}").text.partition("<tbody")[2]

    assert table.count(str(sent)) == table.count("<tr")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("reference=nobody", "Enter a reference such as PRV-7Q4K-M2XH"),
        ("day-day=31&day-month=2&day-year=2026", "Day must be a real date"),
        ("day-day=3&day-month=2", "Day must include a year"),
        ("number=99999", "Enter an entry number between 0 and"),
        ("number=-1", "Enter an entry number between 0 and"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    auditor: Visit, query: str, says: str
) -> None:
    answer = auditor.get(f"/ledger?{query}")

    assert answer.status_code == 422
    assert says in answer.text


def test_a_number_leads_to_its_entry(auditor: Visit) -> None:
    assert auditor.get("/ledger?number=0").headers["Location"] == "/ledger/0"
    assert "The log begins" in auditor.get("/ledger/0").text


def test_nothing_that_fits_is_told_with_how_far_it_was_looked(
    auditor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LOOKED_AT", 3)

    told = auditor.get("/ledger?kind=log.open").text

    assert "There are older entries" in told
    assert "Look further back" in told


def test_each_reader_sees_what_is_theirs(
    sqlite_broker: Services, clock: Clock, sent: Reference
) -> None:
    guardian = signed_in(sqlite_broker, clock, Role.IG)
    about = entries_about(sqlite_broker, sent, "received")[0]

    table = guardian.get("/ledger").text.partition("<tbody")[2]

    assert str(sent) in table
    assert table.count("PRV-") == table.count(str(sent))
    assert guardian.get(f"/ledger/{about}").status_code == 200
    assert guardian.get("/ledger/0").status_code == 404
    assert guardian.get("/ledger/99999").status_code == 404


def test_a_receipt_that_was_saved_verifies_without_us(
    auditor: Visit, sent: Reference, sqlite_broker: Services, tmp_path: Path
) -> None:
    (number,) = entries_about(sqlite_broker, sent, "sent")
    for name, path in (("receipt", f"/ledger/{number}/receipt"), ("policy", "/ledger/policy")):
        answer = auditor.get(path)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        (tmp_path / name).write_bytes(answer.get_data())

    status, out, _ = run_verifier(
        "verify-receipt", tmp_path / "receipt", "--policy", tmp_path / "policy"
    )

    assert status == 0
    assert f"Entry {number}" in out
