"""Each reader gets their own entries, and learns nothing of those of others; both databases."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from brokers import KEEPER_OF_KEYS, NURSE, TEACHER, a_submission
from callers import a_caller
from ledgers import run_verifier
from referrals import GUARDIAN, refer, submit

from audit.format.receipt import Receipt, proven_under
from audit.log.serving.export import write_folder
from broker.access.table import who_may
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.ledger.shares import AFTER_SENDING, SCOPES
from broker.wiring import Services, assemble
from keys import AgencyId, PersonId

AUDITOR = Person(id=PersonId("p-auditor"), agency=AgencyId("northshire-trust"), role=Role.AUDITOR)
COLLEAGUE = replace(NURSE, id=PersonId("p-colleague"))
OFFICER = Person(id=PersonId("p-officer"), agency=AgencyId("northshire-police"), role=Role.POLICE)
SCHOOLS_GUARDIAN = replace(GUARDIAN, agency=TEACHER.agency)
ENTRIES, EXPORT = "/api/v1/ledger/entries", "/api/v1/ledger/export"


@pytest.fixture(name="sent")
def _sent(services: Services) -> Reference:
    """A disclosure of the nurse's that was sent, told and opened; another body has one too."""
    services.disclosures.submit(a_submission(services, "key-of-school"), TEACHER)
    reference = submit(services)
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)
    services.disclosures.acknowledge(reference, NURSE)
    return reference


def entries_about(services: Services, reference: Reference) -> list[Any]:
    with services.transaction() as tx:
        return [*tx.ledger.entries_about(str(reference))]


def exported(services: Services, person: Person, folder: Path) -> dict[str, Any]:
    write_folder(folder, services.log.partial(person, Entrance.CLI))
    status, out, _ = run_verifier("verify", folder, "--policy", folder / "policy", "--json")
    return {"status": status, **json.loads(out)}


def types_in(folder: Path) -> set[str]:
    return {
        str(json.loads(Receipt.parse(one.read_bytes()).raw)["event"]["type"])
        for one in (folder / "receipts").iterdir()
    }


@pytest.mark.parametrize("person", [NURSE, GUARDIAN], ids=["who asked", "Guardian"])
def test_all_about_what_is_theirs_verifies_offline(
    services: Services, sent: Reference, tmp_path: Path, person: Person
) -> None:
    verdict = exported(services, person, tmp_path / "mine")

    assert (verdict["status"], verdict["verdict"]) == (0, "partial")
    assert [(one["ref"], one["extent"], one["missing"]) for one in verdict["yours"]] == [
        (str(sent), "whole", [])
    ]
    assert verdict["yours"][0]["entries"] == len(entries_about(services, sent))


def test_a_recipients_body_reads_what_followed_sending_and_nothing_before(
    services: Services, sent: Reference, tmp_path: Path
) -> None:
    refer(services, key="key-not-sent")
    with services.transaction() as tx:
        box = tx.directory.mailbox(tx.store.disclosure(sent).recipient)
    officer = replace(OFFICER, agency=box.agency)

    verdict = exported(services, officer, tmp_path / "mine")

    assert verdict["status"] == 0
    assert {one["extent"] for one in verdict["yours"]} == {"sent"}
    assert types_in(tmp_path / "mine") == {"sent", "acknowledged"}
    assert types_in(tmp_path / "mine") <= AFTER_SENDING


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(COLLEAGUE, id="a colleague"),
        pytest.param(SCHOOLS_GUARDIAN, id="another body's Guardian"),
        pytest.param(replace(OFFICER, agency=TEACHER.agency), id="a body it did not go to"),
        pytest.param(KEEPER_OF_KEYS, id="an administrator"),
    ],
)
def test_others_get_none_of_it(
    services: Services, sent: Reference, tmp_path: Path, person: Person
) -> None:
    verdict = exported(services, person, tmp_path / "mine")

    assert verdict["status"] == 0
    assert str(sent) not in json.dumps(verdict["yours"])
    assert str(sent) not in "".join(
        one.read_bytes().decode("latin-1") for one in tmp_path.rglob("*.json")
    )


def test_a_row_that_says_so_makes_nothing_anothers(
    services: Services, sent: Reference, tmp_path: Path
) -> None:
    with services.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE disclosure SET sender = 'example-school'")

    verdict = exported(services, SCHOOLS_GUARDIAN, tmp_path / "mine")

    assert str(sent) not in {one["ref"] for one in verdict["yours"]}


