"""A Guardian decides from a browser: their part first, then everything on one page."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from brokers import NURSE, Clock, a_submission
from callers import a_caller
from gateways import gateway
from markup import page_client
from packs import a_pack
from people import acting, entered, with_guardian
from referrals import APPROVED, GUARDIAN, REFERRED, WEIGHED, recorded, refer, submit
from taken_away import Away, key_of_the_ledger_away, keystore_away
from visits import Visit, cheap
from werkzeug.test import TestResponse

from audit.errors import BrokenLedgerError, Rule
from broker.disclosures.reviews import reviews_of
from broker.domain.json_values import as_array
from broker.domain.references import Reference, parse_reference
from broker.domain.roles import Role
from broker.guardian.views import queue_of
from broker.storage.case_file import Part
from broker.wiring import Services

REASON = "The harm to others is near, and less would not stop it."


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    held = with_guardian(sqlite_broker, clock)
    visit = Visit(client=page_client(gateway(cheap(sqlite_broker))), held=held, clock=clock)
    assert visit.sign_in().headers["Location"] == "/reviews"
    return visit


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    return refer(sqlite_broker)


def say(visit: Visit, path: str, /, **typed: object) -> str:
    """Look at a page, send it filled in, and return where it leads."""
    shown = visit.get(path)
    assert shown.status_code == 200, (path, shown.status_code, shown.headers.get("Location"))
    version = shown.text.partition('name="_version" value="')[2].partition('"')[0]
    seen = shown.text.partition('name="seen" value="')[2].partition('"')[0]
    hidden = {"_version": version, "seen": seen, "_action": "continue"}
    answer = visit.send(path, **{**hidden, **typed})
    assert answer.status_code == 303, (path, answer.status_code, answer.text)
    return answer.headers["Location"]


def press(visit: Visit, path: str, shown: str) -> TestResponse:
    """Send a page that stood open, as it was shown."""
    hidden = dict(re.findall(r'name="(_csrf|_version|seen)" value="([^"]*)"', shown))
    return visit.client.post(path, data={**hidden, "_action": "continue"})


def independent(visit: Visit, reference: Reference) -> str:
    """Say that they have no part in it, and return the address of its pages."""
    base = f"/reviews/{reference}"
    assert visit.get(base).headers["Location"] == f"{base}/relation"
    assert say(visit, f"{base}/relation", relation="independent") == base
    return base


def until_final(visit: Visit, base: str, verdict: str = "approve", **fields: object) -> str:
    """Answer page after page as asked, and return the address of the last."""
    path = say(visit, f"{base}/decide", verdict=verdict)
    if path.endswith("/leave-out"):
        path = say(visit, path, **fields)
    if path.endswith("/public-interest"):
        path = say(visit, path, **WEIGHED, **{"decided-by": "Gwen Specimen, Caldicott Guardian"})
    return say(visit, path, reason=REASON, principles=["3", "7"])


def test_a_guardian_decides_with_fewer_fields_and_the_document_shows_exactly_those(
    visit: Visit, reference: Reference, sqlite_broker: Services
) -> None:
    base = independent(visit, reference)
    shown = visit.get(base).text

    final = until_final(visit, base, "approve-reduced", fields=["individual.contact"])
    last = visit.get(final).text
    foreseen = visit.get(f"{base}/print.pdf").get_data()
    picture = visit.get(f"{base}/print/1.png")
    done = say(visit, final)
    sqlite_broker.dispatcher.dispatch()

    assert "Goes, if you approve" in shown
    assert "Your word settles it" in shown
    assert "Exactly what the recipient sees" in last
    assert "The Guardian left it out." in last
    assert picture.mimetype == "image/png"
    assert recorded(sqlite_broker, reference)[-4:] == ["reviewed", "decided", "sealed", "sent"]
    with sqlite_broker.transaction() as tx:
        file = tx.case_file(tx.disclosure(reference))
        goes, weighed = file.decision()["release"], reviews_of(file)[-1].public_interest
        record = file.get(Part.RECORD)
    assert "individual.contact" not in as_array(goes)
    assert record == foreseen
    assert weighed["decided-by"] == "Gwen Specimen, Caldicott Guardian"
    assert "It may go, and is on its way" in visit.get(done).text or "was sent" in visit.last.text
    assert visit.get(f"{base}/print.pdf").status_code == 404


def test_nothing_is_shown_before_their_part_is_known_or_where_they_have_one(
    visit: Visit, reference: Reference, sqlite_broker: Services
) -> None:
    base = f"/reviews/{reference}"
    listed = visit.get("/reviews").text
    visit.get(f"{base}/relation")
    unanswered = visit.send(f"{base}/relation", _version="0", _action="continue")
    say(visit, f"{base}/relation", relation="siro")

    assert str(reference) in listed
    assert "Zzcanary" not in listed
    assert "Select your part in this" in unanswered.text
    for page in ("", "/decide", "/final", "/document", "/ask", "/readers"):
        assert visit.get(f"{base}{page}").headers["Location"] == f"{base}/relation"
    refused = visit.get(f"{base}/relation").text
    assert "A deputy must decide this" in refused
    assert "you are the senior information risk owner" in refused
    assert "Nobody else here can decide it." in refused
    assert "read" not in recorded(sqlite_broker, reference)
    assert say(visit, f"{base}/relation/again", relation="independent") == base


def test_ones_own_request_is_found_out_and_a_deputy_named(
    visit: Visit, sqlite_broker: Services, clock: Clock
) -> None:
    with_guardian(sqlite_broker, clock, "Gus Specimen")
    me = acting(visit.held, Role.PRACTITIONER)
    own = sqlite_broker.disclosures.submit(a_submission(sqlite_broker, **REFERRED), me)

    assert visit.get(f"/reviews/{own}").headers["Location"] == f"/reviews/{own}/relation"
    shown = visit.get(f"/reviews/{own}/relation").text
    assert "you submitted it yourself" in shown
    assert "It waits for Gus Specimen." in shown


def test_what_only_an_answer_settles_offers_no_approval(
    visit: Visit, sqlite_broker: Services
) -> None:
    unknown = refer(sqlite_broker, questions__subject__capacity="doubted")
    base = independent(visit, unknown)

    assert "You cannot approve what nobody knows" in visit.get(base).text
    asked = visit.get(f"{base}/decide").text
    assert "It may not go" in asked
    assert 'value="approve"' not in asked
    forced = visit.send(f"{base}/decide", verdict="approve", _version="1", _action="continue")
    assert forced.status_code == 422
    assert say(visit, f"{base}/ask", question="Who looked?", principles=["2"]) == f"{base}/asked"
    assert recorded(sqlite_broker, unknown)[-1] == "asked"


def test_a_decision_takes_a_code_of_its_moment_and_nothing_is_lost_for_it(
    visit: Visit, reference: Reference, sqlite_broker: Services, clock: Clock
) -> None:
    base = independent(visit, reference)
    final = until_final(visit, base, "refuse")
    clock.forward(timedelta(minutes=6))

    sent = say(visit, final)
    visit.get(sent)
    stepped = visit.send("/code", to=final, code=visit.held.code(clock))

    assert sent == f"/code?to={final}"
    assert stepped.headers["Location"] == final
    assert "decided" not in recorded(sqlite_broker, reference)[2:]
    assert REASON in visit.get(final).text
    assert say(visit, final) == f"{base}/decided"
    assert recorded(sqlite_broker, reference)[-2:] == ["reviewed", "decided"]


@pytest.mark.parametrize("away", [keystore_away, key_of_the_ledger_away])
def test_a_key_that_is_taken_away_while_the_last_page_is_open_lets_nothing_go_and_nothing_be_lost(
    visit: Visit, reference: Reference, sqlite_broker: Services, away: Away
) -> None:
    final = until_final(visit, independent(visit, reference))
    page = visit.get(final)
    before = recorded(sqlite_broker, reference)

    with away(sqlite_broker):
        pressed = press(visit, final, page.text)
    kept = recorded(sqlite_broker, reference)
    again = press(visit, final, visit.get(final).text)

    assert pressed.status_code == 503
    assert "In danger now? Ring 999." in pressed.text
    assert kept == before
    assert (again.status_code, again.headers["Location"]) == (303, f"/reviews/{reference}/decided")
    assert recorded(sqlite_broker, reference)[-2:] == ["reviewed", "decided"]


def test_two_guardians_at_once_decide_once_and_the_second_is_told(
    visit: Visit, reference: Reference, sqlite_broker: Services
) -> None:
    base = independent(visit, reference)
    final = until_final(visit, base)
    visit.get(final)
    page = visit.last
    sqlite_broker.referrals.decide(reference, GUARDIAN, replace(APPROVED, verdict="refuse"))

    visit.last = page
    late = visit.send(final, seen="", _action="continue")

    assert late.status_code == 409
    assert "The newest decision on this is by p-guardian" in late.text
    assert recorded(sqlite_broker, reference).count("reviewed") == 1


def test_pressing_twice_decides_once(
    visit: Visit, reference: Reference, sqlite_broker: Services
) -> None:
    base = independent(visit, reference)
    final = until_final(visit, base)
    say(visit, final)

    again = visit.send(final, seen="", _action="continue")

    assert again.headers["Location"] == f"{base}/decided"
    assert visit.get(final).status_code == 409
    assert recorded(sqlite_broker, reference).count("reviewed") == 1


def test_while_the_ledger_is_broken_the_list_works_and_nothing_is_decided(
    visit: Visit, reference: Reference, sqlite_broker: Services
) -> None:
    base = independent(visit, reference)
    final = until_final(visit, base)
    visit.get(final)
    page = visit.last
    broken = BrokenLedgerError("an entry is not as written", first_bad=2, rule=Rule.ENTRY)
    sqlite_broker.transaction.faults.note(broken)

    visit.last = page
    refused = visit.send(final, seen="", _action="continue")

    assert refused.status_code == 503
    assert "Nothing can be decided, sent or opened just now" in refused.text
    assert "The record is at fault." in refused.text
    assert "ledger" not in refused.text.partition("<main")[2].partition("</main")[0]
    assert "ring 999" in refused.text
    assert "reviewed" not in recorded(sqlite_broker, reference)
    listed = visit.get("/reviews")
    assert listed.status_code == 200
    assert "The record is broken. Until that is put right nothing is decided" in listed.text
    assert visit.get(base).status_code == 503
    for path in (f"{base}/relation/again", f"{base}/ask", "/reviews/cover"):
        assert "The record is broken. Until that is put right" in visit.get(path).text


def test_no_list_says_that_the_record_is_broken_while_it_is_whole(
    visit: Visit,
) -> None:
    assert "The record is broken" not in visit.get("/reviews").text


def test_what_a_guardian_let_go_is_listed_for_another_guardian_to_look_back_at(
    visit: Visit, reference: Reference, sqlite_broker: Services, clock: Clock
) -> None:
    base = independent(visit, reference)
    say(visit, until_final(visit, base))
    deputy = with_guardian(sqlite_broker, clock, "Gil Specimen")

    own = visit.get("/reviews").text
    theirs = queue_of(
        sqlite_broker.referrals, sqlite_broker.retrospective, acting(deputy, Role.GUARDIAN)
    )

    assert "To look back at" not in own
    assert str(reference) in own.partition("For another Guardian to look back at")[2]
    assert [one.disclosure.reference for one in theirs.afterwards] == [reference]
    assert theirs.for_another == ()


def test_who_let_it_go_is_told_before_they_write_that_another_guardian_looks_back(
    visit: Visit, reference: Reference
) -> None:
    base = independent(visit, reference)
    say(visit, until_final(visit, base))

    shown = visit.get(base).text
    led = visit.get(f"{base}/look-back")

    assert "another Guardian looks back at it" in shown
    assert "Look back at it" not in shown
    assert (led.status_code, led.headers["Location"]) == (303, base)
    assert "3. Use no more than the purpose needs." in shown


def test_a_guardian_stops_what_they_let_go_and_its_sender_hears_that_somebody_did(
    visit: Visit, reference: Reference, sqlite_broker: Services
) -> None:
    entered(sqlite_broker, "Nurse Specimen", id_=NURSE.id)
    base = independent(visit, reference)
    say(visit, until_final(visit, base))
    sqlite_broker.dispatcher.dispatch()
    stop = f"/referrals/{reference}/stop"
    shown = visit.get(base).text
    wrong = visit.get(f"/referrals/{reference}/wrong").text
    asked = visit.get(stop)

    stopped = visit.send(stop, why="content", said="The wrong address stands in it.")

    assert f'href="{stop}">Stop this sending' in shown
    assert asked.status_code == 200
    assert all(f'href="{base}"' in page for page in (wrong, asked.text))
    assert (stopped.status_code, stopped.headers["Location"]) == (303, base)
    assert "Stopped" in visit.get(base).text
    assert "Stop this sending" not in visit.last.text
    assert "recalled" in recorded(sqlite_broker, reference)
    mails = [path.read_text("utf-8") for path in sqlite_broker.home.pickup.glob("notice-*.eml")]
    (heard,) = [mail for mail in mails if f"{reference}: it was stopped" in mail]
    assert "nurse.specimen@northshire-trust.example" in heard


@pytest.mark.parametrize(
    ("step", "why"),
    [
        pytest.param("ask", "A sender is asked before the decision", id="a question"),
        pytest.param("advice", "Advice is asked before a decision", id="advice"),
        pytest.param("decide", "Nothing in it waits for a Guardian", id="a decision"),
    ],
)
def test_no_page_takes_words_for_a_step_that_is_over(
    visit: Visit, reference: Reference, step: str, why: str
) -> None:
    base = independent(visit, reference)
    say(visit, until_final(visit, base))

    refused = visit.get(f"{base}/{step}")

    assert refused.status_code == 409
    assert f"That cannot be done as it stands now. {why}" in refused.text
    assert f'href="{base}"' in refused.text
    assert "<textarea" not in refused.text


def test_a_guardian_looks_back_at_an_emergency_with_something_to_learn(
    visit: Visit, sqlite_broker: Services
) -> None:
    went = submit(sqlite_broker, questions__danger="imminent", questions__purpose="emergency")
    listed = visit.get("/reviews").text
    base = independent(visit, went)
    shown = visit.get(base).text

    done = say(
        visit,
        f"{base}/look-back",
        opinion="dissent",
        reason="Too much went for what the police had to do.",
        principles=["3"],
        learning="Leave the contact out next time.",
    )

    assert "Emergencies that nobody has looked at" in listed
    assert "Look back at it" in shown
    assert done == f"{base}/looked-back"
    assert "Leave the contact out next time." in visit.get(base).text
    assert recorded(sqlite_broker, went).count("looked-back") == 1


def test_the_quarter_shows_what_was_not_shared_and_what_became_of_it(
    visit: Visit, sqlite_broker: Services, clock: Clock
) -> None:
    refused = submit(sqlite_broker, questions__necessity__less_would_do="yes")
    part = submit(sqlite_broker, "key-00000002", **{"form__individual.religion": "Zzcanary faith"})
    waits = refer(sqlite_broker, "key-00000003")
    clock.forward(timedelta(days=2))
    visit.sign_in()

    shown = visit.get("/reviews/not-shared").text

    assert "16 March" not in shown.partition("<h1")[0]
    assert "1 January 2026 to 31 March 2026" in shown
    assert all(str(one) in shown for one in (refused, part, waits))
    assert "What would make it right:" in shown
    assert "Zzcanary" not in shown
    assert "A Guardian&#39;s decision. Due" in shown
    assert visit.get("/reviews/not-shared/2025-q4").status_code == 200
    assert str(refused) not in visit.last.text
    assert visit.get("/reviews/not-shared/2031-q1").status_code == 404
    assert visit.get("/reviews/not-shared/2026-q5").status_code == 404


def test_a_repeat_concern_is_marked_and_its_earlier_ones_are_read_and_compared(
    visit: Visit, sqlite_broker: Services
) -> None:
    number = {"form__individual.nhs_number": "943 476 5919"}
    first = refer(sqlite_broker, **number)
    second = refer(sqlite_broker, "key-00000002", **number)
    listed = visit.get("/reviews").text
    asked_first = visit.get(f"/reviews/{second}/earlier").headers["Location"]
    base = independent(visit, second)
    shown = visit.get(base).text
    found = visit.get(f"{base}/earlier").text
    read = visit.get(f"{base}/earlier/{first}").text
    said = visit.send(f"{base}/earlier/{first}", call="another").headers["Location"]
    unsaid = visit.send(f"{base}/earlier/{first}", call="Zz").headers["Location"]

    assert listed.count("Repeat concern") == 1
    assert listed.index(str(second)) < listed.index("Repeat concern")
    assert asked_first == f"{base}/relation"
    assert "Read them before you decide" in shown
    assert "The same number or reference." in found
    assert "Zzcanary Qqcanary" in read
    assert said == f"{base}/earlier"
    assert "They are two people. You have read it." in visit.get(said).text
    assert unsaid == f"{base}/earlier/{first}"
    assert recorded(sqlite_broker, first).count("read") == 1
    assert visit.get(f"{base}/earlier/{second}").status_code == 409


def test_a_refusal_of_a_repeat_concern_waits_until_the_earlier_ones_are_read(
    visit: Visit, sqlite_broker: Services
) -> None:
    number = {"form__individual.nhs_number": "943 476 5919"}
    first = refer(sqlite_broker, **number)
    base = independent(visit, refer(sqlite_broker, "key-00000002", **number))
    chosen = say(visit, f"{base}/decide", verdict="refuse")
    told = visit.get(chosen).text
    visit.get(f"{base}/earlier/{first}")
    after = say(visit, f"{base}/decide", verdict="refuse")

    assert chosen == f"{base}/earlier"
    assert "Read each of these about the same person first" in told
    assert after == f"{base}/reasons"


def test_a_file_is_seen_as_pages_and_words_whether_it_goes_or_stays(
    visit: Visit, sqlite_broker: Services
) -> None:
    note = {"name": "note.txt", "carries": ["individual.religion"], "why": "Zzcanary why."}
    nurse = a_caller(sqlite_broker)
    sent = nurse.submit_with_files(
        a_pack(attachments=[note], **{**REFERRED, "form__individual.religion": "Zzcanary"}),
        {"note.txt": b"Zzcanary wrote a note."},
    )
    about = parse_reference(sent.get_json()["reference"])
    base = independent(visit, about)
    shown = visit.get(base).text
    before = visit.get(f"{base}/files/1/1.jpg").status_code
    seen = visit.get(f"{base}/files/1").text
    picture = visit.get(f"{base}/files/1/1.jpg")

    assert f"{base}/files/1" in shown
    assert before == 404
    assert "Zzcanary wrote a note." in seen
    assert ("Page 1 of" in seen) is (picture.status_code == 200)
    assert visit.get(f"{base}/files/2").status_code == 404
    assert recorded(sqlite_broker, about).count("read") == 2


def test_what_no_guardian_was_to_see_is_named_without_a_link_that_would_not_open(
    visit: Visit, sqlite_broker: Services
) -> None:
    refused = submit(sqlite_broker, questions__necessity__less_would_do="yes")
    waits = refer(sqlite_broker, "key-00000003")
    with sqlite_broker.transaction() as tx:
        chosen = bool(tx.duties.of(refused))

    shown = visit.get("/reviews/not-shared").text

    assert str(refused) in shown
    assert (f'href="/reviews/{refused}"' in shown) is chosen
    assert visit.get(f"/reviews/{refused}").status_code == (303 if chosen else 409)
    assert visit.get(f"/reviews/{waits}").status_code == 303
