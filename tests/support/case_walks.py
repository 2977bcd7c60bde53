"""What writers and leads do with a case in a window: files, an emergency, a change, a notice."""

from browser_walks import Look, fill, sign_in, walk
from browsers import Window
from lead_walks import ask, to_the_lead
from playwright.sync_api import FilePayload
from seen_gateways import Seen
from visits import Visit
from walks import A_CHILD_AT_RISK, AGREEING_ADULT, CARED_FOR, EMERGENCY, Typed
from word_packages import a_picture

from broker.domain.references import Reference

A_PHOTO = FilePayload(
    name="photo.jpg", mimeType="image/jpeg", buffer=a_picture(form="JPEG", size=(400, 300))
)
NO_PHOTO = FilePayload(name="photo.png", mimeType="image/png", buffer=b"MZ not a picture")
A_CHANGE: Typed = {
    "what": "moved",
    "on-day": "9",
    "on-month": "3",
    "on-year": "2026",
    "words": "They live with an aunt in another town since Monday.",
    "known": "told",
    "source": "the ward's sister",
    "address": "7 Elsewhere Road, Southshire",
    "danger": "none",
    "why": "The police look for them where they no longer are.",
    "enough": "Only where they live now goes, and who told us.",
    "check": "done",
    "told": "yes",
}


def attach(window: Window, base: str, file: FilePayload) -> None:
    """Add a file to a draft on its first page for files."""
    window.open(f"{base}/file/1")
    window.page.locator("#file").set_input_files(file)
    fill(window, {"carries": ["concerns.event"], "why": "It shows the place."})
    window.go_on()


def every_state_of_files(window: Window, visit: Visit, look: Look) -> None:
    """Begin a referral, add a file that the gate refuses, then one that it takes; see it."""
    sign_in(window, visit)
    window.open("/referrals/new")
    fill(window, AGREEING_ADULT["about"])
    window.go_on()
    base = window.path().rpartition("/")[0]
    window.open(f"{base}/file/1")
    look(window, "file")
    window.go_on()
    look(window, "file-error")
    attach(window, base, NO_PHOTO)
    look(window, "file-refused")
    attach(window, base, A_PHOTO)
    look(window, "file-seen")
    window.open(f"{base}/file/1")
    look(window, "file-kept")
    window.open("/referrals")
    look(window, "referrals-draft")


OF_A_CHILD = frozenset(
    {"danger-unsure", "told-by", "words", "age", "where", "family", "family-part", "able"}
    | {"not-told", "agree", "check"}
)
OF_A_CARER = frozenset({"able", "capacity", "agree-what", "agree-scope", "check"})
"""The pages that are there, or read otherwise, for a child and for whom a carer decides for."""


def every_state_of_a_child_and_a_carer(window: Window, visit: Visit, look: Look) -> None:
    """Refer a child nobody could ask, and an adult for whom a carer says yes."""
    sign_in(window, visit)
    for name in walk(window, A_CHILD_AT_RISK, "/referrals/new", _among(OF_A_CHILD, "child", look)):
        if name == "family":
            window.go_on()
            look(window, "child-family-error")
    base = window.path().rpartition("/")[0]
    window.open(f"{base}/document")
    look(window, "child-document")
    window.open(f"{base}/check")
    window.go_on()
    look(window, "child-sent")
    for _ in walk(window, CARED_FOR, "/referrals/new", _among(OF_A_CARER, "carer", look)):
        pass
    window.open(f"{window.path().rpartition('/')[0]}/document")
    look(window, "carer-document")


def _among(names: frozenset[str], whose: str, look: Look) -> Look:
    """Look at the pages of these names alone, under whose they are."""
    return lambda window, name: look(window, f"{whose}-{name}") if name in names else None


def every_state_of_an_emergency(window: Window, visit: Visit, look: Look) -> None:
    """Send what cannot wait."""
    sign_in(window, visit)
    for name in walk(window, EMERGENCY, "/now/call", look):
        if name == "now-who":
            window.go_on()
    window.go_on()
    look(window, "now-sent")
    window.open(window.path().removesuffix("/sent"))
    look(window, "now-record")


def every_state_of_a_change(
    window: Window, visit: Visit, reference: Reference, look: Look
) -> None:
    """Tell whoever got a first that something has changed; say that something went wrong."""
    sign_in(window, visit)
    base = f"/referrals/{reference}"
    window.open(f"{base}/changed")
    look(window, "changed")
    window.press("See what they will read")
    look(window, "changed-error")
    fill(window, {**A_CHANGE, "to": str(reference)})
    window.press("See what they will read")
    look(window, "changed-look")
    with window.page.expect_navigation():
        window.page.locator("main form .govuk-button").first.click()
    look(window, "changed-told")
    window.open(f"{base}/wrong")
    look(window, "wrong")
    with window.page.expect_navigation():
        window.page.locator("main form .govuk-button").first.click()
    look(window, "wrong-error")
    said = "It went to the inbox of another team."
    fill(window, {"kind": "near-miss", "cause": "wrong-person", "words": said})
    with window.page.expect_navigation():
        window.page.locator("main form .govuk-button").first.click()
    look(window, "wrong-told")


def every_state_of_a_reply(window: Window, visit: Visit, reference: Reference, look: Look) -> None:
    """Read what the Guardian asks, and answer it."""
    sign_in(window, visit)
    look(window, "referrals-asked")
    window.open(f"/referrals/{reference}")
    look(window, "record-asked")
    window.open(f"/referrals/{reference}/reply")
    look(window, "reply")
    window.press("Send my reply")
    look(window, "reply-error")


def every_state_of_earlier_concerns(seen: Seen, people: tuple[Visit, Visit], look: Look) -> None:
    """Ask the lead about somebody of whom there was a concern before; the lead reads it."""
    writer, lead = people
    with seen.window() as writing, seen.window() as checking:
        sign_in(writing, writer)
        sign_in(checking, lead)
        where = {"address": "1 Example Street", "contact": "01632 960 777"}
        to_the_lead(writing, {"where": where})
        ask(writing, "Lea Specimen")
        checking.open("/checks")
        with checking.page.expect_navigation():
            checking.page.locator('main a[href^="/checks/CON-"]').first.click()
        look(checking, "check-repeat")
        base = checking.path()
        checking.page.get_by_label("Nothing more under Prevent", exact=True).check(force=True)
        checking.page.locator("#why").fill("Typed before they were read. Fictitious.")
        checking.press("Send my answer")
        look(checking, "check-unread-error")
        checking.open(f"{base}/earlier")
        look(checking, "earlier")
        with checking.page.expect_navigation():
            checking.page.locator('main a[href*="/earlier/PRV-"]').first.click()
        look(checking, "earlier-one")
