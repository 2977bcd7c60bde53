"""What the record gives out as a file: tables, entries, the folder that verifies, an opening."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from brokers import Clock
from gateways import gateway
from ledgers import run_verifier
from markup import page_client
from people import with_guardian
from referrals import APPROVED, DEPUTY, GUARDIAN, refer, submit
from visits import Visit, cheap, signed_in

from audit.format.opening import Opening
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.tables.spreadsheets import csv_line
from broker.ledger.explorer.reader import Reader, Stored
from broker.ledger.explorer.standing import ON_HOST
from broker.wiring import Services


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    return refer(sqlite_broker)


@pytest.fixture(name="auditor")
def _auditor(sqlite_broker: Services, clock: Clock, reference: Reference) -> Visit:
    assert str(reference)
    return signed_in(sqlite_broker, clock, Role.AUDITOR)


@pytest.fixture(name="guardian")
def _guardian(sqlite_broker: Services, clock: Clock, reference: Reference) -> Visit:
    assert str(reference)
    held = with_guardian(sqlite_broker, clock)
    client = page_client(gateway(cheap(sqlite_broker)))
    visit = Visit(client=client, held=held, clock=clock)
    assert visit.sign_in().status_code == 303
    return visit


def exported(visit: Visit, form: str, query: str = "", **typed: str) -> bytes:
    if (led := visit.get(f"/ledger/export{query}")).status_code == 303:
        visit.get(visit.give_code(led))
    answer = visit.send("/ledger/export", form=form, **typed)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    return answer.get_data()


def newest_reading(services: Services) -> dict[str, object]:
    with services.transaction() as tx:
        return dict([*tx.ledger.entries()][-1].event)


def decided(services: Services, reference: Reference) -> int:
    with services.transaction() as tx:
        about = tx.ledger.entries_about(str(reference))
    return next(entry.seq for entry in about if entry.type == "decided")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_reads_a_thousand_entries_at_a_time_and_no_more_before_they_are_taken(
    sqlite_broker: Services, auditor: Visit, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    with sqlite_broker.transaction() as tx:
        tx.append(*[{"type": "expired", "ref": "PRV-7Q4K-M2XH"}] * 3_000)
    taken: list[int] = []
    newest_first = Reader.newest_first

    def noted(reader: Reader, start: int, stop: int, limit: int) -> Iterator[Stored]:
        taken.append(stop - start)
        return newest_first(reader, start, stop, limit)

    monkeypatch.setattr(Reader, "newest_first", noted)
    auditor.get("/ledger/export")
    before = len(taken)
    answer = auditor.send("/ledger/export", form=form)

    assert len(taken) - before <= 1
    pieces = [*answer.iter_encoded()]
    assert b"".join(pieces).count(b"expired") >= 3_000
    assert len(taken) - before == 4
    assert max(taken) <= 1_000
    # One for each thousand, and what stands before and behind them.
    assert len(pieces) in {5, 6}


def test_a_table_holds_every_entry_once_and_the_export_is_one(
    sqlite_broker: Services, auditor: Visit
) -> None:
    text = exported(auditor, "csv").decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [int(row["entry"]) for row in rows] == [*range(len(rows))]
    assert rows[-1]["kind"] == "read"
    event = newest_reading(sqlite_broker)
    assert (event["what"], event["how"], event["by"]) == ("export", "page", auditor.held.person)


def test_a_table_has_only_what_it_was_narrowed_to(auditor: Visit, reference: Reference) -> None:
    auditor.get(f"/ledger/export?reference={reference}")

    text = exported(auditor, "csv", f"?reference={reference}", reference=str(reference))

    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert {row["reference"] for row in rows} == {str(reference)}


def test_as_json_each_entry_is_the_text_that_was_hashed(
    sqlite_broker: Services, auditor: Visit
) -> None:
    content = exported(auditor, "json")

    with sqlite_broker.transaction() as tx:
        raws = [entry.raw for entry in tx.ledger.entries()]
    assert [one["seq"] for one in json.loads(content)] == [*range(len(raws))]
    assert all(raw in content for raw in raws)
    assert json.loads(exported(auditor, "json", kind="hold.set")) == []


@pytest.mark.parametrize("reader", ["auditor", "guardian"])
def test_the_folder_verifies_without_us_as_the_page_says(
    sqlite_broker: Services,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    reader: str,
) -> None:
    visit: Visit = request.getfixturevalue(reader)
    with zipfile.ZipFile(io.BytesIO(exported(visit, "folder"))) as archive:
        archive.extractall(tmp_path / "record")

    page = visit.get("/ledger/check-yourself").text
    policy = page.partition('<pre class="app-bytes">')[2].partition("</pre>")[0]
    (tmp_path / "policy").write_text(unescape(policy), encoding="ascii")

    status, out, _ = run_verifier(
        "verify", tmp_path / "record", "--policy", tmp_path / "policy", "--json"
    )
    told = json.loads(out)

    assert status == 0
    assert told["verdict"] == ("verified" if reader == "auditor" else "partial")
    sqlite_broker.explorer.standings.check(ON_HOST)
    found = sqlite_broker.explorer.standings.now().verification
    assert found is not None
    assert reader == "guardian" or (told["entries"], told["root"]) == (found.size, found.root)


def test_a_form_must_be_chosen_and_filters_must_be_read(auditor: Visit) -> None:
    auditor.get("/ledger/export")

    assert "Select what you want it as" in auditor.send("/ledger/export").text
    assert auditor.send("/ledger/export", form="csv", reference="nobody").status_code == 422


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_no_cell_is_a_formula_to_a_spreadsheet(begin: str) -> None:
    (cells,) = csv.reader(io.StringIO(csv_line([f"{begin}1+1"]), newline=""))

    assert cells[0] == f"'{begin}1+1"


def test_a_guardian_opens_one_field_with_a_code_and_anybody_can_check_it(
    sqlite_broker: Services,
    guardian: Visit,
    clock: Clock,
    reference: Reference,
    tmp_path: Path,
) -> None:
    number = decided(sqlite_broker, reference)
    address = f"/ledger/{number}/open/release_c"
    assert address in guardian.get(f"/ledger/{number}").text
    clock.forward(timedelta(minutes=6))
    guardian.get(address)

    sent_away = guardian.send(address, **{"as": "file"})
    assert sent_away.headers["Location"] == f"/code?to={address}"
    guardian.get(sent_away.headers["Location"])
    back = guardian.send("/code", code=guardian.held.code(clock), to=address)
    assert back.headers["Location"] == address
    guardian.get(address)
    saved = guardian.send(address, **{"as": "file"})

    opening = Opening.parse(saved.get_data())
    assert (opening.entry, opening.field) == (number, "release/1")
    event = newest_reading(sqlite_broker)
    assert (event["what"], event["how"], event["ref"]) == ("opening", "page", str(reference))
    with zipfile.ZipFile(io.BytesIO(exported(guardian, "folder"))) as archive:
        archive.extractall(tmp_path / "record")
    (tmp_path / "opening").write_bytes(saved.get_data())
    status, out, _ = run_verifier("verify", tmp_path / "record", "--opening", tmp_path / "opening")
    assert (status, "committed to the value" in out) == (0, True)


def test_what_is_opened_is_shown_as_it_was_written_with_what_recomputes_it(
    sqlite_broker: Services, guardian: Visit, reference: Reference
) -> None:
    number = decided(sqlite_broker, reference)
    address = f"/ledger/{number}/open/findings_c"
    guardian.get(address)

    shown = guardian.send(address).text

    assert "This is what was written then" in shown
    assert "findings/1" in shown
    assert guardian.get(f"/ledger/{number}/open/nothing_c").status_code >= 400


def test_the_first_reason_stands_as_it_was_written_once_a_second_one_followed(
    sqlite_broker: Services, guardian: Visit, reference: Reference
) -> None:
    first = replace(APPROVED, relation="line-report", reason="The first words, by the manager.")
    second = replace(APPROVED, reason="The later words, by the deputy.")
    sqlite_broker.referrals.decide(reference, GUARDIAN, first)
    sqlite_broker.referrals.decide(reference, DEPUTY, second)
    with sqlite_broker.transaction() as tx:
        about = tx.ledger.entries_about(str(reference))
    numbers = [entry.seq for entry in about if entry.type == "reviewed"]

    shown = []
    for number in numbers:
        address = f"/ledger/{number}/open/reason_c"
        guardian.get(address)
        shown.append(guardian.send(address).text)

    assert [first.reason in page for page in shown] == [True, False]
    assert [second.reason in page for page in shown] == [False, True]


def test_an_auditor_opens_no_facts_and_nobody_what_is_anothers(
    sqlite_broker: Services, auditor: Visit, guardian: Visit
) -> None:
    other = submit(sqlite_broker, "key-00000009")
    number = decided(sqlite_broker, other)

    auditor.get(f"/ledger/{number}/open/facts_c")
    assert auditor.send(f"/ledger/{number}/open/facts_c").status_code >= 400
    assert guardian.get("/ledger/1/open/facts_c").status_code == 404


def test_who_received_what_names_bodies_and_fields_and_nobody_who_worked_on_it(
    sqlite_broker: Services, guardian: Visit
) -> None:
    sent = submit(sqlite_broker, "key-00000009")
    sqlite_broker.dispatcher.dispatch()
    guardian.get("/who-received")
    assert guardian.send("/who-received", case="").status_code == 422
    assert guardian.send("/who-received", case="PRV-0000-0000").status_code == 422

    told = guardian.send("/who-received", case=str(sent)).text.partition("<h2")[2]

    assert "Northshire" in told
    assert "Names, and any other names used" in told
    assert "p-nurse" not in told
    event = newest_reading(sqlite_broker)
    assert (event["what"], event["how"], event["ref"]) == ("opening", "page", str(sent))
    saved = guardian.send("/who-received", case=str(sent), **{"as": "csv"}).get_data()
    (row,) = csv.DictReader(io.StringIO(saved.decode("utf-8-sig"), newline=""))
    assert (row["reference"], row["opened"]) == (str(sent), "")
    assert row["what"].startswith("Names, and any other names used; Date of birth; ")
