"""A worry about a colleague goes to the lead, who writes what others need to know."""

from collections.abc import Mapping

import pytest
from brokers import Clock
from gateways import gateway
from markup import page_client
from people import Held, with_account
from visits import Visit, cheap, signed_in
from walks import AGREEING_ADULT, BEGINNINGS, Typed

from broker.domain.concerns.concerns import About, Ending
from broker.domain.concerns.drafts import DraftId
from broker.domain.references import Prefix, parse_reference
from broker.domain.roles import Role
from broker.wiring import Services

ABOUT_A_COLLEAGUE: Mapping[str, Typed] = {
    **{name: AGREEING_ADULT[name] for name in ("danger", "source", "basis", "harm", "crime")},
    "seen": {**AGREEING_ADULT["seen"], "event": "On the ward, in the break. Fictitious."},
    "c-work": {"name": "Chris Invented", "role": "Porter, east wing", "with": "adults"},
    "done": {"action": "Nothing yet."},
}


class People:
    def __init__(self, services: Services, clock: Clock) -> None:
        self.services = services
        self.manager = self._visit(clock, "Max Specimen", Role.MANAGER)
        self.lead = self._visit(clock, "Lea Specimen", Role.LEAD)
        self.writer = signed_in(services, clock)

    def _visit(self, clock: Clock, name: str, role: Role) -> Visit:
        held: Held = with_account(self.services, clock, name, role)
        app = gateway(cheap(self.services))
        visit = Visit(client=page_client(app), held=held, clock=clock)
        assert visit.sign_in().status_code == 303
        return visit


@pytest.fixture(name="people")
def _people(sqlite_broker: Services, clock: Clock) -> People:
    return People(sqlite_broker, clock)


def told(people: People, name_of_colleague: str = "Chris Invented") -> str:
    """Walk the pages about a colleague until somebody is to look at it; return its address."""
    visit, path, answered = people.writer, "/colleague/new", 0
    while not path.endswith("c-check"):
        name = BEGINNINGS.get(path) or path.rpartition("/r/")[2].partition("/")[2]
        shown = visit.get(path)
        assert shown.status_code == 200, path
        version = shown.text.partition('name="_version" value="')[2].partition('"')[0]
        typed = dict(ABOUT_A_COLLEAGUE[name])
        if "name" in typed:
            typed["name"] = name_of_colleague
        answer = visit.send(path, **typed, _version=version, _action="continue")
        assert answer.status_code == 303, name
        path, answered = answer.headers["Location"], answered + 1
    assert answered <= 10
    return path.rpartition("/")[0]


def sent(people: People, base: str, manager: str) -> str:
    """Give it to the lead, and return its reference."""
    lead = str(people.lead.held.person)
    answer = people.writer.send(f"{base}/c-check", lead=lead, manager=manager)
    assert answer.headers["Location"] == f"{base}/lead-answer"
    page = people.writer.get(f"{base}/lead-answer").text
    assert "Your lead has it now" in page
    return "CON-" + page.partition("CON-")[2][:9]


def test_a_lead_and_a_manager_read_it_and_the_lead_writes_two_files(people: People) -> None:
    base = told(people)
    unchosen = people.writer.send(f"{base}/c-check")
    reference = sent(people, base, str(people.manager.held.person))
    read = people.lead.get(f"/checks/{reference}").text
    beside = people.manager.get(f"/checks/{reference}").text
    answered = people.lead.send(
        f"/checks/{reference}", advice="refer", also="hr", why="Both are needed. Fictitious."
    )
    after = people.lead.get(f"/checks/{reference}").text
    referral = people.lead.send(f"/checks/{reference}/take-on", what="referral")
    for_hr = people.lead.send(f"/checks/{reference}/take-on", what="hr")

    assert unchosen.status_code == 422
    assert "Chris Invented" in read
    assert "Send my answer" in read
    assert "Chris Invented" in beside
    assert "Send my answer" not in beside
    assert people.manager.get("/checks").text.count(reference) == 0
    assert answered.status_code == 303
    assert "Write the referral" in after
    assert "Write what HR needs" in after
    assert "Chris Invented" in people.lead.get(f"{referral.headers['Location']}/who").text
    told_by = people.lead.get(f"{referral.headers['Location']}/told-by").text
    writer = people.services.access.people.record(people.writer.held.person)
    assert writer is not None
    assert writer.name in told_by
    name = people.lead.get(f"{for_hr.headers['Location']}/field/individual.name").text
    assert "Chris Invented" in name
    assert "Why do they need this?" in name
    assert "individual.nhs_number" in people.lead.get(f"{for_hr.headers['Location']}/more").text
    hidden = people.writer.get(f"{base}/lead-answer").text
    assert "Both are needed" not in hidden
    assert "You may not hear what follows" in hidden
    assert people.writer.get(f"{base}/check").headers["Location"] == f"{base}/lead-answer"
    with people.services.transaction() as tx:
        concern = tx.concerns.find(parse_reference(reference, Prefix.CONCERN))
    assert concern is not None
    assert (concern.about, concern.closed_as) == (About.COLLEAGUE, Ending.TAKEN_ON)


def test_no_manager_is_told_of_what_its_lead_cannot_be_asked(people: People) -> None:
    """It is about the lead whom they chose: both are asked, or nobody."""
    base = told(people, "Lea Specimen")

    answer = people.writer.send(
        f"{base}/c-check",
        lead=str(people.lead.held.person),
        manager=str(people.manager.held.person),
    )

    assert answer.status_code == 422
    assert "so nobody was told" in answer.text
    assert not [*people.services.concerns.asking.notices.folder.glob("notice-*")]
    with people.services.transaction() as tx:
        assert tx.concerns.of_draft(DraftId(base.rpartition("/")[2])) is None


def test_a_manager_who_is_part_of_it_is_told_nothing(people: People) -> None:
    reference = sent(people, told(people), "part")

    assert people.manager.get(f"/checks/{reference}").status_code == 404
    people.lead.get(f"/checks/{reference}")
    asked = people.lead.send(
        f"/checks/{reference}", advice="tell-me-more", why="Who else saw it? Fictitious."
    )
    assert asked.status_code == 303
    page = people.writer.get("/referrals").text
    draft = "/r/" + page.partition('href="/r/')[2].partition('"')[0]
    assert "Who else saw it?" in people.writer.get(f"{draft}/lead-answer").text
    again = people.writer.send(
        f"{draft}/c-check", lead=str(people.lead.held.person), manager="part"
    )
    assert again.status_code == 303
    nothing = people.lead.send(
        f"/checks/{reference}", advice="nothing-more", why="It was a joke among friends."
    )
    assert nothing.status_code == 303
    assert "What you write now" not in people.lead.get(f"/checks/{reference}").text
