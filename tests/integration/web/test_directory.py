"""The pages of the directory: a contact counts only while another person's call backs it."""

import io
from datetime import timedelta

import pytest
from brokers import Clock
from gateways import gateway
from markup import page_client
from people import BODY, FIRST, entered, with_account
from values import PREVENT
from visits import Visit, cheap

from audit.errors import BrokenLedgerError, Rule
from broker.domain.model import MailboxId
from broker.domain.roles import Role
from broker.domain.times import spelled_day
from broker.registers.people import NewRole
from broker.wiring import Services

AT = f"/directory/contacts/{PREVENT.id}"
NEW = {
    "agency": "northshire-council",
    "kept_as": "front-door-adults",
    "title": "Adult first contact",
    "address": "adults@northshire-example.gov.uk",
    "telephone": "01632 960 555",
    "hours": "",
    "type": "role",
    "accepts_encrypted": "yes",
}
CALL = {"said": "confirmed", "number": "01632 960 000", "source": "website", "spoke_to": "Manager"}
SAYS = {
    "kept_as": "prevent-inbox",
    "title": PREVENT.title,
    "address": PREVENT.address,
    "telephone": PREVENT.telephone,
    "hours": "",
    "type": "role",
    "accepts_encrypted": "yes",
}


def somebody(services: Services, clock: Clock, name: str, role: Role) -> Visit:
    held = with_account(services, clock, name, role)
    visit = Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)
    assert visit.sign_in().status_code == 303
    return visit


@pytest.fixture(name="keeper")
def _keeper(sqlite_broker: Services, clock: Clock) -> Visit:
    return somebody(sqlite_broker, clock, "Kit Specimen", Role.KEEPER)


@pytest.fixture(name="second")
def _second(sqlite_broker: Services, clock: Clock, keeper: Visit) -> Visit:
    # Signing in moves the clock, so the first of the two is signed in by then.
    del keeper
    return somebody(sqlite_broker, clock, "Kay Specimen", Role.KEEPER)


def seen_by(visit: Visit, path: str) -> str:
    """Return what a form says that it showed."""
    text = visit.get(path).text
    return text.partition('name="seen" value="')[2].partition('"')[0]


def counts(services: Services, name: str) -> bool:
    with services.transaction() as tx:
        return tx.directory.mailbox(MailboxId(name)).counts_on(services.clock().date())


def test_from_a_printed_list_to_a_contact_that_counts(
    sqlite_broker: Services, keeper: Visit, second: Visit
) -> None:
    keeper.get("/directory/presets/somerset")
    assert "01278 647435 as printed in 2024, not verified" in keeper.last.text
    assert keeper.send("/directory/presets/somerset").headers["Location"] == "/directory"
    keeper.get("/directory/presets/somerset")
    assert "All of it stands in the directory already" in keeper.last.text
    assert keeper.get("/directory/presets/nowhere").status_code == 404
    at = "/directory/contacts/avon-somerset-police-police-advice"
    assert "Enter its address and number first" in second.get(f"{at}/call").text

    filled = {**SAYS, "kept_as": "police-advice", "telephone": "01278 647435"}
    filled["address"] = "prevent@avonandsomerset.police.uk"
    done = keeper.send(f"{at}/change", seen=seen_by(keeper, f"{at}/change"), **filled)
    assert done.status_code == 303
    done = second.send(f"{at}/call", seen=seen_by(second, f"{at}/call"), **CALL)
    assert done.status_code == 303
    assert counts(sqlite_broker, at.rpartition("/")[2])


