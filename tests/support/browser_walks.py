"""What people do in a window: sign in, fill pages in, walk a journey; every state of a page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from browsers import Window
from people import PASSWORD
from playwright.sync_api import Locator
from visits import Visit
from walks import BEGINNINGS, REFUSED_ADULT, Typed

from broker.web.public import TITLES

Look = Callable[[Window, str], None]
"""Looks at a page in a window, under the name of its state."""


def sign_in(window: Window, visit: Visit) -> None:
    """Sign in, with a code that was not used before."""
    window.open("/sign-in")
    type_all_three(window, visit)


def type_all_three(window: Window, visit: Visit) -> None:
    """Fill in the page "Sign in" that is shown, and send it."""
    visit.clock.forward(timedelta(seconds=30))
    window.page.locator("#address").fill(visit.held.address)
    window.page.locator("#password").fill(PASSWORD)
    window.page.locator("#code").fill(visit.held.code(visit.clock))
    window.press("Sign in")


def fill(window: Window, typed: Typed) -> None:
    """Type and tick what is planned on the page that is shown."""
    for name, value in typed.items():
        fields = window.page.locator(f'main [name="{name}"]')
        if fields.first.get_attribute("type") in {"radio", "checkbox"}:
            for code in [value] if isinstance(value, str) else value:
                _tick(window.page.locator(f'main [name="{name}"][value="{code}"]'))
        elif isinstance(value, str):
            fields.fill(value)


def _tick(choice: Locator) -> None:
    choice.check(force=True)


def here(window: Window) -> str:
    """Return the name of the page of a journey that a window shows."""
    path = window.path()
    return BEGINNINGS.get(path) or path.partition("/r/")[2].partition("/")[2]


def walk(window: Window, plan: Mapping[str, Typed], start: str, look: Look) -> Iterator[str]:
    """Walk a journey as planned until `check`; look at every page on the way, and at the last."""
    window.open(start)
    before = ""
    while True:
        name = here(window)
        assert name != before, f"{name} did not go on: {window.page.inner_text('main')}"
        before = name
        look(window, name)
        yield name
        if name.endswith("check"):
            return
        fill(window, plan[name])
        if name == "ask":
            _tick(window.page.locator('#page [name="recipient"]').first)
        window.go_on()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of a page that needs nobody signed in, and how a window comes to it."""

    name: str
    path: str
    press: str = ""


PUBLIC_STATES = (
    *(State(name=name, path=f"/{name}") for name in TITLES),
    State(name="not-found", path="/nowhere"),
    State(name="sign-in", path="/sign-in"),
    State(name="sign-in-error", path="/sign-in", press="Sign in"),
    State(name="link-spent", path="/welcome/x"),
    State(name="passkey", path="/sign-in/passkey"),
)


def every_public_state(window: Window, look: Look) -> None:
    """Come to every state that needs nobody signed in."""
    for state in PUBLIC_STATES:
        window.open(state.path)
        if state.press:
            window.press(state.press)
        look(window, state.name)


INSIDE_STATES = (
    ("/role", "role"),
    ("/code", "code"),
    ("/sign-out", "sign-out"),
    ("/account", "account"),
    ("/account/passkeys/new", "passkey-new"),
    ("/account/password", "password"),
    ("/account/password/changed", "password-changed"),
)


def every_state_inside(window: Window, visit: Visit, look: Look) -> None:
    """Come to every state of somebody who writes a referral, with a page of each kind at fault."""
    sign_in(window, visit)
    look(window, "referrals-none")
    for path, name in INSIDE_STATES:
        window.open(path)
        look(window, name)
    window.open("/code")
    window.press("Continue")
    look(window, "code-error")
    window.open("/account/password")
    window.press("Change it")
    look(window, "password-error")
    window.open("/referrals/new")
    window.go_on()
    look(window, "about-error")
    for name in walk(window, REFUSED_ADULT, "/referrals/new", look):
        if name in {"seen", "basis", "age"}:  # texts and a day, choices, numbers
            if name == "age":
                fill(window, {"from": "200", "to": ""})
            window.go_on()
            look(window, f"{name}-error")
    base = window.path().rpartition("/")[0]
    for path, name in (("", "tasks"), ("/try", "try"), ("/delete", "delete")):
        window.open(f"{base}{path}")
        look(window, name)
    window.open(f"{base}/nowhere")
    look(window, "not-found-inside")
    window.open(f"{base}/check")
    window.go_on()
    look(window, "sent")
    window.open("/referrals")
    look(window, "referrals")
    window.press("Hide my screen")
    look(window, "hidden-inside")


