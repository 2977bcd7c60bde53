"""Who may see: what was found in November 2026 (findings C), each by its name."""

import json
from dataclasses import replace
from typing import Any

import pytest
from brokers import CALL, FIRST_KEY, NURSE, Clock
from callers import PACKS, Caller, Refusal, a_caller, refusal_of
from packs import EXAMPLES, a_pack
from people import acting
from visits import signed_in

from broker.domain.form import label_of
from broker.domain.model import MailboxId, Person
from broker.domain.references import Reference, parse_reference
from broker.domain.roles import Role
from broker.intake.documents import read_directory
from broker.packs.pdfium import opened
from broker.registers.directory import Entries
from broker.wiring import Services
from keys import AgencyId, PersonId

CHARITY = AgencyId("made-up-mentors")
COLEMAN = Person(
    id=PersonId("p-coleman"), agency=AgencyId("made-up-council"), role=Role.PRACTITIONER
)
COLLEAGUE = replace(NURSE, id=PersonId("p-colleague"))
MENTOR_CONTACT = MailboxId("made-up-mentors-support")
KEPT = {
    "history.criminal": "Zzkept of the police.",
    "individual.religion": "Zzkept of the faith.",
    "needs.health": "Zzkept of the ward.",
}
"""What the charity's copy named as held back: Criminal record, Religion, Health."""

SUPPORT: dict[str, Any] = {
    "recipient": MENTOR_CONTACT,
    "form": {
        "individual.name": "Alex Specimen",
        "individual.date_of_birth": "1991-11-02",
        "individual.language": "English",
        "panel.plan": "A mentor meets him once a week.",
        **KEPT,
    },
    "questions__purpose": "support-delivery",
    "questions__purpose_statement": "The mentor carries out the plan of the panel.",
    "questions__agreement_to_share__recipients": ["voluntary-body"],
    "questions__agreement_to_share__purposes": ["support-delivery"],
    "questions__agreement_to_support": {
        "status": "given",
        "given_by": "person",
        "given_on": "2026-03-01",
        "expires_on": "2026-09-01",
    },
    "questions__panel": {
        "applies": "yes",
        "home_area_police_present": "yes",
        "local_authority_chairs": "yes",
    },
    "questions__reasons_for_extra_fields": {
        "individual.name": "The mentor must know whom to ask for."
    },
}


def with_a_charity(services: Services) -> Services:
    """Enter a council, and a mentoring charity that it may send what supports somebody."""
    sample = json.loads((EXAMPLES / "directory.json").read_bytes())
    trust, box = sample["agencies"][0], sample["mailboxes"][0]
    example = next(one for one in sample["agencies"] if one["kind"] == "local-authority")
    bases = {"support-delivery": example["bases"]["panel-assessment"]}
    council = {**example, "id": COLEMAN.agency, "name": "Made-up Council", "bases": bases}
    charity = {
        **trust,
        "id": CHARITY,
        "name": "Made-up Mentors",
        "kind": "voluntary-body",
        "undertaking_signed": True,
        "suitability_until": "2027-12-31",
        "bases": {},
        "sharing_duty_body": False,
        "check": "advisory",
        "check_purposes": [],
        "pathway": None,
    }
    contact = {
        **box,
        "id": MENTOR_CONTACT,
        "agency": CHARITY,
        "title": "Support team",
        "address": "support@made-up-mentors.example",
        "function": "provider",
    }
    document = {**sample, "agencies": [council, charity], "mailboxes": [contact]}
    agencies, mailboxes = read_directory(json.dumps(document).encode())
    entries = Entries(agencies=agencies, mailboxes=mailboxes)
    keeper, second = PersonId("p-entering-keeper"), PersonId("p-second-keeper")
    services.directory.add(entries, services.rulebooks.in_force(), keeper)
    services.directory.verify(MENTOR_CONTACT, CALL, second)
    return services


def answer_to(caller: Caller, path: str, body: Any = None) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(caller.post(path, body).get_data())
    return answer


