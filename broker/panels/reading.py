"""What stands in a pack that was built, for whoever keeps its meeting and for whoever approves it.

A reading is recorded as that of any pack; a copy that somebody opens is another thing (`copies`).
"""

from dataclasses import dataclass

from broker.disclosures.what_goes import WhatGoes, seen_of
from broker.domain.errors import WrongStateError
from broker.domain.form import label_of
from broker.domain.json_values import as_array
from broker.domain.model import Person
from broker.domain.panels.meetings import Meeting
from broker.domain.panels.packs import LIVE, PanelPack, Released
from broker.domain.references import Reference
from broker.ledger.readings import Content, Entrance, record_reading
from broker.panels.standing import kept_meeting
from broker.storage.transaction import Transaction, Transactions
from keys import CannotOpenError


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRead:
    """A pack as its panel reads it: the fields that go, body by body, and what stays and why."""

    pack: PanelPack
    what: WhatGoes
    blocks: tuple[Released, ...]

    @property
    def seen(self) -> str:
        """A digest of what stands in it: whoever gives it back approves just that.

        Of no words: those of a pack never change, and a digest of them could be guessed at.
        """
        blocks = [one.key for one in self.blocks]
        return seen_of([str(self.pack.disclosure), self.what.document(), blocks])

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "pack": str(self.pack.disclosure),
            "state": self.pack.state.value,
            "built_by": self.pack.built_by,
            "what_goes": self.what.document(),
            "fields": [{**one.document(), "label": label_of(one.field)} for one in self.blocks],
            "seen": self.seen,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReading:
    """Shows packs that were built; every method opens its own transaction."""

    transaction: Transactions

    def read(self, reference: Reference, person: Person, how: Entrance) -> PackRead:
        """Return the newest pack of a meeting for whoever keeps it; recorded before.

        Raises `UnknownMeetingError`, and `WrongStateError` where none stands.
        """
        with self.transaction() as tx:
            pack = newest_pack(tx, kept_meeting(tx, reference, person))
            if pack is None or pack.state not in LIVE:
                raise WrongStateError("There is no pack to read. Whoever keeps it builds one.")
            found = pack_read(tx, pack)
            record_reading(tx, person, Content.PACK, how, pack.disclosure)
        return found


def pack_read(tx: Transaction, pack: PanelPack) -> PackRead:
    """Return what stands in a living pack; whoever shows it records a reading."""
    file = tx.case_file(tx.disclosure(pack.disclosure))
    what, shown = WhatGoes.of(file.decision(), file.pack()), file.panel_copy()
    if shown is None:
        # What copies show ends by an entry; here somebody took it away.
        raise CannotOpenError
    blocks = tuple(map(Released.of_document, as_array(shown)))
    return PackRead(
        pack=pack, what=what, blocks=tuple(one for one in blocks if one.field in what.goes)
    )


def newest_pack(tx: Transaction, meeting: Meeting) -> PanelPack | None:
    """Return the pack of a meeting that was built last, None where none was."""
    packs = tx.meetings.packs_of(meeting.reference)
    return packs[-1] if packs else None
