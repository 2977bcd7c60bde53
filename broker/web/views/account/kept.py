"""The page of one's own account: its passkeys, a new one, one that goes."""

import hashlib

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from broker.access.passkeys import Passkeys
from broker.domain.people.accounts import Passkey
from broker.domain.people.errors import SignInRefusedError, StepUpNeededError
from broker.environment.openid import host_of
from broker.web import access
from broker.web.site import current_site, see_other
from broker.web.views.account.asking import Answer, Asking, problem
from broker.web.views.answers import show
from broker.web.views.step_up import code_first, code_page, spend_code
from broker.web.visitors import visitor

kept = Blueprint("account", __name__)

_HOME = "/account"
_SHOWN = 8
_NEW = Asking(
    title="Make a passkey",
    use="create",
    action="/account/passkeys/new",
    button="Make a passkey on this device",
    instead=_HOME,
    instead_words="Go back to your account",
)


@kept.get("/account")
@access.signed_in
def account_page() -> Response:
    """Show how whoever is signed in gets in."""
    named = [_named(passkey) for passkey in _passkeys().listed(visitor().token)]
    elsewhere = current_site().services.access.elsewhere
    return show(
        "account/account.html",
        title="Your account",
        back="/start",
        passkeys=named,
        provider=None if elsewhere is None else host_of(elsewhere.provider.settings.issuer),
        is_joined=elsewhere is not None and elsewhere.is_linked(visitor().token),
    )


@kept.get("/account/passkeys/new")
@access.signed_in
def new_page() -> Response:
    """Have a browser make a passkey, after a code of this moment."""
    try:
        return _NEW.page(_passkeys().ask_to_add(visitor().token), to=_HOME)
    except StepUpNeededError:
        return code_page("/account/passkeys/new")


@kept.post("/account/passkeys/new")
@access.signed_in
def make() -> Response:
    """Keep the passkey that a device made."""
    try:
        answer = Answer.sent()
        _passkeys().add(visitor().token, answer.name, answer.said)
    except SignInRefusedError:
        return show(
            "account/not_made.html", title=_NEW.title, back=_HOME, problems=(problem(),), new=_NEW
        )
    return see_other(_HOME)


@kept.get("/account/passkeys/<name>/remove")
@access.signed_in
def removal_page(name: str) -> Response:
    """Ask whether a passkey is to go, after a code of this moment."""
    passkey = _find(name)
    return code_first() or show(
        "account/remove.html",
        title="Remove this passkey?",
        back=_HOME,
        passkey=_named(passkey),
    )


@kept.post("/account/passkeys/<name>/remove")
@access.signed_in
def remove(name: str) -> Response:
    """Let a device sign in no more."""
    passkey = _find(name)
    if (to_code := spend_code()) is not None:
        return to_code
    _passkeys().remove(visitor().token, passkey.credential)
    return see_other(_HOME)


def _find(name: str) -> Passkey:
    for passkey in _passkeys().listed(visitor().token):
        if _named(passkey) == name:
            return passkey
    raise NotFound


def _named(passkey: Passkey) -> str:
    """Return by what people tell their passkeys apart; it tells nothing about the device."""
    return hashlib.sha256(passkey.credential).hexdigest()[:_SHOWN]


def _passkeys() -> Passkeys:
    return current_site().services.access.passkeys
