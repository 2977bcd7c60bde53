"""Everything about who may come in, put together once for the entrances."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broker.access.accounts import AccountRegister
from broker.access.attempts import Attempts, AttemptsInMemory
from broker.access.machines.assembled import Machines, machines_of
from broker.access.passkeys import Passkeys, RelyingParty
from broker.access.passwords import Passwords
from broker.access.sessions import Sessions
from broker.access.sign_in import SignIn
from broker.domain.times import Clock
from broker.environment.openid import OpenIdSettings
from broker.registers.entering.formerly import FormerPeople
from broker.registers.people import PeopleRegister
from broker.settings import Settings
from broker.storage.transaction import Transactions
from keys import IndexPurpose

if TYPE_CHECKING:
    from broker.access.openid.elsewhere import Elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """People, their accounts and their sessions, and machines; bearer tokens stand beside them."""

    people: PeopleRegister
    formerly: FormerPeople
    accounts: AccountRegister
    sessions: Sessions
    sign_in: SignIn
    passkeys: Passkeys
    elsewhere: "Elsewhere | None"
    attempts: Attempts
    machines: Machines


def access_of(transaction: Transactions, settings: Settings, clock: Clock) -> Access:
    """Return the ways in of an installation."""
    keystore = transaction.keystore
    names = keystore.index_key(IndexPurpose.SIGN_IN)
    attempts = AttemptsInMemory(clock=clock)
    passwords = Passwords()
    sessions = Sessions(
        transaction=transaction, clock=clock, idle=timedelta(minutes=settings.session_idle_minutes)
    )
    people = PeopleRegister(transaction=transaction, clock=clock, names=names)
    return Access(
        people=people,
        formerly=FormerPeople(people=people),
        accounts=AccountRegister(
            transaction=transaction,
            clock=clock,
            names=names,
            app_codes=keystore.index_key(IndexPurpose.APP_CODES),
            passwords=passwords,
            sessions=sessions,
        ),
        sessions=sessions,
        sign_in=SignIn(
            transaction=transaction,
            clock=clock,
            names=names,
            passwords=passwords,
            attempts=attempts,
            sessions=sessions,
        ),
        passkeys=Passkeys(
            transaction=transaction,
            clock=clock,
            party=relying_party(settings),
            sessions=sessions,
        ),
        elsewhere=None
        if settings.openid is None
        else _elsewhere(transaction, settings, settings.openid, sessions),
        attempts=attempts,
        machines=machines_of(transaction, settings, clock),
    )


def _elsewhere(
    transaction: Transactions, settings: Settings, openid: OpenIdSettings, sessions: Sessions
) -> "Elsewhere":
    # What speaks to a provider takes a third of a second to load, and few installations have one.
    from broker.access.openid.elsewhere import Elsewhere  # noqa: PLC0415
    from broker.access.openid.provider import Provider  # noqa: PLC0415

    return Elsewhere(
        transaction=transaction,
        clock=sessions.clock,
        names=transaction.keystore.index_key(IndexPurpose.SIGN_IN),
        sessions=sessions,
        provider=Provider(settings=openid),
        origin=relying_party(settings).origins[0],
    )


def relying_party(settings: Settings) -> RelyingParty:
    """Return for whom passkeys sign: the first host behind a proxy, else `localhost`.

    Browsers make none for an address such as 127.0.0.1.
    """
    if settings.behind_proxy and settings.hosts:
        return RelyingParty(
            host=settings.hosts[0].partition(":")[0], origins=(f"https://{settings.hosts[0]}",)
        )
    return RelyingParty(host="localhost", origins=(f"http://localhost:{settings.port}",))
