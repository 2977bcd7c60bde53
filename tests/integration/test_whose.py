"""A disclosure is seen by whoever submitted it and by their Guardian, and by no colleague."""

from dataclasses import replace

import pytest
from brokers import NURSE
from callers import PACKS, Refusal, a_caller, refusal_of
from packs import a_pack
from referrals import guardian_calling, submit

from broker.domain.errors import UnknownReferenceError
from broker.wiring import Services
from keys import PersonId

COLLEAGUE = replace(NURSE, id=PersonId("p-colleague"))
UNKNOWN = Refusal(404, "unknown-reference")


@pytest.mark.parametrize(
    "step", ["", "/handover", "/acknowledgement", "/recall", "/duties/tell-the-guardian"]
)
def test_for_a_colleague_a_disclosure_is_as_if_it_did_not_exist(
    services: Services, step: str
) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    colleague = a_caller(services, COLLEAGUE)
    call = colleague.post if step else colleague.get

    theirs = call(f"{PACKS}/{reference}{step}")
    nobodys = call(f"{PACKS}/PRV-0000-0000{step}")

    assert refusal_of(theirs) == refusal_of(nobodys) == UNKNOWN
    assert theirs.json is not None
    assert nobodys.json is not None
    assert theirs.json["detail"] == nobodys.json["detail"]


def test_a_colleague_is_not_told_the_passphrase(services: Services) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()

    with pytest.raises(UnknownReferenceError):
        services.disclosures.hand_over(reference, COLLEAGUE, "They asked me to.")
    assert services.disclosures.hand_over(reference, NURSE, None).passphrase


def test_a_list_holds_what_one_submitted_oneself(services: Services) -> None:
    colleague = a_caller(services, COLLEAGUE)
    mine = submit(services)
    theirs = colleague.submit(a_pack(), key="key-00000002").get_json()["reference"]

    assert [one.reference for one in services.disclosures.own(NURSE)] == [mine]
    listed = colleague.get(PACKS).get_json()["disclosures"]
    assert [one["reference"] for one in listed] == [theirs]


def test_a_guardian_can_stop_what_anybody_of_their_body_submitted(services: Services) -> None:
    reference = submit(services)

    stopped = guardian_calling(services).post(f"{PACKS}/{reference}/recall")

    assert (stopped.status_code, stopped.get_json()["state"]) == (200, "recalled")