def test_a_new_contact_counts_once_somebody_else_has_rung(
    sqlite_broker: Services, keeper: Visit, second: Visit
) -> None:
    keeper.get("/directory/contacts/new")
    answer = keeper.send("/directory/contacts/new", **NEW)
    at = answer.headers["Location"]
    assert at == "/directory/contacts/northshire-council-front-door-adults"
    entered = keeper.get(at).text
    assert "Not checked" in entered
    assert "another keeper or an administrator rings them" in entered
    assert "Ring and confirm" not in entered
    assert "Ring and confirm" in second.get(at).text
    name = at.rpartition("/")[2]

    own = keeper.get(f"{at}/call")
    refused = keeper.send(f"{at}/call", seen=seen_by(second, f"{at}/call"), **CALL)
    assert "Someone else must confirm what you entered" in own.text
    assert refused.status_code == 403
    assert not counts(sqlite_broker, name)

    done = second.send(f"{at}/call", seen=seen_by(second, f"{at}/call"), **CALL)
    assert (done.status_code, done.headers["Location"]) == (303, at)
    assert counts(sqlite_broker, name)
    page = second.get(at).text
    assert "by telephone on 16 March 2026" in page
    assert "Confirmed on the telephone at" in page
    assert "01632 960 000" in page


def test_a_number_that_changed_is_confirmed_on_the_one_of_before(
    sqlite_broker: Services, keeper: Visit, second: Visit
) -> None:
    changed = {**SAYS, "telephone": "01632 960 777"}
    keeper.send(f"{AT}/change", seen=seen_by(keeper, f"{AT}/change"), **changed)
    assert not counts(sqlite_broker, PREVENT.id)

    page = second.get(f"{AT}/call")
    assert PREVENT.telephone in page.text.partition('<p class="app-telephone">')[2][:40]
    second.send(
        f"{AT}/call",
        seen=seen_by(second, f"{AT}/call"),
        said="confirmed",
        spoke_to="Duty sergeant",
        number="01632 960 777",
        source="website",
    )

    with sqlite_broker.transaction() as tx:
        kept = tx.directory.mailbox(PREVENT.id)
    assert kept.backing.call is not None
    assert (kept.backing.call.number, kept.telephone) == (PREVENT.telephone, "01632 960 777")


def test_address_and_number_that_change_together_wait_for_a_day(
    sqlite_broker: Services, keeper: Visit, second: Visit, clock: Clock
) -> None:
    changed = {**SAYS, "telephone": "01632 960 777", "address": "new@northshire.police.uk"}
    keeper.send(f"{AT}/change", seen=seen_by(keeper, f"{AT}/change"), **changed)
    at, confirmed = f"{AT}/call", {"said": "confirmed", "spoke_to": "Duty sergeant"}

    assert "nothing counts for 24 hours" in second.get(at).text
    seen = seen_by(second, f"{AT}/retire")
    assert second.send(at, seen=seen, **confirmed).status_code == 409
    assert not counts(sqlite_broker, PREVENT.id)
    clock.forward(timedelta(hours=24))
    second.sign_in()
    assert second.send(at, seen=seen_by(second, at), **confirmed).status_code == 303
    assert counts(sqlite_broker, PREVENT.id)


def test_a_call_back_counts_for_a_year(sqlite_broker: Services, clock: Clock) -> None:
    clock.forward(timedelta(days=365))
    assert counts(sqlite_broker, PREVENT.id)
    clock.forward(timedelta(days=1))
    assert not counts(sqlite_broker, PREVENT.id)


def test_what_changed_since_it_was_shown_is_not_written_over(keeper: Visit, second: Visit) -> None:
    seen = seen_by(second, f"{AT}/change")
    keeper.send(
        f"{AT}/change", seen=seen_by(keeper, f"{AT}/change"), **{**SAYS, "hours": "9 to 5"}
    )

    answer = second.send(f"{AT}/change", seen=seen, **{**SAYS, "title": "Another team"})

    assert answer.status_code == 409
    assert "Look at it again" in answer.text
    assert "9 to 5" in second.get(AT).text


WRONG = (
    ({"address": "prevent@northshire-example-police-uk.example"}, "address"),
    ({"address": "prevent@gmail.com"}, "address"),
    ({"telephone": "999"}, "telephone"),
    ({"title": ""}, "title"),
    ({"kept_as": "nothing"}, "kept_as"),
    ({"type": ""}, "type"),
    ({"accepts_encrypted": "perhaps"}, "accepts_encrypted"),
    ({"hours": "x" * 201}, "hours"),
)


