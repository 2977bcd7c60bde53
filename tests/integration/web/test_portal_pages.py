"""The portal in a browser: from the mail's address to the document, and what it answers else."""

import io
import re
from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta

import pytest
from brokers import NURSE, Clock, a_submission
from gateways import gateway
from markup import PageClient, page_client
from people import FIRST, acting, cheaply, entered, opened
from portals import PORTAL_SECRET, a_broker_with_portal, a_portal, sent, token_of
from referrals import assert_ledger_verifies, recorded
from structlog.testing import capture_logs
from visits import Visit, cheap, signed_in
from werkzeug.test import TestResponse

from broker.domain.errors import StoreUnavailableError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.storage.case_file import Part
from broker.web.csrf import token_for
from broker.web.portal.app import create_portal
from broker.web.portal.site import Portal
from broker.wiring import Services
from keys import AgencyId

HOST = {"Host": "portal.example.nhs.uk"}
_FORM = re.compile(r'name="form" value="([^"]+)"')
_CODE = re.compile(r">([0-9A-Z]{4}-[0-9A-Z]{4})</strong>")


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="services", scope="module")
def _services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Generator[Services]:
    services = a_broker_with_portal(tmp_path_factory.mktemp("portal") / "home", clock)
    yield services
    services.close()


@pytest.fixture(name="portal", scope="module")
def _portal(services: Services) -> Generator[Portal]:
    portal = a_portal(services, {"portal.example.nhs.uk"})
    yield portal
    portal.front.database.close()


@pytest.fixture(name="reader")
def _reader(portal: Portal) -> PageClient:
    return browser(portal)


@pytest.fixture(name="visit", scope="module")
def _visit(services: Services, clock: Clock) -> Visit:
    return signed_in(services, clock)


def browser(portal: Portal) -> PageClient:
    client = page_client(create_portal(portal))
    client.environ_base["HTTP_HOST"] = HOST["Host"]
    return client


def get(client: PageClient, path: str) -> TestResponse:
    return client.get(path, base_url=f"https://{HOST['Host']}")


def post(client: PageClient, path: str, **typed: object) -> TestResponse:
    """Send a form as the pages of this address hold it."""
    token = path.split("/")[2] if path.startswith("/portal/") else ""
    csrf = token_for(f"{PORTAL_SECRET.hex()} {token}")
    return client.post(path, base_url=f"https://{HOST['Host']}", data={"_csrf": csrf, **typed})


def form_of(page: TestResponse) -> str:
    found = _FORM.search(page.text)
    assert found is not None
    return found[1]


def to_the_document(client: PageClient, token: str, code: str) -> TestResponse:
    """Go by the buttons from the first page to that of the document."""
    base = f"/portal/{token}"
    assert get(client, base).status_code == 200
    assert post(client, base).headers["Location"] == f"{base}/code"
    assert get(client, f"{base}/code").status_code == 200
    assert post(client, f"{base}/code", code=code).headers["Location"] == f"{base}/conditions"
    conditions = get(client, f"{base}/conditions")
    agreed = post(client, f"{base}/conditions", form=form_of(conditions), accepted="yes")
    assert agreed.headers["Location"] == f"{base}/document"
    return get(client, f"{base}/document")


def sent_by(services: Services, visit: Visit) -> Reference:
    sender = acting(visit.held, Role.PRACTITIONER)
    reference = services.disclosures.submit(a_submission(services, "key-of-visit"), sender)
    services.dispatcher.dispatch()
    return reference


