"""Whether copies of a meeting's pack open, and else who waits for it since when."""

from collections.abc import Mapping
from datetime import datetime

from audit.format.events import PanelPackApproved, PanelPackAskedFor
from broker.domain.panels.meetings import Meeting
from broker.domain.panels.packs import PackState, PanelPack
from broker.domain.states import State
from broker.domain.times import moment_of
from broker.panels.reading import newest_pack
from broker.storage.transaction import Transaction
from keys import PersonId


def opening_pack(tx: Transaction, meeting: Meeting) -> PanelPack | None:
    """Return the newest pack of a meeting if its chair approved it and nobody stopped it."""
    pack = newest_pack(tx, meeting)
    if pack is None or pack.state is not PackState.APPROVED:
        return None
    return pack if tx.disclosure(pack.disclosure).state is State.SENT else None


def who_waits(tx: Transaction, meeting: Meeting) -> Mapping[PersonId, datetime]:
    """Return who asked for the pack of a meeting since one was approved last, and when."""
    packs = tx.meetings.packs_of(meeting.reference)
    approved = max(
        (
            entry.seq
            for pack in packs
            for entry in tx.about(pack.disclosure)
            if entry.type == PanelPackApproved.type_name
        ),
        default=-1,
    )
    return {
        PersonId(str(entry.event["by"])): moment_of(entry.moment)
        for entry in tx.about(meeting.reference)
        if entry.type == PanelPackAskedFor.type_name and entry.seq > approved
    }