def test_the_copy_of_a_mentor_charity_does_not_name_what_was_held_back(
    sqlite_broker: Services,
) -> None:
    services = with_a_charity(sqlite_broker)
    sender = a_caller(services, COLEMAN)

    told = json.loads(sender.submit(a_pack(**SUPPORT)).get_data())
    services.dispatcher.dispatch()
    words = answer_to(sender, f"{PACKS}/{told['reference']}/handover")["passphrase"]
    with services.transaction() as tx:
        found = tx.case_file(tx.store.disclosure(parse_reference(told["reference"]))).sealed()
    with opened(found or b"", words) as document:
        pages = " ".join(" ".join(map(document.text, range(document.pages))).split())
        inside = b"".join(document.embedded().values()).decode("utf-8", "replace")

    assert set(told["decision"]["withheld"]) == set(KEPT)
    assert "Something was held back. Ask Made-up Council" in pages
    named = {*KEPT, *map(label_of, KEPT), *KEPT.values(), "Criminal record", "Religion", "Health"}
    assert [word for word in named if word in pages + inside] == []


URGENT: dict[str, Any] = {
    "questions__danger": "imminent",
    "questions__concern__harm": "serious",
}


def sent_in_an_emergency(services: Services) -> Reference:
    """Send an emergency pack of the nurse's."""
    told = a_caller(services).submit(a_pack(**URGENT), key=FIRST_KEY)
    assert told.status_code == 201
    services.dispatcher.dispatch()
    return parse_reference(json.loads(told.get_data())["reference"])


def test_a_colleague_cannot_take_the_passphrase_of_an_emergency_pack_by_the_api(
    sqlite_broker: Services,
) -> None:
    reference = sent_in_an_emergency(sqlite_broker)
    colleague = a_caller(sqlite_broker, COLLEAGUE)

    taken = colleague.post(f"{PACKS}/{reference}/handover", {"reason": "They rang me."})

    assert refusal_of(taken) == Refusal(404, "unknown-reference")
    with sqlite_broker.transaction() as tx:
        assert "revealed" not in {one.type for one in tx.ledger.entries_about(str(reference))}


def test_a_colleague_cannot_take_the_passphrase_of_an_emergency_pack_from_a_page(
    sqlite_broker: Services, clock: Clock
) -> None:
    reference = sent_in_an_emergency(sqlite_broker)
    visit = signed_in(sqlite_broker, clock, Role.PRACTITIONER)

    pages = {one: visit.get(f"/referrals/{reference}{one}") for one in ("", "/handover", "/words")}
    visit.get("/referrals")
    taken = visit.send(f"/referrals/{reference}/handover", reason="They rang me.")

    assert {name: one.status_code for name, one in pages.items()} == dict.fromkeys(pages, 404)
    assert taken.status_code == 404
    assert acting(visit.held, Role.PRACTITIONER).agency == NURSE.agency


def test_a_practitioner_lists_no_disclosure_of_their_colleagues(sqlite_broker: Services) -> None:
    reference = sent_in_an_emergency(sqlite_broker)

    listed = a_caller(sqlite_broker, COLLEAGUE).get(PACKS)

    assert listed.status_code == 200
    assert str(reference) not in listed.text
    assert sqlite_broker.disclosures.own(COLLEAGUE) == ()


@pytest.mark.parametrize("role", [Role.POLICE, Role.LEAD, Role.PRACTITIONER])
def test_the_token_of_a_partner_opens_nothing_of_others_on_the_ledger(
    sqlite_broker: Services, role: Role
) -> None:
    services = with_a_charity(sqlite_broker)
    reference = sent_in_an_emergency(services)
    partner = a_caller(services, Person(id=PersonId("p-partner"), agency=CHARITY, role=role), role)
    with services.transaction() as tx:
        numbers = [one.seq for one in tx.ledger.entries_about(str(reference))]

    size = services.checkpoints.keep().checkpoint.size
    bundle = partner.get(f"/ledger/tile/entries/000.p/{size}")
    listed = partner.get(f"/api/v1/ledger/entries?ref={reference}")
    receipts = {partner.get(f"/api/v1/ledger/receipts/{one}").status_code for one in numbers}

    assert numbers
    assert bundle.status_code in {403, 404}
    assert str(reference) not in bundle.text + listed.text
    assert receipts <= {403, 404}
