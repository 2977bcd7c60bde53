"""What a panel does in a window: called, asked, packed, approved, each opening their own copy."""

from browser_walks import Look, fill, sign_in
from browsers import Window
from panels import COLE, CORA, MAX, MAY, PAT, Panel
from seen_gateways import Seen

from broker.domain.references import Prefix, Reference, parse_reference

DAY = {"on-day": "20", "on-month": "3", "on-year": "2026"}
WRITTEN = {
    "statement": "The panel assesses it.",
    "necessity": "Less would not do.",
    "proportionality": "The harm is near.",
    "reason-concerns.event": "It shows who is with him.",
    "screened": "yes",
}


def every_state_of_a_panel(seen: Seen, panel: Panel, look: Look) -> None:
    """Come to every state of a meeting and its pack, as each who is there."""
    cole, cora, may, max_ = map(seen.account, (COLE, CORA, MAY, MAX))
    with seen.window() as window:
        sign_in(window, cole)
        base = _called(window, panel, look)
    with seen.window() as window:
        sign_in(window, may)
        _answered(window, base, look)
    panel.panels.meetings.answer(_reference(base), PAT, comes=True)
    panel.panels.meetings.answer(_reference(base), MAY, comes=True)
    with seen.window() as window:
        sign_in(window, cole)
        _packed(window, base, look)
    with seen.window() as window:
        sign_in(window, cora)
        look(window, "signed-in-chair")
        window.open(base)
        look(window, "meeting-to-approve")
        window.open(f"{base}/pack/approve")
        look(window, "meeting-pack-approve")
        window.press("Approve the pack")
        look(window, "meeting-approved")
        window.open(f"{base}/copy")
        look(window, "meeting-copy")
    with seen.window() as window:
        sign_in(window, max_)
        window.open("/meetings")
        look(window, "meetings-none")


def _reference(base: str) -> Reference:
    return parse_reference(base.rpartition("/")[2], Prefix.MEETING)


def _called(window: Window, panel: Panel, look: Look) -> str:
    """Call a meeting, with each form at fault first."""
    look(window, "signed-in-coordinator")
    window.open("/meetings/new")
    look(window, "meeting-new")
    window.press("Call it")
    look(window, "meeting-new-error")
    fill(window, {"case": panel.case, "chair": CORA.id, "home_area": PAT.agency, **DAY})
    window.press("Call it")
    look(window, "meeting-called")
    base = window.path()
    for number, person in enumerate((PAT, MAY)):
        window.open(f"{base}/ask")
        if not number:
            look(window, "meeting-ask")
            window.press("Ask them")
            look(window, "meeting-ask-error")
        window.page.locator("#person").select_option(person.id)
        fill(window, {"part": "member"})
        window.press("Ask them")
    look(window, "meeting-asked")
    window.open("/meetings")
    look(window, "meetings")
    return base


def _answered(window: Window, base: str, look: Look) -> None:
    look(window, "signed-in-member")
    window.open(base)
    look(window, "meeting-member")
    window.open(f"{base}/delegate")
    look(window, "meeting-delegate")
    window.press("Send them")
    look(window, "meeting-delegate-error")


def _packed(window: Window, base: str, look: Look) -> None:
    window.open(f"{base}/pack")
    look(window, "meeting-pack")
    window.press("Build the pack")
    look(window, "meeting-pack-error")
    for pick in window.page.locator('#page [name="picks"]').all():
        pick.check(force=True)
    fill(window, WRITTEN)
    window.press("See what would stand in it")
    look(window, "meeting-pack-preview")
    window.press("Build the pack")
    look(window, "meeting-packed")
    window.open(f"{base}/pack/read")
    look(window, "meeting-pack-read")
