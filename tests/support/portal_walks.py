"""A document fetched from a page: its sender, its reader, and the inbox it came to."""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from brokers import a_submission
from browser_walks import Look, fill, sign_in
from browsers import Window, free_port, served
from partner_requests import CHAIR, OFFICER
from people import FIRST, acting, cheaply, entered, opened
from portals import a_portal as made_portal
from portals import token_of
from request_walks import ANSWERING, is_put
from seen_gateways import Seen
from visits import Visit
from walks import Typed

from broker.domain.partner_requests.copies import CopyName
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.web.portal.app import create_portal
from broker.wiring import Services
from keys import AgencyId

POLICE = AgencyId("northshire-police")


def a_portal(seen: Seen) -> AbstractContextManager[str]:
    """Serve the portal of a gateway, and yield its address."""
    return a_portal_of(seen.services)


@contextmanager
def a_portal_of(services: Services) -> Generator[str]:
    """Serve the portal of a broker, and yield its address."""
    portal = made_portal(services, {"localhost"})
    with served(create_portal(portal), free_port()) as address:
        yield address
    portal.front.database.close()


def an_officer(seen: Seen) -> Visit:
    """Somebody of the police whose inbox it comes to."""
    access = cheaply(seen.services)
    person = entered(seen.services, "Ola Sample", Role.POLICE, agency=POLICE)
    secret = access.accounts.invite(person, replace(FIRST, agency=POLICE))
    return seen.visit(opened(access, secret, seen.clock))


def sent_by(seen: Seen, sender: Visit, key: str = "key-00000001") -> Reference:
    """Send a document whose reader fetches it from a page."""
    reference = seen.services.disclosures.submit(
        a_submission(seen.services, key), acting(sender.held, Role.PRACTITIONER)
    )
    seen.services.dispatcher.dispatch()
    return reference


def every_state_of_a_page(
    sending: Window, reading: Window, seen: Seen, sender: Visit, look: Look
) -> None:
    """Ring, tell the code, fetch the document by it, reply; then lock another and end a third."""
    reference, locked, ended = (sent_by(seen, sender, f"key-0000000{n}") for n in (1, 2, 3))
    sign_in(sending, sender)
    code = _code_told(sending, f"/referrals/{reference}", reference, look)
    _fetched(reading, f"/portal/{token_of(seen.services, reference)}", code, look)
    for path, name in (("page", "sender-page"), ("replies", "sender-replies")):
        sending.open(f"/referrals/{reference}/{path}")
        look(sending, name)
    person = acting(sender.held, Role.PRACTITIONER)
    seen.services.deliveries.pages.tell_code(locked, person, "Duty officer")
    _locked(reading, f"/portal/{token_of(seen.services, locked)}", look)
    seen.services.afterwards.recalling.recall(ended, person)
    for path, name in (
        (f"/portal/{token_of(seen.services, ended)}", "portal-ended"),
        ("/", "portal-root"),
        ("/portal/nobody", "portal-unknown"),
        ("/check-a-pack", "portal-check"),
    ):
        reading.open(path)
        look(reading, name)
    reading.press("Check it")
    look(reading, "portal-check-error")


def _code_told(window: Window, base: str, reference: Reference, look: Look) -> str:
    window.open(base)
    look(window, "record-page-waits")
    window.open(f"{base}/handover")
    window.page.locator("#code").fill(str(reference))
    window.press("Continue")
    look(window, "sender-before-code")
    window.press("Show the code")
    look(window, "sender-before-code-error")
    window.page.locator("#function").fill("Duty officer")
    window.press("Show the code")
    look(window, "sender-code")
    return window.page.locator(".app-unprinted strong").inner_text().strip()


def _fetched(window: Window, base: str, code: str, look: Look) -> None:
    window.open(base)
    look(window, "portal-first")
    window.press("I have the code")
    look(window, "portal-code")
    window.press("Continue")
    look(window, "portal-code-error")
    window.page.locator("#code").fill(code)
    window.press("Continue")
    look(window, "portal-conditions")
    window.press("Continue")
    look(window, "portal-conditions-error")
    window.page.locator('[name="accepted"]').check(force=True)
    window.press("Continue")
    look(window, "portal-document")
    window.press("Send the reply")
    look(window, "portal-document-error")
    window.page.locator("#reply").fill("We have it. Thank you.")
    window.press("Send the reply")
    look(window, "portal-replied")


