"""Something has changed: each present reader of a case is told by a disclosure of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock, a_submission
from callers import Caller, a_caller
from changes import SAID, a_change, anew
from homes import Prepared
from look_ups import looked_up
from partner_requests import (
    OFFICER,
    REQUESTS,
    SCHOOL_LEAD,
    a_request,
    an_answer,
    put,
    questions,
)
from werkzeug.test import TestResponse

from broker.domain.references import Reference, parse_reference
from broker.domain.states import State
from broker.domain.times import uk_day
from broker.intake.change_documents import read_change
from broker.ledger.readings import Entrance
from broker.packs.opening import open_sealed
from broker.packs.pdfium import opened
from broker.wiring import Services

_keys = count(1)


@dataclass
class World:
    services: Services
    nurse: Caller
    first: Reference

    def tell(self, body: dict[str, Any], key: str | None = None) -> TestResponse:
        """Tell a change of what the nurse sent."""
        return tell(self.nurse, self.first, body, key)


def tell(
    caller: Caller, about: Reference | str, body: dict[str, Any], key: str | None = None
) -> TestResponse:
    key = key or f"change-{next(_keys):04}"
    return caller.post(f"/api/v1/disclosures/{about}/changes", body, **{"Idempotency-Key": key})


@pytest.fixture(name="services", scope="module")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("changes") / "home", Clock())
    yield services
    services.close()


@pytest.fixture(name="nurse", scope="module")
def _nurse(services: Services) -> Caller:
    return a_caller(services, NURSE)


@pytest.fixture(name="world")
def _world(services: Services, nurse: Caller) -> World:
    """A broker in which a referral of a nurse, of its own for each test, went to the police."""
    first = services.disclosures.submit(a_submission(services, f"first-{next(_keys):08}"), NURSE)
    services.dispatcher.dispatch()
    return World(services, nurse, first)


def told(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return json.loads(answer.get_data())


def about(services: Services, reference: Reference | str) -> list[str]:
    with services.transaction() as tx:
        return [one.type for one in tx.ledger.entries_about(str(reference))]


def test_whoever_got_the_first_is_told_by_a_disclosure_that_refers_to_it(world: World) -> None:
    reference = world.first
    (reader,) = told(world.nurse.get(f"/api/v1/disclosures/{reference}/readers"))["readers"]
    assert (reader["first"], reader["mailbox"]) == (str(reference), "northshire-prevent")

    body = a_change(form={"individual.address": "7 Elsewhere Road, Southshire"})
    (one,) = told(world.tell(body), 201)["told"]

    follow = parse_reference(one["reference"])
    assert (one["outcome"], one["state"]) == ("permit-with-obligations", "decided")
    assert about(world.services, reference)[-1] == "change.notified"
    assert about(world.services, follow)[:2] == ["received", "decided"]
    with world.services.transaction() as tx:
        first, second = (tx.disclosure(named) for named in (reference, follow))
        pack = tx.case_file(second).pack()
    assert (second.case, second.recipient) == (first.case, first.recipient)
    assert pack.form["concerns.event"].startswith("[Seen by the nurse in charge, 9 March 2026]")
    assert "concerns.description" not in pack.form
    world.services.dispatcher.dispatch()
    words = world.services.disclosures.hand_over(follow, NURSE, None).passphrase
    with world.services.transaction() as tx:
        sealed = tx.case_file(tx.disclosure(follow)).sealed()
    assert sealed is not None
    with opened(open_sealed(sealed, words).pdf) as document:
        pages = " ".join(document.text(index) for index in range(document.pages))
    read = " ".join(pages.split())
    for said in (str(reference), "They have moved, 9 March 2026", SAID, "7 Elsewhere Road"):
        assert said in read


def test_it_is_judged_anew_by_what_is_answered_now(world: World) -> None:
    none_needed = anew(necessity={"reason": "It may help.", "less_would_do": "yes"})

    (one,) = told(world.tell(a_change(questions=none_needed)), 201)["told"]
    (shown,) = told(world.tell(a_change(questions=none_needed, preview=True)))["told"]

    assert (one["outcome"], one["state"]) == ("refuse", "refused")
    assert shown["decision"]["outcome"] == "refuse"
    own = world.services.disclosures.own(NURSE)
    assert parse_reference(one["reference"]) in {mine.reference for mine in own}


def test_what_is_only_shown_looks_up_no_earlier_concern(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, changing = looked_up(monkeypatch), world.services.partner_requests.changing
    told(world.tell(a_change(preview=True)))
    vocabulary = world.services.rulebooks.in_force().vocabulary
    body = json.dumps(a_change()).encode()
    notice = read_change(world.first, body, vocabulary, uk_day(world.services.clock())).notice
    assert len(changing.look(notice, NURSE, Entrance.PAGE)) == 1
    assert found == []

    told(world.tell(a_change()), 201)

    assert found == [NURSE.agency]


def test_the_same_call_tells_it_once_and_a_preview_keeps_nothing(world: World) -> None:
    before = len(world.services.disclosures.own(NURSE))
    told(world.tell(a_change(preview=True)))
    assert len(world.services.disclosures.own(NURSE)) == before

    first, again = (told(world.tell(a_change(), "change-twice"), 201) for _ in range(2))

    assert first == again
    assert about(world.services, world.first).count("change.notified") == 1


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        pytest.param({"what": "grew"}, "what", id="a change that is none"),
        pytest.param(
            {"statement": {**a_change()["statement"], "on": "2026-03-17"}},
            "statement.on",
            id="a day to come",
        ),
        pytest.param(
            {"statement": {**a_change()["statement"], "on": "2026-02-30"}},
            "statement.on",
            id="a day that no calendar has",
        ),
        pytest.param(
            {"statement": {**a_change()["statement"], "words": " "}}, "statement.words", id="empty"
        ),
        pytest.param(
            {"statement": {**a_change()["statement"], "source": ""}},
            "statement.source",
            id="without its source",
        ),
        pytest.param({"to": ["PRV-1010-000P"]}, "to[0]", id="told to a stranger"),
        pytest.param({"to": ["police"]}, "to[0]", id="no reference"),
        pytest.param(
            {"form": {"individual.name": "Somebody Else"}}, "form.individual.name", id="another"
        ),
        pytest.param(
            {"form": {"concerns.event": "He left early."}}, "form.concerns.event", id="unmarked"
        ),
        pytest.param({"form": {"individual.adress": "x"}}, "form", id="a field that is none"),
        pytest.param(
            {"questions": {name: said for name, said in anew().items() if name != "danger"}},
            "questions.danger",
            id="danger not answered anew",
        ),
        pytest.param(
            {"questions": anew(danger="perhaps")}, "questions.danger", id="a word that is none"
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_told(
    world: World, changes: dict[str, Any], place: str
) -> None:
    faults = told(world.tell(a_change(**changes)), 422)["faults"]

    assert [fault["place"].startswith(place) for fault in faults] == [True], faults
    assert "change.notified" not in about(world.services, world.first)


def test_one_may_go_while_another_is_refused_and_only_who_has_something_is_told(
    world: World,
) -> None:
    services = world.services
    with services.transaction() as tx:
        case = tx.disclosure(world.first).case
    agreed = ["police", "local-authority"]
    pack = a_submission(
        services,
        f"other-{next(_keys):08}",
        recipient="northshire-channel",
        case=case,
        questions__agreement_to_share__recipients=agreed,
    )
    other = services.disclosures.submit(pack, NURSE)
    services.dispatcher.dispatch()
    both = told(world.nurse.get(f"/api/v1/disclosures/{world.first}/readers"))["readers"]
    assert {one["first"] for one in both} == {str(world.first), str(other)}

    narrowed = anew(agreement_to_share={"recipients": ["police"]})
    two = told(world.tell(a_change(questions=narrowed)), 201)["told"]
    (one,) = told(world.tell(a_change(to=[str(other)])), 201)["told"]

    assert {said["mailbox"]: said["state"] for said in two} == {
        "northshire-prevent": "decided",
        "northshire-channel": "refused",
    }
    assert (one["mailbox"], one["state"]) == ("northshire-channel", "decided")
    services.afterwards.recalling.recall(parse_reference(one["reference"]), NURSE)
    services.afterwards.recalling.recall(other, NURSE)
    (left,) = told(world.nurse.get(f"/api/v1/disclosures/{world.first}/readers"))["readers"]
    assert left["first"] == str(world.first)


def test_once_nobody_has_anything_of_it_nobody_is_told(world: World) -> None:
    world.services.afterwards.recalling.recall(world.first, NURSE)

    (fault,) = told(world.tell(a_change()), 422)["faults"]

    assert fault["place"] == "to"
    assert told(world.nurse.get(f"/api/v1/disclosures/{world.first}/readers")) == {"readers": []}


def test_a_stranger_to_the_case_tells_nothing_and_learns_nothing(world: World) -> None:
    teacher = a_caller(world.services, TEACHER)
    absent, found = (
        tell(teacher, reference, a_change()) for reference in ("PRV-1010-000P", world.first)
    )

    assert (absent.status_code, found.status_code) == (404, 404)
    assert told(absent, 404)["detail"] == told(found, 404)["detail"]


def test_a_partner_tells_the_officer_what_changed_since_its_answer(world: World) -> None:
    services = world.services
    officer, school = (a_caller(services, one, one.role) for one in (OFFICER, SCHOOL_LEAD))
    reference = told(put(officer, a_request()), 201)["reference"]
    copy = f"{REQUESTS}/{reference}/copies/1"
    (answered,) = told(school.post(f"{copy}/answer", an_answer()))["copies"]
    first = answered["answer_sent"]["reference"]
    services.dispatcher.dispatch()
    said = questions()
    anew_of_it = {name: said[name] for name in anew()}

    (one,) = told(tell(school, first, a_change(questions=anew_of_it)), 201)["told"]

    assert one["mailbox"] == "northshire-prevent"
    assert one["state"] == State.DECIDED.value
    with services.transaction() as tx:
        facts: Any = tx.case_file(tx.disclosure(parse_reference(one["reference"]))).facts()
    assert facts["purpose"] == "partner-response"
    assert facts["requester"]["person"] == OFFICER.id
