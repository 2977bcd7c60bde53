"""A recall that comes between the dispatcher's taking a step and its doing it."""

from callers import PACKS, Caller, a_caller
from packs import pack_bytes

from broker.domain.references import parse_reference
from broker.wiring import Services


def a_reference(caller: Caller) -> str:
    answer = caller.submit(pack_bytes())
    assert answer.json is not None
    return str(answer.json["reference"])


def test_what_was_recalled_after_its_lease_is_not_sent(services: Services) -> None:
    nurse = a_caller(services)
    reference = a_reference(nurse)
    with services.dispatcher.alone():
        sealing = services.dispatcher._lease()
        assert sealing is not None
        services.dispatcher._do(sealing)
        sending = services.dispatcher._lease()
        assert sending is not None

        assert nurse.post(f"{PACKS}/{reference}/recall").status_code == 200
        services.dispatcher._do(sending)

    assert list(services.home.pickup.glob("*.eml")) == []
    with services.transaction() as tx:
        assert tx.store.disclosure(parse_reference(reference)).state == "recalled"
        types = [entry.type for entry in tx.ledger.entries_about(reference)]
    assert types == ["received", "decided", "sealed", "recalled"]
