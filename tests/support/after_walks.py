"""What somebody does in a window once a referral has gone: every state of those pages."""

from brokers import a_submission
from browser_walks import Look, sign_in, walk
from browsers import Window
from people import acting
from scripted_couriers import dispatched
from visits import Visit
from walks import AGREEING_ADULT

from broker.domain.errors import RejectedError, UnknownFateError
from broker.domain.roles import Role
from broker.web.site import current_site


def every_state_after(window: Window, visit: Visit, look: Look) -> None:
    """See what they will read, send it, ring, tell the words, say that it opened; stop another."""
    sign_in(window, visit)
    reference = _sent(window, visit, look)
    window.open("/referrals")
    look(window, "to-do")
    window.open(reference)
    look(window, "record")
    _rung(window, reference, look)
    for path in ("note", "messages", "stop", "agreement", "agreement/share"):
        window.open(f"{reference}/{path}")
        look(window, f"record-{path.replace('/', '-')}")
    window.press("Record this answer")
    look(window, "record-agreement-error")
    _standing_still(window, visit, look)


def _sent(window: Window, visit: Visit, look: Look) -> str:
    """Send a referral after looking at its document, and return the address of its page."""
    for _ in walk(window, AGREEING_ADULT, "/referrals/new", lambda _window, _name: None):
        pass
    base = window.path().rpartition("/")[0]
    window.open(f"{base}/document")
    look(window, "document")
    window.open(f"{base}/check")
    window.go_on()
    look(window, "record-new")
    with visit.client.application.app_context():
        current_site().services.dispatcher.dispatch()
    return window.path().removesuffix("/sent")


def _rung(window: Window, reference: str, look: Look) -> None:
    window.open(f"{reference}/handover")
    look(window, "handover")
    window.page.locator("#code").fill("PRV-7Q4K-M2XH")
    window.press("Continue")
    look(window, "handover-error")
    window.page.locator("#code").fill(reference.rpartition("/")[2])
    window.press("Continue")
    look(window, "before-words")
    window.press("Show the words")
    look(window, "words")
    window.page.get_by_role("button", name="They have tried it").click()
    look(window, "opened")
    window.press("Continue")
    look(window, "opened-error")
    window.page.locator('[name="opened"][value="yes"]').check(force=True)
    window.page.locator("#who").fill("Desk officer, Prevent team. Fictitious.")
    window.press("Continue")
    look(window, "record-opened")


def _standing_still(window: Window, visit: Visit, look: Look) -> None:
    """See what can be done about one of which nobody knows if it arrived."""
    with visit.client.application.app_context():
        services = current_site().services
        sender = acting(visit.held, Role.PRACTITIONER)
        reference = services.disclosures.submit(a_submission(services, "key-still"), sender)
        dispatched(services, UnknownFateError("x"))
    window.open(f"/referrals/{reference}")
    look(window, "record-unknown")
    window.press("Say if it is there")
    look(window, "delivery")
    window.press("Continue")
    look(window, "delivery-error")
    window.page.locator('[name="said"][value="by-hand"]').check(force=True)
    window.press("Continue")
    look(window, "by-hand")
    window.press("It is sent")
    look(window, "by-hand-error")
    _sent_anew(window, visit, look)


def _sent_anew(window: Window, visit: Visit, look: Look) -> None:
    """See what would go again of one that their mail system refused."""
    with visit.client.application.app_context():
        services = current_site().services
        sender = acting(visit.held, Role.PRACTITIONER)
        reference = services.disclosures.submit(a_submission(services, "key-anew"), sender)
        dispatched(services, RejectedError("x"))
    window.open(f"/referrals/{reference}")
    window.page.get_by_role("link", name="Send it again, as a new referral").click()
    look(window, "anew")
    window.press("Send")
    look(window, "anew-error")