def test_sender_and_reader_go_the_whole_way_in_their_browsers(
    services: Services, visit: Visit, reader: PageClient
) -> None:
    reference = sent_by(services, visit)
    address, token = f"/referrals/{reference}", token_of(services, reference)
    waits, listed = visit.get(address).text, visit.get("/referrals").text
    visit.get(f"{address}/handover")
    on = visit.send(f"{address}/handover", code=str(reference)).headers["Location"]
    nobody = visit.get(on)
    visit.send(on, function="")
    empty = visit.last
    shown = visit.send(on, function="Duty officer")
    code = _CODE.search(shown.text)
    assert code is not None

    document = to_the_document(reader, token, code[1])
    fetched = post(reader, f"/portal/{token}/document", form=form_of(document))
    left = post(
        reader, f"/portal/{token}/reply", form=form_of(document), reply="We have it.\nThanks."
    )
    thanks = get(reader, left.headers["Location"])
    page, replies = visit.get(f"{address}/page").text, visit.get(f"{address}/replies").text
    again = visit.send(on, function="duty officer")

    assert "A page waits for them. Ring them" in waits
    assert "A page waits for them. Ring them" in listed
    assert "Ring and tell them a code" in listed
    assert "six words" not in listed
    assert "they fetch it from a page with a code" in waits
    assert on == f"{address}/code"
    assert nobody.status_code == 200
    assert empty.status_code == 422
    assert fetched.mimetype == "application/pdf"
    assert fetched.data.startswith(b"%PDF")
    assert fetched.headers["Content-Disposition"] == (
        f'attachment; filename="document-{reference}.pdf"'
    )
    assert "Your reply was left" in thanks.text
    assert "Fetched it at" in page
    assert "We have it." in replies
    assert again.status_code == 422
    closed = visit.get(address).text
    assert "It has opened" in closed
    assert "They fetched it from its page." in closed
    assert "The words are gone" not in closed
    assert recorded(services, reference)[-1] == "read"


def test_what_only_looks_spends_nothing_and_steps_cannot_be_left_out(
    services: Services, reader: PageClient
) -> None:
    reference = sent(services)
    base = f"/portal/{token_of(services, reference)}"
    before = recorded(services, reference)

    for path in ("", "/code", "/conditions", "/document"):
        get(reader, base + path)
        reader.head(base + path, base_url=f"https://{HOST['Host']}")
    skipped = [
        post(reader, base + path, form="x").headers["Location"]
        for path in ("/code", "/conditions", "/document")
    ]

    assert skipped == [base, f"{base}/code", f"{base}/conditions"]
    assert "Enter the code to go on" in post(reader, f"{base}/reply", reply="x").text
    assert recorded(services, reference) == before


def test_wrong_input_is_said_and_a_lock_says_whom_to_ring(
    services: Services, reader: PageClient
) -> None:
    reference = sent(services)
    token = token_of(services, reference)
    code = services.deliveries.pages.tell_code(reference, NURSE, "Duty officer").code
    base = f"/portal/{token}"
    post(reader, base)

    blank = post(reader, f"{base}/code", code=" ")
    wrong = [post(reader, f"{base}/code", code="0000-0000") for _ in range(5)]
    right = post(reader, f"{base}/code", code=code)

    assert blank.status_code == 422
    assert [one.status_code for one in wrong] == [422, 422, 422, 422, 423]
    assert "4 tries left" in wrong[0].text
    assert "1 try left" in wrong[3].text
    assert "0000" not in wrong[0].text
    assert right.status_code == 423
    assert "01632 960 004" in right.text

    again = services.deliveries.pages.tell_code(
        reference, NURSE, "Duty officer", "They typed a wrong one five times."
    )
    document = to_the_document(reader, token, again.code)
    refused = post(reader, f"{base}/reply", form=form_of(document), reply=" ")
    long = post(reader, f"{base}/reply", form=form_of(document), reply="x" * 2_001)
    assert (refused.status_code, long.status_code) == (422, 422)
    services.afterwards.recalling.recall(sent_twice := sent(services), NURSE)
    ended = get(reader, f"/portal/{token_of(services, sent_twice)}")
    assert ended.status_code == 410
    assert "Safeguarding lead" in ended.text


def test_no_log_and_no_page_before_the_code_names_anybody(
    services: Services, reader: PageClient
) -> None:
    reference = sent(services)
    token = token_of(services, reference)

    with capture_logs() as lines:
        pages = [get(reader, f"/portal/{token}").text, post(reader, f"/portal/{token}").text]
        get(reader, "/portal/of-nobody")

    assert token not in str(lines)
    assert {line["route"] for line in lines} == {"/portal/<token>"}
    for text in pages:
        assert "Specimen" not in text
        assert "Northshire" not in text
        assert "referral" not in text.casefold()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 400),
        ({**HOST, "Origin": "https://evil.example"}, 403),
        ({**HOST, "Sec-Fetch-Site": "cross-site"}, 403),
        (HOST, 403),
    ],
)
def test_what_other_sites_send_gets_nowhere(
    reader: PageClient, headers: dict[str, str], status: int
) -> None:
    answer = reader.post("/portal/x", headers=headers, data={"code": "x"})
    assert answer.status_code == status


