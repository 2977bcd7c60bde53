"""Each commitment of an entry has a name under which it is kept, or is said to have none."""

from dataclasses import fields

from audit.format import events
from audit.format.event_types import RecordedEvent
from broker.storage.rows import committed

KEPT_IN_ROWS_OF_THEIR_OWN = (
    "concern.",  # sealed in the row of the concern, which an entry vouches for
    "breach.",
)


def commitments() -> set[tuple[str, str]]:
    return {
        (event.type_name, one.name)
        for event in vars(events).values()
        if isinstance(event, type)
        and issubclass(event, RecordedEvent)
        and "type_name" in vars(event)
        for one in fields(event)
        if one.name.endswith("_c")
    }


def test_no_commitment_is_left_out() -> None:
    known = commitments()
    ours = {one for one in known if not one[0].startswith(KEPT_IN_ROWS_OF_THEIR_OWN)}

    assert len(known) > len(ours) > 20
    assert ours == set(committed.NAMED) | set(committed.AT_RANDOM)
