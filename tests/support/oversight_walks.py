"""Those who decide and who look over the work, in a window: every state of their pages."""

from datetime import timedelta

from brokers import NURSE, Clock
from browser_walks import (
    RECORD_STATES,
    RULES_IN_FORCE_STATES,
    SUPERVISION_STATES,
    Look,
    every_breach_state,
    every_of,
    fill,
    sign_in,
)
from browsers import Window
from callers import a_caller
from guardian_walks import (
    asks_for_advice_and_hands_over,
    choose,
    decides_with_fewer_fields,
    looks_back_at_an_emergency,
    reads_what_was_not_shared,
)
from packs import a_pack
from people import BODY, Held, cheaply, entered, opened, with_account, with_guardian
from playwright.sync_api import FilePayload
from referrals import REFERRED, refer, submit
from seen_gateways import Seen
from tampering import say_another_did_it
from visits import Visit, three
from walks import Typed

from broker.disclosures.breaches.opening import Noticed
from broker.domain.breaches.record import Cause, Kind
from broker.domain.references import Reference, parse_reference
from broker.domain.roles import Role
from broker.ledger.explorer.standing import ON_HOST
from broker.operations.first_people import enter_administrators
from broker.registers.people import NewPerson
from broker.wiring import Services

EMERGENCY = {"questions__danger": "imminent", "questions__purpose": "emergency"}
NUMBER = {"form__individual.nhs_number": "943 476 5919"}
A_PAPER = FilePayload(name="paper.pdf", mimeType="application/pdf", buffer=b"Signed. Fictitious.")


def an_administrator(services: Services, clock: Clock) -> Held:
    """Return the first of the two administrators of a new gateway."""
    named = [
        NewPerson(agency=BODY, name=f"{short} Pattern", contact=f"{short}@{BODY}.example")
        for short in ("Ada", "Ben")
    ]
    first, _ = enter_administrators(services, named)
    held = opened(cheaply(services), first.code, clock)
    clock.forward(timedelta(minutes=1))
    return held


def late_breach(services: Services, clock: Clock, about: Reference) -> None:
    """Open a record whose 72 hours are over."""
    services.afterwards.breaches.open(
        Noticed(
            kind=Kind.BREACH,
            cause=Cause.WRONG_RECIPIENT,
            words="It went to the inbox of another team.",
            about=about,
            certain_at=clock() - timedelta(hours=73),
        ),
        NURSE,
    )


def every_state_of_a_guardian(place: Seen, look: Look) -> None:
    """Decide, look back, read earlier concerns and files, ask for advice, read the quarter."""
    services = with_the_nurse(place)
    reference = refer(services, **NUMBER)
    emergency = submit(services, "key-00000002", **EMERGENCY)
    submit(services, "key-00000003", questions__necessity__less_would_do="yes")
    waits, repeat = refer(services, "key-00000004"), refer(services, "key-00000005", **NUMBER)
    visit = place.visit(with_guardian(services, place.clock))
    with place.window() as window:
        decides_with_fewer_fields(window, visit, reference, "individual.contact", look)
        looks_back_at_an_emergency(window, emergency, look)
        asks_for_advice_and_hands_over(window, waits, look)
        reads_what_was_not_shared(window, look)
        _reads_earlier(window, repeat, reference, look)
        _sees_a_file(window, services, look)
        _asks_the_sender(window, repeat, look)
        _opens_a_field(window, _entry(services, "reviewed"), look)
    with place.window() as window:
        _has_a_part(window, visit, waits, look)


def with_the_nurse(place: Seen) -> Services:
    """Enter the nurse who sends what is looked at here, and return the gateway's services."""
    entered(place.services, "Nurse Specimen", id_=NURSE.id)
    return place.services


def _independent(window: Window, reference: Reference) -> None:
    window.open(f"/reviews/{reference}")
    if window.path().endswith("/relation"):
        choose(window, "relation", "independent")
        window.go_on()


def _reads_earlier(window: Window, repeat: Reference, first: Reference, look: Look) -> None:
    _independent(window, repeat)
    look(window, "review-repeat")
    for path, name in (("earlier", "review-earlier"), (f"earlier/{first}", "review-earlier-one")):
        window.open(f"/reviews/{repeat}/{path}")
        look(window, name)


