"""The first week at a browser, walked in the order and with the words of docs/first-week.md."""

import base64
import re
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from browser_walks import fill, here
from browsers import Window, chromium, needs_chromium
from lead_walks import ASKING
from people import BODY, PASSWORD
from playwright.sync_api import Browser
from seen_gateways import Seen, seen
from visits import cheap
from walks import AGREEING_ADULT

from broker.access.app_codes import STEP_SECONDS, code_of
from broker.domain.references import parse_reference
from broker.domain.states import State
from broker.operations.first_people import enter_administrators
from broker.registers.people import NewPerson

pytestmark = [needs_chromium, pytest.mark.long]

DOCUMENT = Path(__file__).parents[3] / "docs" / "first-week.md"
AT_THE_BROWSER = ("Wednesday", "Friday")
"""The days that are done by pages; the others are commands, or repeat what these do."""


def words_of_the_document() -> list[str]:
    """Return what the document prints in bold as words of a page, in its order."""
    days = re.split(r"^## ", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    steps = [day.partition("**The day is over**")[0] for day in days]
    said = [
        one
        for day in steps
        if day.startswith(AT_THE_BROWSER)
        for one in re.findall(r"\*\*(.+?)\*\*", day.partition("**From then on**")[0], re.DOTALL)
    ]
    return [" ".join(one.split()) for one in said]


@dataclass
class Reader:
    """Somebody who does what the document says, word after word."""

    left: list[str] = field(default_factory=words_of_the_document)

    def sees(self, window: Window, words: str) -> None:
        """Take the next words of the document, which must be these and stand on the page."""
        assert self.left, f"the document says no {words!r}"
        assert self.left.pop(0) == words
        assert words in window.page.inner_text("body"), f"{window.path()} has no {words!r}"


def follow(window: Window, words: str) -> None:
    """Follow a link, or what looks like a button and is one."""
    with window.page.expect_navigation():
        window.page.get_by_text(words, exact=True).first.click()


def press(window: Window, words: str) -> None:
    """Press a button whose words for a screen reader say more."""
    with window.page.expect_navigation():
        window.page.get_by_role("button", name=words).first.click()


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody with an account of their own, and their window."""

    window: Window
    address: str
    app: bytes


def code_now(place: Seen, app: bytes) -> str:
    return code_of(app, int(place.clock().timestamp()) // STEP_SECONDS)


def at_welcome(window: Window, code: str) -> None:
    window.open("/welcome")
    window.page.locator('[name="secret"]').fill(code)
    window.press("Continue")


def made(place: Seen, window: Window, address: str) -> Joined:
    """Set up an app and a password, and sign in with both."""
    key = "".join(window.page.inner_text(".app-code").split())
    app = base64.b32decode(key + "=" * (-len(key) % 8))
    for name, value in (("code", code_now(place, app)), ("password", PASSWORD)):
        window.page.locator(f"#{name}").fill(value)
    window.page.locator("#again").fill(PASSWORD)
    window.press("Make my account")
    joined = Joined(window=window, address=address, app=app)
    come_in(place, joined)
    return joined


def come_in(place: Seen, one: Joined) -> None:
    """Sign in, with a code that was not used before."""
    place.clock.forward(timedelta(seconds=STEP_SECONDS))
    one.window.page.context.clear_cookies()
    one.window.open("/sign-in")
    typed = {"address": one.address, "password": PASSWORD, "code": code_now(place, one.app)}
    for name, value in typed.items():
        one.window.page.locator(f"#{name}").fill(value)
    one.window.press("Sign in")


def mail_of(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].casefold()}@northshire-trust.example"


def add(window: Window, name: str, role: str) -> None:
    """Enter somebody, from the list of people."""
    window.open("/people")
    follow(window, "Add somebody")
    window.page.locator("#name").fill(name)
    window.page.locator("#contact").fill(mail_of(name))
    window.page.locator(f'[name="role"][value="{role}"]').check(force=True)
    window.press("Save")


def a_code_for(window: Window, name: str) -> str:
    """Make somebody their one-time code."""
    window.open("/people")
    follow(window, name)
    press(window, "Make a one-time code")
    return window.page.inner_text(".app-code").strip()


ENTERED = (
    ("Gwen Specimen", "guardian"),
    ("Gus Specimen", "guardian"),
    ("Lea Specimen", "lead"),
    ("Leo Specimen", "lead"),
    ("Mira Specimen", "practitioner"),
    ("Milo Specimen", "practitioner"),
)


@pytest.fixture(name="place", scope="module")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Seen]:
    with chromium() as browser:
        yield from _served(browser, tmp_path_factory.mktemp("week"))


def _served(browser: Browser, folder: Path) -> Generator[Seen]:
    with seen(browser, folder) as place:
        yield place


def test_the_days_at_the_browser_go_as_the_document_says(place: Seen) -> None:
    reader = Reader()
    named = [
        NewPerson(agency=BODY, name=name, contact=mail_of(name))
        for name in ("Ada Example", "Alf Example")
    ]
    codes = [one.code for one in enter_administrators(cheap(place.services), named)]
    with ExitStack() as windows:
        ada, alf, lea, mira = (windows.enter_context(place.window()) for _ in range(4))
        first = administrators_come_in(place, reader, (ada, alf), codes)
        people_are_entered(place, reader, first, alf)
        its_settings(place, reader, first)
        for window, name in ((lea, "Lea Specimen"), (mira, "Mira Specimen")):
            come_in(place, first)
            at_welcome(window, a_code_for(ada, name))
            made(place, window, mail_of(name))
        a_referral_goes(place, reader, mira, lea)
    assert reader.left == []


def administrators_come_in(
    place: Seen, reader: Reader, windows: tuple[Window, Window], codes: list[str]
) -> Joined:
    ada, alf = windows
    ada.open("/welcome")
    reader.sees(ada, "Your one-time code")
    at_welcome(ada, codes[0])
    reader.sees(ada, "Make my account")
    first = made(place, ada, mail_of("Ada"))
    reader.sees(ada, "Your account")
    at_welcome(alf, codes[1])
    made(place, alf, mail_of("Alf"))
    return first


def people_are_entered(place: Seen, reader: Reader, first: Joined, alf: Window) -> None:
    ada = first.window
    reader.sees(ada, "People")
    follow(ada, "People")
    reader.sees(ada, "Add somebody")
    for name, role in ENTERED:
        add(ada, name, role)
    alf.open("/people")
    reader.sees(alf, "Waits for a second person")
    for nth, (name, _) in enumerate(ENTERED[:2]):
        alf.open("/people")
        follow(alf, name)
        if nth == 0:
            reader.sees(alf, "Confirm it")
        press(alf, "Confirm it")
    come_in(place, first)
    ada.open("/people")
    follow(ada, ENTERED[0][0])
    reader.sees(ada, "Make a one-time code")


def its_settings(place: Seen, reader: Reader, first: Joined) -> None:
    come_in(place, first)
    ada = first.window
    reader.sees(ada, "People")
    follow(ada, "People")
    reader.sees(ada, "What your organisation has settled")
    follow(ada, "What your organisation has settled")
    fill(ada, {"check": "before-sending", "check_purposes": ["referral"], "completes": "either"})
    ada.press("Save")
    assert ada.path() == "/people", ada.page.inner_text("main")


def a_referral_goes(place: Seen, reader: Reader, mira: Window, lea: Window) -> None:
    mira.open("/start")
    reader.sees(mira, "Start")
    follow(mira, "Start")
    while not mira.path().endswith("/ask-lead"):
        fill(mira, ASKING[here(mira)])
        mira.go_on()
    base = mira.path().rpartition("/")[0]
    reader.sees(mira, "Ask them")
    mira.page.get_by_label("Lea Specimen", exact=True).check(force=True)
    mira.press("Ask them")
    reader.sees(lea, "Waiting for your check")
    follow(lea, "Waiting for your check")
    with lea.page.expect_navigation():
        lea.page.locator('main a[href^="/checks/CON-"]').first.click()
    reader.sees(lea, "Send my answer")
    lea.page.get_by_label("Refer to Prevent", exact=True).check(force=True)
    lea.page.locator("#why").fill("He needs help from people who know him.")
    lea.press("Send my answer")
    mira.open(f"{base}/ask")
    while here(mira) != "check":
        name = here(mira)
        fill(mira, AGREEING_ADULT[name])
        if name == "ask":
            mira.page.locator('#page [name="recipient"]').first.check(force=True)
        mira.go_on()
    mira.go_on()
    reference = mira.path().split("/")[2]
    place.services.dispatcher.dispatch()
    its_words_are_told(reader, mira, reference)
    with place.services.transaction() as tx:
        assert tx.disclosure(parse_reference(reference)).state is State.ACKNOWLEDGED


def its_words_are_told(reader: Reader, mira: Window, reference: str) -> None:
    mira.open(f"/referrals/{reference}/handover")
    mira.page.locator("#code").fill(reference)
    mira.press("Continue")
    reader.sees(mira, "Show the words")
    mira.press("Show the words")
    reader.sees(mira, "They have tried it")
    with mira.page.expect_navigation():
        mira.page.get_by_role("button", name="They have tried it").click()
    fill(mira, {"opened": "yes", "who": "Desk officer, Prevent team. Fictitious."})
    mira.press("Continue")