def test_the_portal_serves_nothing_of_the_gateway(reader: PageClient) -> None:
    for path in ("/referrals", "/sign-in", "/api/v1/disclosures", "/ledger", "/start", "/readyz"):
        assert get(reader, path).status_code == 404
    assert get(reader, "/").status_code == 200
    assert get(reader, "/healthz").data == b"ok\n"
    assert reader.options("/", headers=HOST).status_code == 405


def test_without_its_database_it_says_when_to_come_back(portal: Portal) -> None:
    def away(_token: str) -> None:
        raise StoreUnavailableError

    class Away:
        page = staticmethod(away)
        clock = portal.front.clock

    client = browser(replace(portal, front=Away()))  # type: ignore[arg-type]  # one that is away
    answer = get(client, "/portal/x")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"


def test_a_sealed_document_is_checked_and_not_kept(services: Services, reader: PageClient) -> None:
    reference = sent(services)
    with services.transaction() as tx:
        file = tx.case_file(tx.disclosure(reference))
        sealed, words = file.get(Part.SEALED) or b"", file.passphrase() or ""

    def checked(content: bytes, typed: str) -> TestResponse:
        document = (io.BytesIO(content), "document.pdf")
        return post(reader, "/check-a-pack", document=document, words=typed)

    whole = checked(sealed, words.upper().replace("-", " "))
    changed = checked(sealed[:-200] + b"x" + sealed[-199:], words)
    nothing = post(reader, "/check-a-pack", words="")

    assert whole.status_code == 200
    assert "It is whole" in whole.text
    assert str(reference) in whole.text
    assert "It is whole" not in changed.text
    assert words not in whole.text
    assert nothing.status_code == 422


@pytest.fixture(name="officer", scope="module")
def _officer(services: Services, clock: Clock) -> Visit:
    """Somebody of the police whose inbox it comes to, signed in."""
    access, police = cheaply(services), AgencyId("northshire-police")
    person = entered(services, "Ola Sample", Role.POLICE, agency=police)
    secret = access.accounts.invite(person, replace(FIRST, agency=police))
    clock.forward(timedelta(minutes=1))
    held = opened(access, secret, clock)
    clock.forward(timedelta(minutes=1))
    visit = Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)
    assert visit.sign_in().status_code == 303
    return visit


def test_an_inbox_says_by_reference_what_came_and_what_became_of_it(
    services: Services, officer: Visit
) -> None:
    before, reference = sent(services), sent(services)
    address = f"/inbox/{reference}"

    listed = officer.get("/inbox").text
    officer.get(address)
    too_early = officer.send(address, what="opened")
    officer.send(address, what="received")
    officer.send(address, what="received")
    services.deliveries.pages.tell_code(reference, NURSE, "Duty officer")
    assert officer.send(address, what="opened").status_code == 303
    assert officer.send(address, what="opened").status_code == 303
    nobody = officer.send(address, what="passed-on", function=" ")
    officer.get(address)
    on = officer.send(address, what="passed-on", function="Case officer")
    shown = officer.get(address).text
    officer.send(f"{address}/earlier/{before}", call="same")
    confirmed = officer.get(address).text

    assert str(reference) in listed
    assert "Specimen" not in listed + shown
    assert (too_early.status_code, nobody.status_code, on.status_code) == (422, 422, 303)
    assert "has not rung yet" in too_early.text
    entries = recorded(services, reference)
    once = ("inbox.received", "acknowledged", "inbox.passed-on")
    assert [entries.count(one) for one in once] == [1, 1, 1]
    assert str(before) in shown
    assert "Somebody here confirmed: the same person." in confirmed
    assert_ledger_verifies(services)
    assert officer.get("/inbox/PRV-0000-0000").status_code == 404


def test_what_is_called_back_stays_in_the_inbox_and_says_what_to_do(
    services: Services, officer: Visit
) -> None:
    came = sent(services)
    address = f"/inbox/{came}"
    never = services.disclosures.submit(a_submission(services, "key-never-left"), NURSE)
    services.afterwards.recalling.recall(came, NURSE)
    services.afterwards.recalling.recall(never, NURSE)

    listed = officer.get("/inbox").text
    shown = officer.get(address)
    late = officer.send(address, what="received")

    assert str(came) in listed.partition("Called back or sent back")[2]
    assert str(never) not in listed
    assert officer.get(f"/inbox/{never}").status_code == 404
    assert shown.status_code == 200
    assert "Do not open it; delete every copy" in shown.text
    assert "It has arrived here" not in shown.text + late.text
    assert "Do not open it" in late.text
    assert "inbox.received" not in recorded(services, came)