def _locked(window: Window, base: str, look: Look) -> None:
    window.open(base)
    window.press("I have the code")
    for _ in range(5):
        window.page.locator("#code").fill("0000-0000")
        window.press("Continue")
    look(window, "portal-locked")


def every_state_of_an_answer(window: Window, seen: Seen, look: Look) -> None:
    """Answer a question on its page, question by question, send it, and read out what opens it."""
    services = seen.services
    if services.access.people.record(CHAIR.id) is None:
        entered(services, "Char Specimen", CHAIR.role, agency=CHAIR.agency, id_=CHAIR.id)
    code = code_typed(window, services)
    look(window, "portal-asks")
    window.press("Answer it here")
    look(window, "answer-unread")
    with window.page.expect_download():
        window.page.locator("#fetch").click()
    window.press("Answer it here")
    _question_by_question(window, look, code)
    window.press("Send the answer")
    look(window, "answer-sent")
    _what_is_owed(window, look)
    services.dispatcher.dispatch()
    window.press("Show what opens it")
    look(window, "answer-words")
    window.page.get_by_role("link", name="Back to your document").click()
    window.press("Answer it here")
    look(window, "answer-stands")
    window.press("Show what opens it")
    look(window, "answer-words-again")


def code_typed(window: Window, services: Services) -> str:
    """Ask the school, and go from the mail's address to the document as its office; its code."""
    address, code = _asked(services)
    window.open(address)
    window.press("I have the code")
    window.page.locator("#code").fill(code)
    window.press("Continue")
    window.page.locator('[name="accepted"]').check(force=True)
    window.press("Continue")
    return code


def _asked(services: Services) -> tuple[str, str]:
    """Ask the school; return the address of the page of the question, and its code."""
    request = is_put(services)
    services.dispatcher.dispatch()
    with services.transaction() as tx:
        question = tx.copies.copy(CopyName.read(f"{request}.1")).disclosure
    code = services.deliveries.pages.tell_code(question, OFFICER, "School office").code
    return f"/portal/{token_of(services, question)}", code


def _question_by_question(window: Window, look: Look, code: str) -> None:
    before = ""
    while window.page.locator('[name="_page"]').count():
        name = window.page.locator('[name="_page"]').first.input_value()
        assert name != before, f"{name} did not go on: {window.page.inner_text('main')}"
        look(window, f"answer-{name}")
        if name in {"hold", "answer/concerns.event"}:
            window.go_on()
            look(window, f"answer-{name}-error")
        before = name
        fill(window, ON_A_PAGE[name])
        if name == "answer/concerns.event":
            window.page.context.clear_cookies()
        window.go_on()
        if name == "answer/concerns.event":
            _comes_back(window, look, code)
    look(window, "answer-check")


def _what_is_owed(window: Window, look: Look) -> None:
    """Say of the note in one's own record that it cannot be made, without a reason; then made."""
    form = window.page.locator('form:has([value="update-the-record"])')
    form.locator('[value="cannot"]').click()
    look(window, "answer-owed-error")
    form.locator("textarea").fill("Noted on the same day by the safeguarding lead.")
    form.locator('[value="done"]').click()
    look(window, "answer-owed-done")


def _comes_back(window: Window, look: Look, code: str) -> None:
    """Give the code once more, as after an hour; what was typed goes on from there."""
    look(window, "answer-ended")
    window.page.locator("#code").fill(code)
    window.press("Continue")
    look(window, "answer-ended-conditions")
    window.page.locator('[name="accepted"]').check(force=True)
    window.press("Continue")


ON_A_PAGE: Mapping[str, Typed] = {
    **ANSWERING,
    "answer/needs.protective_factors": {"share": "no", "why": "It is about his sister."},
}
"""What the school types on each page."""


def every_state_of_an_inbox(
    window: Window, seen: Seen, officer: Visit, sender: Visit, look: Look
) -> None:
    """Say what came and what became of it, by reference alone; one of two is called back."""
    reference, called_back = (sent_by(seen, sender, f"key-0000000{n}") for n in (4, 5))
    person = acting(sender.held, Role.PRACTITIONER)
    seen.services.afterwards.recalling.recall(called_back, person)
    sign_in(window, officer)
    window.open("/inbox")
    look(window, "inbox")
    window.open(f"/inbox/{reference}")
    look(window, "inbox-one")
    window.press("Record that it was passed on")
    look(window, "inbox-one-error")
    window.press("It has arrived here")
    look(window, "inbox-received")
    window.open(f"/inbox/{called_back}")
    look(window, "inbox-called-back")