def _sees_a_file(window: Window, services: Services, look: Look) -> None:
    note = {"name": "note.txt", "carries": ["individual.religion"], "why": "It says more."}
    sent = a_caller(services).submit_with_files(
        a_pack(
            attachments=[note], **{**REFERRED, "form__individual.religion": "None. Fictitious."}
        ),
        {"note.txt": b"Somebody wrote a note. Fictitious."},
        key="key-00000006",
    )
    about = parse_reference(sent.get_json()["reference"])
    _independent(window, about)
    window.open(f"/reviews/{about}/files/1")
    look(window, "review-file")


def _asks_the_sender(window: Window, reference: Reference, look: Look) -> None:
    for path, name in (("readers", "review-readers"), ("ask", "review-ask")):
        window.open(f"/reviews/{reference}/{path}")
        look(window, name)
    window.go_on()
    look(window, "review-ask-error")
    fill(window, {"question": "Who else was there?", "principles": ["2"]})
    window.go_on()
    look(window, "review-asked")
    window.open("/reviews")
    look(window, "reviews-asked")


def _opens_a_field(window: Window, number: int, look: Look) -> None:
    window.open(f"/ledger/{number}")
    look(window, "record-entry-of-guardian")
    with window.page.expect_navigation():
        window.page.locator('main a[href*="/open/"]').first.click()
    look(window, "record-open")
    window.press("Open it here")
    look(window, "record-opened-field")


def _has_a_part(window: Window, visit: Visit, reference: Reference, look: Look) -> None:
    sign_in(window, visit)
    window.open(f"/reviews/{reference}/relation/again")
    choose(window, "relation", "siro")
    window.go_on()
    look(window, "review-deputy")


def every_state_of_rules_in_force(place: Seen, look: Look) -> None:
    """Two Guardians put rules in force; reviews, policies and who received what are kept."""
    services = with_the_nurse(place)
    reference = submit(services)
    services.dispatcher.dispatch()
    first = place.visit(with_guardian(services, place.clock))
    second = place.visit(with_guardian(services, place.clock, "Gus Specimen"))
    with place.window() as window:
        every_of(window, first, look, RULES_IN_FORCE_STATES)
        _proposes(window, look)
        _keeps_papers(window, look)
        window.open("/who-received")
        window.page.locator("#case").fill(str(reference))
        window.press("Show it")
        look(window, "who-received-shown")
    with place.window() as window:
        sign_in(window, second)
        window.open("/rules/put-in-force")
        look(window, "rules-to-confirm")
        window.press("Put them in force")
        look(window, "rules-confirmed")


def _proposes(window: Window, look: Look) -> None:
    window.open("/rules/put-in-force")
    window.press("Propose them")
    look(window, "rules-in-force-error")
    fill(window, {"choice": "again", **three("until", "16 3 2027")})
    window.press("Propose them")
    look(window, "rules-proposed")


def _keeps_papers(window: Window, look: Look) -> None:
    window.open("/rules/reviews")
    window.press("Keep this review")
    look(window, "rules-reviews-error")
    fill(window, {"trigger": "law", **three("due", "16 3 2027")})
    window.page.locator("#equality").set_input_files(A_PAPER)
    window.press("Keep this review")
    look(window, "rules-reviewed")
    window.open("/rules/documents")
    window.press("Keep it")
    look(window, "rules-documents-error")
    fill(
        window, {"title": "Safeguarding adults", "edition": "2.1", **three("review", "16 3 2027")}
    )
    window.page.locator("#paper").set_input_files(A_PAPER)
    window.press("Keep it")
    look(window, "rules-documents-kept")


def every_state_of_information_governance(place: Seen, look: Look) -> None:
    """A breach that is late, and a question that a Guardian asked."""
    services = with_the_nurse(place)
    late_breach(services, place.clock, submit(services, "key-00000002"))
    held = with_account(services, place.clock, "Ida Specimen", Role.IG)
    with place.window() as window:
        every_breach_state(window, place.visit(held), look)
        for path, name in (("/advised", "advised-none"), ("/rules", "rules-of-ig")):
            window.open(path)
            look(window, name)


