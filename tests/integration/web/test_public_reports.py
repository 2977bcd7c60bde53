"""A member of the public writes on one page; the leads of one body alone read it, on record."""

from dataclasses import replace

from brokers import Clock
from gateways import gateway
from markup import page_client
from people import acting, with_account
from visits import Visit, cheap, signed_in

from broker.domain.roles import Role
from broker.ledger.readings import READ
from broker.wiring import Services
from keys import AgencyId


def test_nobody_writes_where_nobody_reads(sqlite_broker: Services, clock: Clock) -> None:
    visit = signed_in(sqlite_broker, clock)

    assert visit.client.get("/report").headers["Location"] == "/channels"
    assert visit.send("/report", words="Something. Fictitious.").headers["Location"] == "/channels"
    assert 'href="/report"' not in visit.get("/start").text


def test_a_lead_reads_a_report_and_takes_it_on_or_lets_it_go(
    sqlite_broker: Services, clock: Clock
) -> None:
    held = with_account(sqlite_broker, clock, "Lea Specimen", Role.LEAD)
    concerns = sqlite_broker.concerns
    reports = replace(concerns.reports, body=AgencyId("northshire-trust"))
    services = replace(sqlite_broker, concerns=replace(concerns, reports=reports))
    app = gateway(cheap(services))
    public = Visit(client=page_client(app), held=held, clock=clock)
    lead = Visit(client=page_client(app), held=held, clock=clock)
    other = signed_in(services, clock)
    assert lead.sign_in().status_code == 303

    asked = public.get("/report").text
    empty = public.send("/report", words=" ", contact="")
    long = public.send("/report", words="x" * 4_001)
    first = public.send("/report", words="He gave out leaflets. Fictitious.", contact="")
    public.get("/report")
    second = public.send("/report", words="She said nothing. Fictitious.", contact="A neighbour")

    assert "Nobody reads this tonight" in asked
    assert (empty.status_code, long.status_code) == (422, 422)
    assert first.headers["Location"] == second.headers["Location"] == "/report/sent"
    assert other.client.get("/reports").status_code == 403
    names = [one.name for one in reports.waiting(acting(held, Role.LEAD))]
    assert len(names) == 2
    listed = lead.get("/reports").text
    assert "leaflets" not in listed
    shown = {name: lead.get(f"/reports/{name}").text for name in names}
    (leaflets,) = (name for name, text in shown.items() if "leaflets" in text)
    (neighbour,) = (name for name, text in shown.items() if "A neighbour" in text)
    taken = lead.send(f"/reports/{leaflets}", _action="take")
    assert "He gave out leaflets." in lead.get(f"{taken.headers['Location']}/seen").text
    lead.get(f"/reports/{neighbour}")
    assert lead.send(f"/reports/{neighbour}", _action="drop").headers["Location"] == "/reports"
    assert "Nothing is waiting" in lead.get("/reports").text
    assert lead.client.get(f"/reports/{neighbour}").status_code == 404
    with services.transaction() as tx:
        entries = [entry.event for entry in tx.ledger.entries()]
    read = [event for event in entries if event["type"] == READ]
    assert [event["by"] for event in read] == [held.person] * len(read)
    assert len(read) >= len(names)
    assert "leaflets" not in str(entries)
