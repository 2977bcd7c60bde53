"""What was typed into a form that could not be taken yet: carried sealed from page to page.

The browser carries it, through code and conditions, until it is taken up; nothing is kept here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from flask import request

from broker.domain.json_values import as_object, text, texts
from broker.domain.portal.pages import PageId, page_id
from broker.web.journeys.reading import first_of
from broker.web.portal.locked import locked, unlocked
from broker.web.portal.site import current_portal
from broker.web.portal.visits import Visit, Visits
from keys import CannotOpenError, Place

HELD: Final = "_held"
"""The field of a form that carries it."""

LONGEST: Final = 420_000
"""How many bytes a form may have that carries a form: as long as any, and sealed."""

CARRIES: Final = frozenset({"pages.try_code", "pages.accept", "again.go_on_again"})
"""Who takes such a form."""

_TYPED: Final = frozenset(
    {"answers.go_on", "answers.send", "answered.words", "answered.owed", "pages.reply"}
)
_USE: Final = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A form that came too late: for which view, and its fields in their order."""

    view: str
    fields: Mapping[str, list[str]]

    def first(self, name: str) -> str:
        """Return what stands first in a field, nothing where it has none."""
        return first_of(self.fields, name)

    def sealed(self, secrets: Iterable[bytes], page: PageId) -> str:
        """Return it as a form of the same page carries it; any of these secrets opens it."""
        content = json.dumps({"view": self.view, "fields": self.fields}, ensure_ascii=False)
        return locked(content.encode(), secrets, _place(page))

    @classmethod
    def opened(cls, secrets: Iterable[bytes], page: PageId, sealed: str) -> Self | None:
        """Return what a form carried, None for what none of these secrets opens for this page."""
        try:
            content = unlocked(sealed, secrets, _place(page))
        except CannotOpenError:
            return None
        document = as_object(json.loads(content))
        fields = {name: list(texts(one)) for name, one in as_object(document["fields"]).items()}
        return cls(view=text(document["view"]), fields=fields)


def is_typed() -> bool:
    """Say whether what was sent is a form that somebody wrote in, or carries one."""
    if request.method != "POST":
        return False
    return request.endpoint in _TYPED or bool(request.form.get(HELD))


def held() -> str:
    """Return what a page must carry, sealed, so that nothing of what was sent is lost."""
    if not is_typed():
        return ""
    if request.endpoint not in _TYPED:
        return request.form[HELD]
    fields = {name: values for name, values in request.form.lists() if name != "_csrf"}
    token = (request.view_args or {})["token"]
    late, page = Late(view=request.endpoint, fields=fields), page_id(token)
    visits = current_portal().visits
    return late.sealed(_secrets(visits, visits.kept(request, page)), page)


def carried(page: PageId, visit: Visit) -> Late | None:
    """Return what the form that was sent carries, None for nothing of this reader's."""
    secrets = _secrets(current_portal().visits, visit)
    return Late.opened(secrets, page, request.form.get(HELD, ""))


def _secrets(visits: Visits, visit: Visit | None) -> tuple[bytes, ...]:
    """Return what opens it: the secret of this process, and the reader's own.

    Theirs is left where the portal began anew while a page waited for its code.
    """
    own = () if visit is None or visit.asker is None else (visit.asker.secret,)
    return (visits.secret, *own)


def _place(page: PageId) -> Place:
    return Place(case=page, field=_USE, version=1)