def test_what_is_wrong_is_named_beside_its_field(keeper: Visit) -> None:
    for changed, field in WRONG:
        seen = seen_by(keeper, f"{AT}/change")
        answer = keeper.send(f"{AT}/change", seen=seen, **{**SAYS, **changed})

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text


def test_an_address_that_looks_like_anothers_is_named(keeper: Visit) -> None:
    keeper.get("/directory/contacts/new")
    alike = {**NEW, "address": "adults@northshire-examp1e.police.uk", "agency": "example-school"}
    answer = keeper.send("/directory/contacts/new", **alike)

    assert "looks like that of Prevent team" in keeper.get(answer.headers["Location"]).text


def test_a_retired_contact_takes_nothing_and_a_used_one_stays(
    sqlite_broker: Services, keeper: Visit
) -> None:
    done = keeper.send(f"{AT}/retire", seen=seen_by(keeper, f"{AT}/retire"))

    assert done.status_code == 303
    assert "on 16 March 2026" in keeper.get(AT).text.partition("Retired")[2][:60]
    assert not counts(sqlite_broker, PREVENT.id)
    with sqlite_broker.transaction() as tx:
        assert tx.directory.mailbox(PREVENT.id).address == PREVENT.address


def test_old_words_lead_to_todays_function(keeper: Visit) -> None:
    page = keeper.get("/directory?q=VTR").text

    assert "now the national Prevent referral form" in page
    assert PREVENT.id in page
    assert "northshire-channel" not in page
    nobody = keeper.get("/directory?q=PCT").text
    assert "Nobody in the directory does this yet. Add a contact that does." in nobody
    assert "Nothing was found. Look for another word." in keeper.get("/directory?q=zzz").text


def test_who_holds_which_role_stands_beside_the_contacts_for_their_own_people(
    sqlite_broker: Services, keeper: Visit, clock: Clock
) -> None:
    until = clock().date() + timedelta(days=30)
    deputy = NewRole(role=Role.LEAD, is_deputy=True, valid_until=until)
    gone = entered(sqlite_broker, "Gone Specimen", Role.LEAD)
    sqlite_broker.access.people.disable(gone, FIRST)
    dee = entered(sqlite_broker, "Dee Specimen", Role.PRACTITIONER)
    sqlite_broker.access.people.grant(dee, deputy, FIRST)
    entered(sqlite_broker, "Lea Specimen", Role.LEAD)

    told = keeper.get(f"/directory/organisations/{BODY}").text.partition("Who holds which role")[2]
    of_another = keeper.get("/directory/organisations/example-school").text

    assert f"Lea Specimen<br>Dee Specimen, deputy, until {spelled_day(until)}" in told
    assert "Kit Specimen" in told
    assert "Gone Specimen" not in told
    assert "Nobody yet. Ask an administrator to give it" in told
    assert "Practitioner" not in told
    assert "Who holds which role" not in of_another


def test_an_organisation_can_be_looked_at_while_the_record_is_broken(
    sqlite_broker: Services, keeper: Visit
) -> None:
    broken = BrokenLedgerError("an entry is not as written", first_bad=2, rule=Rule.ENTRY)
    sqlite_broker.transaction.faults.note(broken)

    for body in (BODY, "example-school"):
        assert keeper.get(f"/directory/organisations/{body}").status_code == 200


