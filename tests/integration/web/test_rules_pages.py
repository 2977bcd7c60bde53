"""The rules in a browser: to be read aloud, what changed, and the law that they rest on."""

import hashlib
import io
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from brokers import KEEPER_OF_KEYS, Clock
from gateways import gateway
from markup import page_client
from people import Held, with_guardian
from referrals import GUARDIAN
from visits import Visit, cheap, signed_in, three

from broker.domain.roles import Role
from broker.wiring import Services
from policies import Rulebook
from policies.tools.card_pages import card_pages

RULES = Path(__file__).parents[3] / "policies" / "rulebook"


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock, Role.ASSURANCE)


def reworded(folder: Path) -> Rulebook:
    """Return rules of which one sentence is another."""
    shutil.copytree(RULES, folder)
    card = folder / "rules" / "R02-requester.toml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("Only people we know", "Only somebody we know"), encoding="utf-8")
    return Rulebook.read(folder)


def test_every_card_is_a_page_in_the_words_of_the_guide(visit: Visit) -> None:
    listed = visit.get("/rules").text

    for page in card_pages(Rulebook.shipped()):
        assert f'href="/rules/{page.rule}"' in listed
    shown = visit.get("/rules/R02").text
    assert "Only people we know" in shown
    assert visit.get("/rules/R99").status_code == 404


def test_a_card_says_which_of_its_law_nobody_has_read_or_is_not_in_force(visit: Visit) -> None:
    assert "Nobody has read it yet" in visit.get("/rules/R05").text
    assert "Off until its commencement is entered" in visit.get("/rules/R38").text
    assert "Nobody has read it yet" not in visit.get("/rules/R13").text


def test_what_changed_since_the_rules_before_is_shown_line_by_line(
    sqlite_broker: Services, visit: Visit, tmp_path: Path
) -> None:
    assert "No other rules were in force here before" in visit.get("/rules/changes").text

    sqlite_broker.rulebooks.activate(reworded(tmp_path / "rules"), GUARDIAN, KEEPER_OF_KEYS)

    told = visit.get("/rules/changes").text
    assert "<del>Only people we know" in told
    assert "<ins>Only somebody we know" in told
    assert "wording alone" in told
    assert "R02" in told
    assert "R03" not in told
    assert GUARDIAN.id in visit.get("/rules").text


def test_the_law_says_how_it_was_read_and_whether_it_is_in_force_on_a_day(visit: Visit) -> None:
    today = visit.get("/law").text
    assert "Read by nobody yet" in today
    assert "Terrorism Act 2000 s38B" in today
    assert "Not looked at for 12 months" not in today

    later = visit.get("/law?on-day=1&on-month=1&on-year=2028").text

    assert "Not looked at for 12 months" in later
    assert visit.get("/law?on-day=yesterday").status_code == 422


def visit_of(services: Services, clock: Clock, held: Held) -> Visit:
    clock.forward(timedelta(seconds=30))
    visit = Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)
    assert visit.sign_in().status_code == 303
    return visit


def proposal_on(page: str) -> str:
    return page.partition('action="/rules/put-in-force/')[2].partition('"')[0]


def test_rules_are_put_in_force_by_two_people_who_saw_what_it_changes(
    sqlite_broker: Services, clock: Clock
) -> None:
    first = visit_of(sqlite_broker, clock, with_guardian(sqlite_broker, clock, "Gwen Specimen"))
    second = visit_of(sqlite_broker, clock, with_guardian(sqlite_broker, clock, "Gus Specimen"))
    page = "/rules/put-in-force"
    first.get(page)

    assert first.send(page, choice="again", **three("until", "16 3 2027")).status_code == 303

    proposed = first.get(page).text
    assert "Your proposal waits for a second person" in proposed
    assert "Put them in force" not in proposed
    id_ = proposal_on(proposed)
    assert first.send(f"{page}/{id_}", do="confirm").status_code == 403
    assert "A proposal waits for you" in second.get(page).text
    assert "Gwen Specimen" in second.last.text
    assert first.held.person not in second.last.text
    assert "Tried on every decision" in second.last.text
    assert (
        f"{Rulebook.shipped().version}<br>It must be the version on the paper" in second.last.text
    )
    assert second.send(f"{page}/{id_}", do="confirm").headers["Location"] == "/rules"
    assert "Gwen Specimen and Gus Specimen" in second.get("/rules").text
    newest = sqlite_broker.oversight.history.activations()[0]
    assert (newest.first, newest.second) == (first.held.person, second.held.person)
    assert newest.until == date(2027, 3, 16)
    assert second.send(f"{page}/{id_}", do="confirm").status_code == 409


def test_a_code_of_this_moment_is_asked_for_and_a_proposal_can_be_turned_down(
    sqlite_broker: Services, clock: Clock
) -> None:
    first = visit_of(sqlite_broker, clock, with_guardian(sqlite_broker, clock, "Gwen Specimen"))
    page = "/rules/put-in-force"
    first.get(page)
    assert first.send(page, choice="nothing", **three("until", "1 1 2020")).status_code == 422
    clock.forward(timedelta(minutes=6))
    first.get(page)
    assert first.send(page, choice="again", **three("until", "16 3 2027")).headers["Location"] == (
        f"/code?to={page}"
    )
    assert sqlite_broker.oversight.proposals.waiting() == ()
    first.get("/code")
    first.send("/code", code=first.held.code(clock), to=page)
    first.get(page)
    first.send(page, choice="again", **three("until", "16 3 2027"))

    first.send(f"{page}/{proposal_on(first.get(page).text)}", do="withdraw")

    assert sqlite_broker.oversight.proposals.waiting() == ()
    assert len(sqlite_broker.oversight.history.activations()) == 1


def test_a_review_keeps_its_day_its_trigger_and_the_digests_of_its_papers(
    sqlite_broker: Services, clock: Clock
) -> None:
    visit = signed_in(sqlite_broker, clock, Role.IG)
    page, paper = "/rules/reviews", b"An assessment of the effect on equality."
    assert "Nobody has reviewed them here yet" in visit.get("/rules").text
    visit.get(page)
    assert visit.send(page, **three("due", "1 1 2020")).status_code == 422

    visit.send(
        page, trigger="law", **three("due", "16 3 2027"), equality=(io.BytesIO(paper), "e.pdf")
    )

    told = visit.get(page).text
    assert hashlib.sha256(paper).hexdigest() in told
    assert "No paper was given" in told
    assert "Due 16 March 2027" in visit.get("/rules").text
    with sqlite_broker.transaction() as tx:
        *_, last = tx.ledger.entries()
    assert last.event["type"] == "rules.reviewed"
    assert last.event["equality"] == hashlib.sha256(paper).hexdigest()
    assert sqlite_broker.log.differences() == ()


def test_a_policy_of_the_body_is_kept_by_its_digest_and_shown_to_that_body(
    sqlite_broker: Services, clock: Clock
) -> None:
    visit = signed_in(sqlite_broker, clock, Role.LEAD)
    page, paper = "/rules/documents", b"Safeguarding adults."
    visit.get(page)
    assert "Select the file" in visit.send(page, title="", edition="").text

    fields = {"title": "=Safeguarding adults", "edition": "2.1", **three("review", "16 3 2027")}
    visit.send(page, **fields, paper=(io.BytesIO(paper), "<b>.pdf"))

    told = visit.get(page).text
    assert "by Mira Specimen" in told
    assert "=Safeguarding adults, version 2.1" in told
    assert hashlib.sha256(paper).hexdigest() in told
