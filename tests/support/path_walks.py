"""The other paths: a colleague, a form on paper, a member of the public, a reply that settles."""

from collections.abc import Callable

from browser_walks import fill, here, sign_in
from browsers import Window
from visits import Visit
from walks import AGREEING_ADULT, Typed

ABOUT_A_COLLEAGUE: dict[str, Typed] = {
    **{name: AGREEING_ADULT[name] for name in ("danger", "source", "basis", "harm", "crime")},
    "seen": {**AGREEING_ADULT["seen"], "event": "On the ward, in the break. Fictitious."},
    "c-work": {"name": "Chris Invented", "role": "Porter, east wing", "with": "adults"},
    "done": {"action": "Nothing yet."},
}
A_FORM = (
    b"Subject's full name: Tam Specimen\nFull address: 1 Example Road\nReferrer: Nia Specimen\n"
)

Look = Callable[[Window, str], None]
Pair = tuple[Visit, Visit]
"""The writer, and the lead."""


def every_state_of_a_colleague(
    writing: Window, checking: Window, people: Pair, look: Look
) -> None:
    """Tell a lead and a manager of a colleague; the lead answers and begins two files."""
    writer, lead = people
    sign_in(writing, writer)
    sign_in(checking, lead)
    writing.open("/colleague/new")
    while not writing.path().endswith("c-check"):
        name = here(writing)
        if name == "c-work":
            look(writing, name)
            writing.go_on()
            look(writing, f"{name}-error")
        fill(writing, ABOUT_A_COLLEAGUE[name])
        writing.go_on()
    look(writing, "c-check")
    writing.press("Send it to them")
    look(writing, "c-check-error")
    for name in ("Lea Specimen", "Max Specimen"):
        writing.page.get_by_label(name, exact=True).check(force=True)
    writing.press("Send it to them")
    look(writing, "c-told")
    checking.open("/checks")
    with checking.page.expect_navigation():
        checking.page.locator('main a[href^="/checks/CON-"]').first.click()
    look(checking, "c-read")
    for name in ("Refer to Prevent", "HR"):
        checking.page.get_by_label(name, exact=True).check(force=True)
    checking.page.locator("#why").fill("Both are needed. Fictitious.")
    checking.press("Send my answer")
    look(checking, "c-answered")
    checking.press("Write what HR needs")
    look(checking, "c-for-hr")


def every_state_of_a_form_on_paper(window: Window, look: Look) -> None:
    """Bring a filled-in form in, as somebody who is signed in; confirm a box; print it."""
    window.open("/referrals/from-paper")
    look(window, "from-paper")
    window.press("Read it")
    look(window, "from-paper-error")
    window.page.locator('[name="form"][value="vtr"]').check(force=True)
    form = {"name": "form.txt", "mimeType": "text/plain", "buffer": A_FORM}
    window.page.locator("#file").set_input_files(form)  # type: ignore[arg-type] # its TypedDict
    window.press("Read it")
    look(window, "from-paper-boxes")
    base = window.path().rpartition("/")[0]
    window.open(f"{base}/who")
    window.go_on()
    window.open(f"{base}/printed/vtr")
    look(window, "printed")


def every_state_of_a_report(public: Window, reading: Window, look: Look) -> None:
    """Write on the public page; a lead, who is signed in, reads and takes it on."""
    public.open("/report")
    look(public, "report")
    public.press("Send")
    look(public, "report-error")
    public.page.locator("#words").fill("He gave out leaflets at the station. Fictitious.")
    public.press("Send")
    look(public, "report-sent")
    reading.open("/reports")
    look(reading, "reports")
    with reading.page.expect_navigation():
        reading.page.locator('main a[href^="/reports/"]').first.click()
    look(reading, "report-read")
