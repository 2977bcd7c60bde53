"""What somebody typed whose session had ended when they sent it, or who hid their screen.

In memory alone, since words about a person belong on no disk before somebody saves them there.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from keys import PersonId

KEPT: Final = timedelta(hours=1)
"""How long a form waits for whoever sent it."""

PRESSED: Final = "_action"
"""The field of the button that a form was sent by."""

MOST: Final = 64
"""Of how many people a form is kept at once; beyond, the oldest goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateForm:
    """A form that was not taken: for which address, its fields in their order, and when.

    `choices` are the codes and words of its buttons where each gives it another meaning.
    """

    address: str
    fields: Sequence[tuple[str, str]]
    sent_at: datetime
    choices: Sequence[tuple[str, str]] = ()

    def __repr__(self) -> str:
        """Name where it was for, never what was typed."""
        return f"LateForm(address={self.address!r})"

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed in words, in the order of the page; choices and codes are none."""
        return tuple(typed for _, typed in self.fields if len(typed.split()) > 1)

    @property
    def buttons(self) -> tuple[tuple[str, str], ...]:
        """The code and the words of each button that may send it: the pressed one alone, if any.

        None where it has one meaning.
        """
        pressed = dict(self.fields).get(PRESSED)
        return tuple(one for one in self.choices if pressed in {None, one[0]})

    @property
    def typed(self) -> tuple[tuple[str, str], ...]:
        """The fields that are sent again whichever of `buttons` is pressed."""
        is_chosen = bool(self.buttons)
        return tuple(one for one in self.fields if not (is_chosen and one[0] == PRESSED))


@dataclass(frozen=True, slots=True)
class LateForms:
    """Keeps the newest late form of each person; threads share it."""

    _forms: OrderedDict[PersonId, LateForm] = field(
        default_factory=OrderedDict[PersonId, LateForm]
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, person: PersonId, form: LateForm) -> None:
        """Keep a form in the place of the one before."""
        with self._lock:
            self._forms.pop(person, None)
            self._forms[person] = form
            while len(self._forms) > MOST:
                self._forms.popitem(last=False)

    def of(self, person: PersonId, now: datetime) -> LateForm | None:
        """Return the form that waits for a person, None once its hour is over."""
        with self._lock:
            form = self._forms.get(person)
            if form is not None and now - form.sent_at > KEPT:
                del self._forms[person]
                return None
        return form

    def sent(self, person: PersonId, address: str) -> None:
        """Forget a form once its person sends that page again."""
        with self._lock:
            form = self._forms.get(person)
            if form is not None and form.address == address:
                del self._forms[person]
