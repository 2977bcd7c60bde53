"""The page on which a browser is asked for a passkey: the one page that needs a script."""

from dataclasses import dataclass

from flask import Response, request

from broker.access.passkeys import Asked
from broker.domain.people.errors import SignInRefusedError
from broker.web.forms.problems import Problem
from broker.web.views.answers import show
from broker.web.visitors import asked_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What one such page says: where its answer goes, and what the browser does with it.

    `use` is `get` for a passkey that there is, `create` for a new one; `instead` is the address of
    the way that works without one, in the words `instead_words`.
    """

    title: str
    use: str
    action: str
    button: str
    instead: str
    instead_words: str

    def page(self, asked: Asked, *, to: str, problems: tuple[Problem, ...] = ()) -> Response:
        """Return the page with a challenge that counts for five minutes."""
        return show(
            "account/passkey.html",
            title=self.title,
            back=self.instead,
            asking=self,
            asked=asked,
            to=asked_for(to),
            problems=problems,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came from such a page: the challenge's name, and what the device said."""

    name: str
    said: str

    @classmethod
    def sent(cls) -> "Answer":
        """Return the answer of this request; raises `SignInRefusedError` without one."""
        name, said = request.form.get("name", ""), request.form.get("answer", "")
        if not name or not said:
            raise SignInRefusedError
        return cls(name=name, said=said)


def problem() -> Problem:
    """Return what is said of an answer that lets nobody in, by how far the browser came."""
    return Problem(field="passkey", message=_WORDS.get(request.form.get("fault", ""), _REFUSED))


_REFUSED = "That passkey was not accepted. Try again, or use the other way"
_WORDS = {
    "no-script": "A passkey needs scripts, and this browser runs none. Use the other way",
    "unsupported": "This browser cannot use passkeys. Use the other way",
    "not-made": "No passkey was used. Try again, or use the other way",
}