def every_state_of_an_auditor(place: Seen, look: Look) -> None:
    """The record as it stands, entries about a referral and a breach, one opened."""
    services = with_the_nurse(place)
    refer(services)
    late_breach(services, place.clock, submit(services, "key-00000002"))
    services.explorer.standings.check(ON_HOST)
    visit = place.visit(with_account(services, place.clock, "Ana Specimen", Role.AUDITOR))
    with place.window() as window:
        every_of(window, visit, look, RECORD_STATES)
        window.open(f"/ledger/{_entry(services, 'decided')}")
        look(window, "record-entry-decided")
        window.open("/ledger/export")
        window.press("Export")
        look(window, "record-export-error")


def _entry(services: Services, kind: str) -> int:
    with services.transaction() as tx:
        return next(one.seq for one in tx.ledger.entries() if one.type == kind)


def every_state_of_a_broken_record(place: Seen, look: Look) -> None:
    """The record after somebody edited an entry past the broker."""
    services = with_the_nurse(place)
    visit = place.visit(with_account(services, place.clock, "Ana Specimen", Role.AUDITOR))
    with place.window() as window:
        sign_in(window, visit)
        window.open("/ledger")
        look(window, "record-unchecked")
        submit(services)
        window.open("/ledger")
        number = _entry(services, "received")
        say_another_did_it(services, number)
        services.explorer.standings.check(ON_HOST)
        for path, name in (
            ("/ledger", "record-broken"),
            (f"/ledger/{number}", "record-entry-broken"),
            (f"/ledger/{number + 1}", "record-entry-doubtful"),
        ):
            window.open(path)
            look(window, name)


def every_state_of_a_supervisor(place: Seen, look: Look) -> None:
    """A team's referrals, one of them late, and notes."""
    submit(with_the_nurse(place))
    place.services.dispatcher.dispatch()
    place.clock.forward(timedelta(days=40))
    visit = place.visit(with_account(place.services, place.clock, "Sue Specimen", Role.SUPERVISOR))
    with place.window() as window:
        every_of(window, visit, look, SUPERVISION_STATES)
        window.open("/supervision/new")
        window.press("Keep this note")
        look(window, "supervision-note-error")
        said = "We spoke about the mood after the march."
        fill(window, {"mood": said, **three("next", "16 3 2027")})
        window.press("Keep this note")
        look(window, "supervision-noted")
        window.open("/supervision/notes")
        look(window, "supervision-notes-written")


def every_state_between_bodies(window: Window, look: Look) -> None:
    """Agreements, workers and clearances, first none, then one of each, as a keeper signed in."""
    for path, name, button in (
        ("/sharing-agreements", "agreements-none", ""),
        ("/sharing-agreements/new", "agreement-new", "Enter it"),
        ("/workers", "workers-none", "Enter these checks"),
        ("/clearances", "clearances-none", "Record it"),
    ):
        window.open(path)
        look(window, name)
        if button:
            window.press(button)
            look(window, f"{name}-error")
    window.open("/sharing-agreements/new")
    fill(window, AN_AGREEMENT)
    window.page.locator("#with").select_option("northshire-police")
    window.page.locator("#paper").set_input_files(A_PAPER)
    window.press("Enter it")
    window.open("/sharing-agreements")
    look(window, "agreements")
    window.open("/workers")
    fill(window, A_WORKER)
    window.page.locator("#provider").select_option("northshire-police")
    fill(window, {"dbs": "enhanced"})
    window.press("Enter these checks")
    look(window, "workers")


AN_AGREEMENT: Typed = {
    "title": "Northshire sharing agreement. Fictitious.",
    "names_prevent": "yes",
    "purposes": ["referral", "case-review"],
    "legal_basis": "Crime and Disorder Act 1998, section 115",
    **three("signed_on", "5 1 2026"),
    **three("review_on", "1 12 2026"),
    **three("ends_on", "4 1 2027"),
}
A_WORKER: Typed = {
    "id": "w-204",
    **three("dbs_on", "1 4 2025"),
    **three("dbs_review_on", "1 4 2026"),
    **three("suitable_on", "2 4 2025"),
    **three("undertaking_on", "3 4 2025"),
}
