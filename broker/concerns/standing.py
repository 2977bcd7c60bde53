"""What is found out about a concern from its draft and its entries: pure but for what is read."""

import re
from datetime import date
from typing import Final

from broker.domain.cases.likeness import NAME
from broker.domain.concerns.concerns import Concern
from broker.domain.concerns.drafts import Draft
from broker.domain.concerns.whom import homes_of
from broker.domain.errors import RowDisagreesError
from broker.domain.obligations import is_sampled
from broker.storage.transaction import Transaction

_CHECKED: Final = "concern.checked"
_FEWEST_NAMES: Final = 2


def is_about(draft: Draft, name: str) -> bool:
    """Say whether a draft may be about the person who bears a name, in any order of its parts.

    It keeps nobody but that person from checking what may be about them.
    """
    answers, bearer = draft.text.answers, _parts(name)
    typed = [str(answers.get(page, {}).get(said) or "") for page, said in homes_of(NAME)]
    return len(bearer) >= _FEWEST_NAMES and any(bearer <= _parts(one) for one in typed)


def sampled_on(tx: Transaction, concern: Concern, day: date) -> date | None:
    """Return the day where chance chose that a Guardian looks back at a concern, else None.

    As with decisions, the newest answer's commitment is the chance, for all to see.
    """
    checked = [entry for entry in tx.about(concern.reference) if entry.type == _CHECKED]
    is_chosen = bool(checked) and is_sampled(str(checked[-1].event["reason_c"]))
    return day if is_chosen else None


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))


def concern_of(tx: Transaction, draft: Draft, *, to_change: bool = False) -> Concern | None:
    """Return the concern that a draft became, None where nobody was asked about it.

    Raises `RowDisagreesError` where somebody was, and its row is gone: who was asked is a member
    of the draft, and the members are sealed with it.
    """
    found = tx.concerns.of_draft(draft.row.id, to_change=to_change)
    if found is None and any(member.person != draft.row.owner for member in draft.members):
        raise RowDisagreesError("concern")
    return found
