"""By API the directory is kept, the law is read, and reviews of the rules are kept."""

from dataclasses import replace

from brokers import NURSE
from callers import Caller, Refusal, a_caller, refusal_of
from people import entered
from values import PREVENT

from broker.domain.json_values import as_array, as_object
from broker.domain.roles import Role
from broker.wiring import Services
from keys import PersonId

KEEPER = replace(NURSE, id=PersonId("p-keeper"), role=Role.KEEPER)
SECOND = replace(NURSE, id=PersonId("p-second"), role=Role.KEEPER)
AT = "/api/v1/directory"


def service(keeper: Caller, id_: str) -> dict[str, object]:
    """Return a contact as the directory gives it out."""
    found = as_array(keeper.get(AT).get_json()["contents"])
    return next(one for one in map(as_object, found) if id_ in str(one))


def test_a_contact_that_came_as_open_referral_counts_once_another_has_rung(
    sqlite_broker: Services,
) -> None:
    keeper, second = (a_caller(sqlite_broker, one, Role.KEEPER) for one in (KEEPER, SECOND))
    kept = service(keeper, PREVENT.id)
    same = keeper.post(AT, {"contents": [kept]}).get_json()
    changed = keeper.post(AT, {"contents": [_replaced(kept)]}).get_json()
    shown = keeper.get(f"{AT}/contacts/{PREVENT.id}").get_json()
    call = {"number": PREVENT.telephone, "source": "before", "spoke_to": "Duty officer"}
    own = keeper.post(f"{AT}/contacts/{PREVENT.id}/call-back", {**call, "seen": shown["seen"]})
    old = second.post(f"{AT}/contacts/{PREVENT.id}/call-back", {**call, "seen": "x"})
    rung = second.post(f"{AT}/contacts/{PREVENT.id}/call-back", {**call, "seen": shown["seen"]})
    gone = second.post(f"{AT}/contacts/{PREVENT.id}/retirement", {"seen": rung.get_json()["seen"]})

    assert same == {"agencies": 0, "new": 0, "changed": 0, "looks_like": {}}
    assert changed == {"agencies": 0, "new": 0, "changed": 1, "looks_like": {}}
    assert (shown["telephone"], shown["verified_on"]) == ("01632 960 888", None)
    assert shown["history"][0]["by"] == KEEPER.id
    assert (own.status_code, old.status_code) == (403, 409)
    assert rung.get_json()["verified_on"] == "2026-03-16"
    assert gone.get_json()["retired_on"] == "2026-03-16"
    assert PREVENT.id not in keeper.get(AT).text


def _replaced(kept: dict[str, object]) -> dict[str, object]:
    """Return a service whose telephone is another."""
    phones = [{**as_object(one), "number": "01632 960 888"} for one in as_array(kept["phones"])]
    return {**kept, "phones": phones}


def test_bad_services_are_all_named_and_none_is_taken(sqlite_broker: Services) -> None:
    keeper = a_caller(sqlite_broker, KEEPER, Role.KEEPER)
    kept = service(keeper, PREVENT.id)
    bad = {**kept, "email": "no address"}
    answer = keeper.post(AT, {"contents": [bad, _replaced(kept), bad]})

    assert answer.status_code == 422
    places = {str(one["place"]).partition(".")[0] for one in answer.get_json()["faults"]}
    assert {"service 1", "service 3"} <= places
    assert service(keeper, PREVENT.id) == kept
    assert keeper.post(AT, {"contents": 1}).status_code == 422


def test_an_address_that_looks_like_anothers_is_named_where_it_comes_in_and_where_it_is_found(
    sqlite_broker: Services,
) -> None:
    keeper = a_caller(sqlite_broker, KEEPER, Role.KEEPER)
    school = service(keeper, "example-school-dsl")
    alike = {**school, "email": PREVENT.address.replace("example", "examp1e")}

    brought = keeper.post(AT, {"contents": [alike]}).get_json()
    found = keeper.get(f"{AT}/find/police").get_json()["mailboxes"]
    shown = keeper.get(f"{AT}/contacts/example-school-dsl").get_json()

    assert brought["looks_like"] == {"example-school-dsl": [PREVENT.id]}
    looks_like = {one["id"]: one["looks_like"] for one in found}
    assert looks_like[PREVENT.id] == ["example-school-dsl"]
    assert shown["looks_like"] == [PREVENT.id]


def test_presets_old_words_and_who_only_reads(sqlite_broker: Services) -> None:
    keeper, nurse = a_caller(sqlite_broker, KEEPER, Role.KEEPER), a_caller(sqlite_broker)
    listed = [one["id"] for one in keeper.get(f"{AT}/presets").get_json()["presets"]]
    loaded = keeper.post(f"{AT}/presets/somerset").get_json()
    again = keeper.post(f"{AT}/presets/somerset").get_json()

    assert listed == ["dh", "ecpt", "livewell", "set", "somerset"]
    assert loaded["mailboxes"] == 10
    assert again == {"agencies": 0, "mailboxes": 0}
    assert keeper.post(f"{AT}/presets/nowhere").status_code == 404
    assert nurse.get(f"{AT}/find/CAF").get_json()["old_words"]
    assert nurse.get(f"{AT}/contacts/{PREVENT.id}").status_code == 200
    assert nurse.post(AT, {"contents": []}).status_code == 403
    assert nurse.get(f"{AT}/contacts/nowhere").status_code == 404


def test_the_law_is_read_as_of_a_day_and_a_review_of_the_rules_is_kept(
    sqlite_broker: Services,
) -> None:
    entered(sqlite_broker, "Ivy Specimen", Role.IG)
    ig = a_caller(sqlite_broker, replace(NURSE, id=PersonId("p-ig")), Role.IG)
    law, then = ig.get("/api/v1/law").get_json(), ig.get("/api/v1/law/2026-03-16").get_json()
    kept = ig.post(
        "/api/v1/rule-reviews",
        {"trigger": "yearly", "due_on": "2027-03-01", "dpia_sha256": "a" * 64},
    )

    assert law == then
    assert {"citation", "edition", "read_on"} <= law["sources"][0].keys()
    assert ig.get("/api/v1/law/2026-02-30").status_code == 422
    assert kept.status_code == 201
    assert ig.get("/api/v1/rule-reviews").get_json()["reviews"] == [kept.get_json()]
    assert kept.get_json()["dpia_sha256"] == "a" * 64
    assert kept.get_json()["equality_sha256"] is None
    for due in ("2026-03-16", "2026-02-30"):
        late = ig.post("/api/v1/rule-reviews", {"trigger": "yearly", "due_on": due})
        assert late.status_code in {409, 422}


def test_a_contact_that_is_not_there_is_not_found_whatever_is_done(
    sqlite_broker: Services,
) -> None:
    keeper = a_caller(sqlite_broker, KEEPER, Role.KEEPER)
    base = f"{AT}/contacts/nobody-there"
    call = {"number": "01632 960 000", "source": "website", "spoke_to": "Duty officer"}

    for answer in (
        keeper.get(base),
        keeper.post(f"{base}/call-back", {**call, "seen": "x"}),
        keeper.post(f"{base}/retirement", {"seen": "x"}),
    ):
        assert refusal_of(answer) == Refusal(404, "unknown-contact")
