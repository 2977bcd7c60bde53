"""A file of the record is given after a code of this moment, and keeps what it was narrowed to."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from brokers import Clock, a_broker
from browser_walks import sign_in
from browsers import WIDE, a_window, chromium, served
from gateways import gateway
from markup import page_client
from people import with_account, with_guardian
from referrals import refer, submit
from visits import Visit, cheap, code_asked, signed_in

from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.wiring import Services

NARROWED = "/ledger/export?reference={}&kind=decided"


def readings(services: Services) -> list[tuple[object, object]]:
    with services.transaction() as tx:
        events = [entry.event for entry in tx.ledger.entries() if entry.type == "read"]
    return [(event["what"], event["how"]) for event in events]


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    return refer(sqlite_broker)


@pytest.fixture(name="auditor")
def _auditor(sqlite_broker: Services, clock: Clock, reference: Reference) -> Visit:
    assert str(reference)
    visit = signed_in(sqlite_broker, clock, Role.AUDITOR)
    clock.forward(timedelta(minutes=6))
    return visit


def test_the_record_is_exported_after_a_code_and_only_as_it_was_narrowed(
    auditor: Visit, reference: Reference
) -> None:
    address = NARROWED.format(reference)

    led = auditor.get(address)
    assert led.status_code == 303
    assert code_asked(led) == address
    assert auditor.give_code(led) == address

    page = auditor.get(address).text
    assert f'name="reference" value="{reference}"' in page
    given = auditor.send("/ledger/export", form="csv", reference=str(reference), kind="decided")
    rows = [*csv.DictReader(io.StringIO(given.get_data().decode("utf-8-sig"), newline=""))]
    assert [row["reference"] for row in rows] == [str(reference)]


@pytest.mark.parametrize("form", ["csv", "json", "folder"])
def test_one_code_gives_one_file_and_the_next_asks_again_with_all_that_was_chosen(
    sqlite_broker: Services, auditor: Visit, reference: Reference, form: str
) -> None:
    address = NARROWED.format(reference)
    auditor.give_code(auditor.get(address))
    chosen = {"form": form, "reference": str(reference), "kind": "decided"}
    auditor.get(address)
    assert auditor.send("/ledger/export", **chosen).status_code == 200
    before = readings(sqlite_broker)

    auditor.last = auditor.client.get("/ledger")
    again = auditor.send("/ledger/export", **chosen)

    assert again.status_code == 303
    assert code_asked(again) == f"{address}&form={form}"
    assert readings(sqlite_broker) == before
    back = auditor.give_code(again)
    page = auditor.get(back).text
    assert f'value="{form}" checked' in page
    assert 'name="kind" value="decided"' in page


def test_what_is_no_filter_goes_into_no_address(auditor: Visit) -> None:
    typed = "/ledger/export?reference=Nia+Specimen&body=Nia+Specimen&kind=Nia&act=Nia"

    led = auditor.get(typed)
    auditor.get(led.headers["Location"])
    sent = auditor.send(
        "/ledger/export", form="Nia", reference="Nia Specimen", **{"day-day": "Nia"}
    )

    assert code_asked(led) == "/ledger/export"
    assert "Nia" not in sent.headers.get("Location", "")


def test_who_received_what_is_saved_after_a_code_and_read_without_one(
    sqlite_broker: Services, clock: Clock
) -> None:
    held = with_guardian(sqlite_broker, clock)
    guardian = Visit(client=page_client(gateway(cheap(sqlite_broker))), held=held, clock=clock)
    guardian.sign_in()
    sent = submit(sqlite_broker, "key-00000009")
    clock.forward(timedelta(minutes=6))
    guardian.get("/who-received")
    assert guardian.send("/who-received", case=str(sent)).status_code == 200
    before = readings(sqlite_broker)

    led = guardian.send("/who-received", case=str(sent), **{"as": "csv"})

    assert code_asked(led) == f"/who-received?case={sent}"
    assert readings(sqlite_broker) == before
    back = guardian.give_code(led)
    assert f'value="{sent}"' in guardian.get(back).text
    saved = guardian.send("/who-received", case=str(sent), **{"as": "csv"})
    assert saved.headers["Content-Disposition"].startswith("attachment")
    guardian.get("/who-received")
    named = guardian.send("/who-received", case="Nia Specimen", **{"as": "csv"})
    assert code_asked(named) == "/who-received"


def test_whoever_must_sign_in_first_comes_back_to_what_they_had_narrowed(
    auditor: Visit, clock: Clock, reference: Reference
) -> None:
    narrowed = f"/ledger?reference={reference}&kind=decided"
    clock.forward(timedelta(minutes=20))

    led = auditor.get(narrowed).headers["Location"]
    assert parse_qs(urlsplit(led).query)["to"] == [narrowed]
    back = auditor.sign_in(led, to=narrowed)

    assert back.headers["Location"] == narrowed


@pytest.mark.parametrize(
    "address",
    [
        "//elsewhere.example/ledger?kind=read",
        "/ledger?kind=read#elsewhere",
        "/ledger?to=//elsewhere.example",
        "/ledger?to=https://elsewhere.example",
        "/ledger?reference=Nia%20Specimen",
        "/ledger?kind=read\r\nSet-Cookie: x=1",
        "/ledger?kind",
        "/ledger?kind=read\n",
    ],
)
def test_no_code_leads_to_an_address_with_anything_else_in_it(
    auditor: Visit, address: str
) -> None:
    auditor.clock.forward(timedelta(seconds=30))
    auditor.get("/code")

    answer = auditor.send("/code", code=auditor.held.code(auditor.clock), to=address)

    assert answer.headers["Location"] == "/referrals"


@pytest.mark.long
def test_in_a_browser_the_code_leads_back_to_the_entries_that_were_chosen(
    tmp_path: Path,
) -> None:
    clock = Clock()
    services = a_broker(tmp_path / "home", clock)
    reference = refer(services)
    submit(services, "key-00000002")
    app = gateway(cheap(services))
    held = with_account(services, clock, "Ana Specimen", Role.AUDITOR)
    visit = Visit(client=page_client(app), held=held, clock=clock)

    with chromium() as browser, served(app) as at, a_window(browser, at, size=WIDE) as window:
        sign_in(window, visit)
        clock.forward(timedelta(minutes=6))
        window.open(f"/ledger?reference={reference}")
        window.page.get_by_role("link", name="Export what is shown").click()
        assert window.path() == "/code"
        window.page.locator("#code").fill(held.code(clock))
        window.press("Continue")
        assert window.path() == "/ledger/export"
        window.page.locator('[name="form"][value="csv"]').check(force=True)
        with window.page.expect_download() as saved:
            window.page.get_by_role("button", name="Export", exact=True).click()
        text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    services.close()

    rows = [*csv.DictReader(io.StringIO(text, newline=""))]
    assert {row["reference"] for row in rows} == {str(reference)}
