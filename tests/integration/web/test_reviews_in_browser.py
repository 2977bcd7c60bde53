"""A Guardian's pages in Chromium: axe and our own checks find nothing on the way to a decision."""

from collections.abc import Generator

import pytest
from brokers import Clock
from browsers import (
    Window,
    a_window,
    axe_faults,
    chromium,
    narrow_faults,
    needs_chromium,
    own_faults,
    served,
)
from gateways import gateway
from guardian_walks import (
    asks_for_advice_and_hands_over,
    decides_with_fewer_fields,
    looks_back_at_an_emergency,
    reads_what_was_not_shared,
)
from homes import Prepared
from markup import page_client
from people import with_guardian
from referrals import refer, submit
from visits import Visit, cheap

from broker.domain.references import Reference
from broker.packs.opening import open_sealed
from broker.packs.pdfium import opened
from broker.wiring import Services

pytestmark = needs_chromium

EMERGENCY = {"questions__danger": "imminent", "questions__purpose": "emergency"}


@pytest.fixture(scope="module", name="services")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("guardian") / "home", Clock())
    yield services
    services.close()


def words_of_the_sealed_pack(services: Services, reference: Reference) -> str:
    """Return what the recipient reads once the words were told."""
    with services.transaction() as tx:
        file = tx.case_file(tx.disclosure(reference))
        sealed, words = file.sealed(), file.passphrase()
    assert sealed is not None
    assert words is not None
    with opened(open_sealed(sealed, words).pdf) as document:
        return " ".join(document.text(index) for index in range(document.pages))


def test_a_guardian_decides_looks_back_and_reads_the_quarter(services: Services) -> None:
    clock = services.clock
    assert isinstance(clock, Clock)
    reference = refer(services)
    emergency = submit(services, "key-00000002", **EMERGENCY)
    refused = submit(services, "key-00000003", questions__necessity__less_would_do="yes")
    waits = refer(services, "key-00000004")
    held = with_guardian(services, clock)
    app = gateway(cheap(services))
    visit = Visit(client=page_client(app), held=held, clock=clock)
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        faults = [*axe_faults(window.page), *own_faults(window.page), *narrow_faults(window.page)]
        if faults:
            found[state] = faults

    with chromium() as browser, served(app) as address, a_window(browser, address) as window:
        decides_with_fewer_fields(window, visit, reference, "individual.contact", look)
        looks_back_at_an_emergency(window, emergency, look)
        asks_for_advice_and_hands_over(window, waits, look)
        reads_what_was_not_shared(window, look)
        window.page.go_back()
        # The rules refused it alone, so no Guardian was to open it: named, and no dead link.
        assert window.page.get_by_role("heading", name=str(refused)).is_visible()
        assert window.page.get_by_role("link", name=str(refused)).count() == 0
        complaints = window.complaints
    services.dispatcher.dispatch()
    words = words_of_the_sealed_pack(services, reference)

    assert found == {}
    assert complaints == []
    assert "Zzcanary Qqcanary" in words
    assert "Telephone and email" not in words