def test_one_entry_is_told_by_its_receipt_to_whose_it_is(
    services: Services, sent: Reference
) -> None:
    number = entries_about(services, sent)[1].seq
    nurse = a_caller(services)

    given = nurse.get(f"/api/v1/ledger/receipts/{number}")

    assert given.status_code == 200
    proved = proven_under(services.checkpoints.keep().checkpoint, Receipt.parse(given.get_data()))
    assert proved.entry.seq == number


@pytest.mark.parametrize(
    "person",
    [COLLEAGUE, SCHOOLS_GUARDIAN],
    ids=["a colleague", "another body's Guardian"],
)
def test_what_is_anothers_is_answered_as_what_is_not_there(
    services: Services, sent: Reference, person: Person
) -> None:
    number = entries_about(services, sent)[1].seq
    caller = a_caller(services, person, person.role)

    answers = [caller.get(f"/api/v1/ledger/receipts/{one}") for one in (number, 99_999, 2**70)]

    told = [{**json.loads(one.get_data()), "request_id": ""} for one in answers]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert told[0] == told[1] == told[2]


def test_only_who_audits_the_installation_reads_every_entry(
    services: Services, sent: Reference
) -> None:
    services.checkpoints.keep()
    size = services.checkpoints.keep().checkpoint.size
    bundle, tile = f"/ledger/tile/entries/000.p/{size}", f"/ledger/tile/0/000.p/{size}"
    auditor = a_caller(services, AUDITOR, Role.AUDITOR)

    for role in Role:
        caller = a_caller(services, replace(NURSE, role=role), role)
        reads_all = role is Role.AUDITOR
        assert caller.get(bundle).status_code == (200 if reads_all else 403), role
        assert caller.get(ENTRIES).status_code == (200 if reads_all else 403), role
        for path in (tile, "/ledger/checkpoint", "/ledger/log.vkey"):
            assert caller.get(path).status_code == 200, role
    number = entries_about(services, sent)[0].seq
    assert auditor.get(f"/api/v1/ledger/receipts/{number}").status_code == 200


def test_the_auditor_of_another_body_reads_what_is_that_bodys(
    services: Services, sent: Reference
) -> None:
    about = entries_about(services, sent)
    size = services.checkpoints.keep().checkpoint.size
    school = replace(TEACHER, id=PersonId("p-school-auditor"), role=Role.AUDITOR)
    police = replace(school, agency=AgencyId("northshire-police"))

    others = a_caller(services, school, Role.AUDITOR)
    assert others.get(f"/ledger/tile/entries/000.p/{size}").status_code == 403
    assert others.get(ENTRIES).status_code == 403
    for entry in about:
        assert others.get(f"/api/v1/ledger/receipts/{entry.seq}").status_code == 404
    was_sent = a_caller(services, police, Role.AUDITOR)
    read = {
        entry.type
        for entry in about
        if was_sent.get(f"/api/v1/ledger/receipts/{entry.seq}").status_code == 200
    }
    assert read == {entry.type for entry in about} & AFTER_SENDING


def test_where_nobody_has_said_who_runs_the_installation_nobody_reads_every_entry(
    services: Services, sent: Reference
) -> None:
    services.home.running_body.unlink()
    unsaid = assemble(services.settings, clock=services.clock)

    auditor = a_caller(unsaid, AUDITOR, Role.AUDITOR)
    number = entries_about(unsaid, sent)[0].seq

    assert auditor.get(ENTRIES).status_code == 403
    assert auditor.get(f"/api/v1/ledger/receipts/{number}").status_code == 200
    unsaid.close()


def test_by_the_api_the_export_is_an_archive_that_verifies(
    services: Services, sent: Reference, tmp_path: Path
) -> None:
    answer = a_caller(services).get(EXPORT)
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        archive.extractall(tmp_path / "mine")

    status, out, _ = run_verifier("verify", tmp_path / "mine")

    assert (answer.content_type, status) == ("application/zip", 0)
    assert str(sent) in out


def test_an_export_is_on_the_ledger_before_it_is_given(services: Services, tmp_path: Path) -> None:
    submit(services)
    exported(services, NURSE, tmp_path / "mine")

    with services.transaction() as tx:
        *_, last = tx.ledger.entries()
    event = last.event
    assert (event["type"], event["by"], event["what"], event["how"]) == (
        "read",
        "p-nurse",
        "export",
        "cli",
    )
    assert "ref" not in event


def test_a_role_without_a_line_in_the_table_reads_no_entry() -> None:
    assert Role.ADMINISTRATOR not in SCOPES
    for call in ("GET /api/v1/ledger/export", "GET /api/v1/ledger/receipts/<int:number>"):
        assert who_may(call).roles == SCOPES.keys()
    for call in ("show", "prove", "export"):
        assert who_may(f"broker ledger {call}").roles == SCOPES.keys()
