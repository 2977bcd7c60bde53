"""A writer asks their lead in one window, the lead answers in another: every state."""

from collections.abc import Callable, Mapping

from browser_walks import fill, here, sign_in
from browsers import Window
from visits import Visit
from walks import AGREEING_ADULT, Typed

ASKING: dict[str, Typed] = {**AGREEING_ADULT, "lead": {"lead": "ask"}}
NO = "This is a row in the family, and they have support."

Look = Callable[[Window, str], None]

Pair = tuple[Visit, Visit]
"""The writer, and the lead."""


def to_the_lead(window: Window, changed: Mapping[str, Typed] | None = None) -> str:
    """Walk a referral until somebody is to be chosen; return its address."""
    plan = {**ASKING, **(changed or {})}
    window.open("/referrals/new")
    while not window.path().endswith("/ask-lead"):
        fill(window, plan[here(window)])
        window.go_on()
    return window.path().rpartition("/")[0]


def ask(window: Window, name: str) -> None:
    """Ask somebody by their name."""
    window.page.get_by_label(name, exact=True).check(force=True)
    window.press("Ask them")


def answer(window: Window, advice: str, why: str) -> None:
    """Answer the first concern that waits."""
    window.open("/checks")
    with window.page.expect_navigation():
        window.page.locator('main a[href^="/checks/CON-"]').first.click()
    window.page.get_by_label(advice, exact=True).check(force=True)
    window.page.locator("#why").fill(why)
    window.press("Send my answer")


def every_lead_state(writing: Window, checking: Window, people: Pair, look: Look) -> None:
    """Come to every state of asking and answering, with each form at fault."""
    writer, lead = people
    sign_in(writing, writer)
    sign_in(checking, lead)
    checking.open("/checks")
    look(checking, "checks-none")
    base = to_the_lead(writing)
    look(writing, "ask-lead")
    writing.press("Ask them")
    look(writing, "ask-lead-error")
    ask(writing, "Lea Specimen")
    look(writing, "lead-asked")
    writing.open(base)
    look(writing, "tasks-asked")
    checking.open("/checks")
    look(checking, "checks")
    with checking.page.expect_navigation():
        checking.page.locator('main a[href^="/checks/CON-"]').first.click()
    look(checking, "check")
    checking.press("Send my answer")
    look(checking, "check-error")
    answer(checking, "I need to know more", "Who saw it first, and when?")
    look(checking, "check-answered")
    writing.open(f"{base}/lead-answer")
    look(writing, "lead-asks")
    writing.open(f"{base}/ask-lead")
    ask(writing, "Lea Specimen")
    answer(checking, "Nothing more under Prevent", NO)
    writing.open(f"{base}/lead-answer")
    look(writing, "lead-says-no")
    writing.press("Send it all the same")
    look(writing, "lead-says-no-error")
    writing.press("Leave it with them")
    look(writing, "left")
    checking.open("/concerns")
    look(checking, "concerns")