def every_directory_state(window: Window, visit: Visit, look: Look) -> None:
    """Come to every state of the directory, as somebody who keeps it."""
    sign_in(window, visit)
    look(window, "directory")
    for path, name in DIRECTORY_STATES:
        window.open(f"/directory{path}")
        look(window, name)
    for path, name in DIRECTORY_ERRORS:
        window.open(f"/directory{path}")
        window.press("Save")
        look(window, name)


_CONTACT = "/contacts/northshire-prevent"
_BODY = "/organisations/northshire-council"
DIRECTORY_STATES = (
    ("?q=VTR", "directory-search"),
    ("?q=zz", "directory-nothing"),
    (_CONTACT, "contact"),
    (f"{_CONTACT}/call", "contact-call"),
    (f"{_CONTACT}/change", "contact-change"),
    (f"{_CONTACT}/retire", "contact-retire"),
    (f"{_CONTACT}/profile", "contact-profile"),
    (f"{_CONTACT}/try", "contact-try"),
    ("/contacts/new", "contact-new"),
    (_BODY, "organisation"),
    ("/presets", "presets"),
    ("/files", "directory-files"),
    ("/presets/set", "preset"),
    (f"{_BODY}/change", "organisation-change"),
    (f"{_BODY}/retire", "organisation-retire"),
)
DIRECTORY_ERRORS = (
    ("/contacts/new", "contact-new-error"),
    (f"{_CONTACT}/call", "contact-call-error"),
    ("/organisations/new", "organisation-new-error"),
)


def every_people_state(window: Window, visit: Visit, look: Look) -> None:
    """Come to every state of the pages of an administrator."""
    sign_in(window, visit)
    look(window, "people")
    for path, name in PEOPLE_STATES:
        window.open(path)
        look(window, name)
    for path, name in PEOPLE_ERRORS:
        window.open(path)
        window.press("Bring them in" if path.endswith("import") else "Save")
        look(window, name)
    window.open("/people/new")
    for field, value in (("name", "Nia Specimen"), ("contact", "nia@northshire-trust.example")):
        window.page.locator(f"#{field}").fill(value)
    _tick(window.page.locator('[name="role"][value="guardian"]'))
    window.press("Save")
    look(window, "person")
    base = window.path()
    for path, name in (("change", "person-change"), ("roles", "role"), ("disable", "disable")):
        window.open(f"{base}/{path}")
        look(window, f"people-{name}")
    window.open(base)
    window.press("Make a one-time code")
    look(window, "people-code")


PEOPLE_STATES = (
    ("/people/new", "people-new"),
    ("/people/import", "people-import"),
    ("/settings", "settings"),
)
PEOPLE_ERRORS = (("/people/new", "people-new-error"), ("/people/import", "people-import-error"))


RECORD_STATES = (
    ("/ledger", "record"),
    ("/ledger?number=99999", "record-error"),
    ("/ledger?kind=read&reference=PRV-7Q4K-M2XH", "record-nothing"),
    ("/ledger/0", "record-entry"),
    ("/ledger/check-yourself", "record-check"),
    ("/ledger/export", "record-export"),
    ("/rules", "rules"),
    ("/rules/R13", "rules-card"),
    ("/rules/changes", "rules-changes"),
    ("/law", "law"),
    ("/law?on-day=31&on-month=2&on-year=2026", "law-error"),
)
BREACH_STATES = (
    ("/breaches", "breaches"),
    ("/breaches/new", "breach-new"),
)
SUPERVISION_STATES = (
    ("/supervision", "supervision"),
    ("/supervision/new", "supervision-note"),
    ("/supervision/notes", "supervision-notes"),
)
RULES_IN_FORCE_STATES = (
    ("/rules/put-in-force", "rules-in-force"),
    ("/rules/reviews", "rules-reviews"),
    ("/rules/documents", "rules-documents"),
    ("/who-received", "who-received"),
)


def every_breach_state(window: Window, visit: Visit, look: Look) -> None:
    """Come to every state of breach records, of which there is an open one that is late."""
    every_of(window, visit, look, BREACH_STATES)
    window.press("Open the record")
    look(window, "breach-new-error")
    window.open("/breaches")
    window.page.locator(".app-queue__item a").first.click()
    look(window, "breach")
    window.press("Close this record")
    look(window, "breach-lacks")
    base = window.path()
    for step in ("certain", "regulator", "lesson"):
        window.open(f"{base}/{step}")
        look(window, f"breach-{step}")
    window.press("Save")
    look(window, "breach-step-error")


def every_of(
    window: Window, visit: Visit, look: Look, states: tuple[tuple[str, str], ...]
) -> None:
    """Sign in and come to each of some states by its address."""
    sign_in(window, visit)
    for path, name in states:
        window.open(path)
        look(window, name)