def test_an_organisation_is_entered_changed_and_retired_with_its_contacts(
    sqlite_broker: Services, keeper: Visit
) -> None:
    body = {
        "name": "Southshire Example Fire and Rescue",
        "kind": "other-public-body",
        "in_united_kingdom": "yes",
        "sharing_duty_body": "no",
        "undertaking_signed": "no",
        "agreement-day": "31",
        "agreement-month": "2",
        "agreement-year": "2027",
    }
    keeper.get("/directory/organisations/new")
    wrong = keeper.send("/directory/organisations/new", **body)
    assert wrong.status_code == 422
    assert 'href="#agreement-day"' in wrong.text
    answer = keeper.send("/directory/organisations/new", **{**body, "agreement-day": "28"})
    at = answer.headers["Location"]
    assert at == "/directory/organisations/southshire-example-fire-and-rescue"
    assert "28 February 2027" in keeper.get(at).text

    keeper.send(
        f"{at}/change",
        seen=seen_by(keeper, f"{at}/change"),
        **{**body, "agreement-day": "1", "agreement-month": "3", "name": "Southshire Fire"},
    )
    assert "1 March 2027" in keeper.get(at).text
    keeper.get("/directory/contacts/new")
    of_it = {**NEW, "agency": at.rpartition("/")[2], "address": "x@southshire-fire.example"}
    contact = keeper.send("/directory/contacts/new", **of_it).headers["Location"]
    keeper.send(f"{at}/retire", seen=seen_by(keeper, f"{at}/retire"))
    assert ">Retired</strong>" in keeper.get(contact).text
    assert not counts(sqlite_broker, contact.rpartition("/")[2])


def test_a_body_with_a_keeper_of_its_own_keeps_its_own_entries(
    sqlite_broker: Services, keeper: Visit
) -> None:
    from people import SCHOOL, entered  # noqa: PLC0415  # one test

    entered(sqlite_broker, "Sal Specimen", Role.KEEPER, agency=SCHOOL)
    at = f"/directory/organisations/{SCHOOL}"
    seen = seen_by(keeper, f"{at}/change")
    assert "It keeps its own entries" in keeper.get(at).text

    answer = keeper.send(f"{at}/retire", seen=seen)

    assert answer.status_code == 403


def test_who_only_reads_is_shown_no_way_to_change(sqlite_broker: Services, clock: Clock) -> None:
    nurse = somebody(sqlite_broker, clock, "Nia Specimen", Role.PRACTITIONER)

    assert "Add a contact" not in nurse.get("/directory").text
    assert "Ring and confirm" not in nurse.get(AT).text
    assert nurse.get(f"{AT}/change").status_code == 403


def test_a_keeper_comes_out_at_the_directory(keeper: Visit, clock: Clock) -> None:
    clock.forward(timedelta(minutes=1))
    assert keeper.sign_in().headers["Location"] == "/directory"


def test_a_checked_number_stands_on_the_page_of_whom_one_can_ring(
    keeper: Visit, second: Visit
) -> None:
    keeper.get("/directory/presets/somerset")
    keeper.send("/directory/presets/somerset")
    printed = "01278 647435, as printed in 2024, not verified"
    assert printed in keeper.get("/channels").text
    at = "/directory/contacts/avon-somerset-police-police-advice"
    filled = {**SAYS, "kept_as": "police-advice", "telephone": "01278 647435", "hours": "9 to 5"}
    filled["address"] = "prevent@avonandsomerset.police.uk"
    keeper.send(f"{at}/change", seen=seen_by(keeper, f"{at}/change"), **filled)
    second.send(f"{at}/call", seen=seen_by(second, f"{at}/call"), **CALL)

    page = second.get("/channels").text
    assert 'href="tel:01278647435"' in page
    assert "checked on 16 March 2026. 9 to 5" in page
    second.send(f"{at}/retire", seen=seen_by(second, f"{at}/retire"))
    assert "01278" not in second.get("/channels").text


def test_the_directory_goes_out_and_comes_in_as_a_file(keeper: Visit) -> None:
    table = keeper.get("/directory/contacts.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="directory.csv"'
    services = keeper.get("/directory/services.json")
    assert services.get_json()["contents"]
    keeper.get("/directory/files")
    assert keeper.send("/directory/files").status_code == 422

    wrong = table.data.replace(b"prevent-inbox", b"nothing")
    refused = keeper.send("/directory/files", file=(io.BytesIO(wrong), "d.csv"))
    assert refused.status_code == 422
    assert ".function must be one of" in refused.text
    for content in (table.data, services.data):
        keeper.get("/directory/files")
        sent = keeper.send("/directory/files", file=(io.BytesIO(content), "a-file"))
        assert sent.status_code == 303
