"""Access tokens of machines: what a client shows, what it gets, and what each call must prove.

OAuth 2.0 client credentials (RFC 6749 section 4.4) with private_key_jwt (RFC 7523) and DPoP
(RFC 9449). Whatever is wrong with what a client shows, it reads the same.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from broker.access.machines.origins import TOKEN_PATH, Origins
from broker.access.machines.replays import Replays
from broker.domain.errors import BrokerError
from broker.domain.json_values import as_object
from broker.domain.machines.clients import Client, ClientId, ClientKey
from broker.domain.model import Person
from broker.domain.references import is_identifier
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger import events
from broker.storage.transaction import Transaction, Transactions
from keys import (
    BOUND_LIFE,
    Assertion,
    BoundClaims,
    ExpectedClaims,
    KeyId,
    PersonId,
    PublicJwk,
    Purpose,
    TokenFault,
    TokenRefusedError,
    check_bound_form,
    issue_bound,
    parse_assertion,
    public_jwk,
    verify_bound,
    verify_proof,
)

ASSERTION, PROOF = "assertion", "proof"


class ScopeRefusedError(BrokerError):
    """Raised where a client asks for a role, or for a person, that it is not registered for."""

    def __init__(self) -> None:
        """Say what it may ask for."""
        super().__init__(
            "Ask for one role with which this client was registered, in scope; and for a person "
            "of its body who holds that role, in person, where it may name people."
        )


class HoldingUnprovedError(BrokerError):
    """Raised where the proof that comes with the request for a token does not hold."""

    def __init__(self) -> None:
        """Say what one is made of."""
        super().__init__(
            "Send one DPoP proof with this request, made now, for POST and the address of the "
            "token endpoint, and never used before."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """What a client sends for a token; `scope` is the role, `person` whom it works for.

    `client` is whom it says it is, which it need not say.
    """

    assertion: str
    proof: str
    client: str | None
    scope: str | None
    person: str | None

    @property
    def names(self) -> str:
        """The client that it says it comes from, shown or not; empty where it names none."""
        try:
            return parse_assertion(self.assertion).client
        except TokenRefusedError:
            return self.client or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """An access token, and the role that it is for; it counts for so many seconds."""

    token: str
    role: Role
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineAccess:
    """Gives machines their tokens, and lets in whoever proves to hold the key of one."""

    transaction: Transactions
    replays: Replays
    origins: Origins
    clock: Clock

    @property
    def terms(self) -> ExpectedClaims:
        """Between whom an access token counts."""
        return ExpectedClaims(issuer=self.origins.issuer, audience=self.origins.audience)

    def grant(self, asked: TokenRequest) -> Granted:
        """Return a token for a client that showed who it is, after recording whom it speaks for.

        Raises `TokenRefusedError`, `HoldingUnprovedError`, `ScopeRefusedError`.
        """
        now, assertion = self.clock(), parse_assertion(asked.assertion)
        if asked.client not in {None, assertion.client}:
            raise TokenRefusedError(TokenFault.HOLDER)
        client, key = self._shown(assertion, now)
        bound_to = self._proved(asked.proof, now)
        with self.transaction() as tx:
            person, role = _whom(tx, client, asked, now)
            claims = BoundClaims(
                client=client.itself,
                person=person,
                agency=client.agency,
                role=role.value,
                client_key=key,
                bound_to=bound_to,
            )
            signer = self.transaction.keystore.signing_key(Purpose.TOKEN)
            token = issue_bound(signer, claims, terms=self.terms, now=now)
            speaks_for = Person(id=person, agency=client.agency, role=role)
            tx.append(events.token_issued(speaks_for, token, BOUND_LIFE, client.itself))
        return Granted(token=token, role=role, seconds=int(BOUND_LIFE.total_seconds()))

    def caller(self, token: str, proof: str, *, method: str, path: str) -> Person:
        """Return whom a call speaks for, whose token and proof hold and whose proof is new.

        Raises `TokenRefusedError` for whatever is wrong, a key that was removed since too, and
        `ReplaysUnavailableError`.
        """
        check_bound_form(token)
        now, keys = self.clock(), self.transaction.keystore.public_keys(Purpose.TOKEN)
        claims = verify_bound(token, keys, terms=self.terms, now=now)
        shown = verify_proof(
            proof,
            method=method,
            is_address=self.origins.is_address(path),
            now=now,
            token=token,
        )
        if shown.key != claims.bound_to:
            raise TokenRefusedError(TokenFault.BINDING)
        person = self._still(claims, now)
        self.replays.use(PROOF, shown.key, shown.serial, shown.until)
        return person

    def _shown(self, assertion: Assertion, now: datetime) -> tuple[Client, KeyId]:
        """Return the client whose key signed an assertion, and the key; its serial is used."""
        with self.transaction.database.reading(brief=True) as connection:
            tx = self.transaction.on(connection)
            client, key = _standing(tx, ClientId(assertion.client), assertion.kid)
        keys = {key.id: _public(client, key)}
        shown = assertion.verified(keys, audiences=self.origins.audiences, now=now)
        self.replays.use(ASSERTION, shown.client, shown.serial, shown.until)
        return client, shown.key

    def _proved(self, proof: str, now: datetime) -> KeyId:
        try:
            shown = verify_proof(
                proof, method="POST", is_address=self.origins.is_address(TOKEN_PATH), now=now
            )
            self.replays.use(PROOF, shown.key, shown.serial, shown.until)
        except TokenRefusedError as error:
            raise HoldingUnprovedError from error
        return shown.key

    def _still(self, claims: BoundClaims, now: datetime) -> Person:
        """Return whom a token speaks for, if the client may still do what it could then."""
        with self.transaction.database.reading(brief=True) as connection:
            tx = self.transaction.on(connection)
            client, _ = _standing(tx, ClientId(claims.client), claims.client_key)
            roles = {role.value: role for role in client.roles}
            role = roles.get(claims.role)
            if role is None or client.agency != claims.agency:
                raise TokenRefusedError(TokenFault.HOLDER)
            named = claims.person != client.itself
            if named and not (
                client.names_people and _holds(tx, client, claims.person, role, now)
            ):
                raise TokenRefusedError(TokenFault.HOLDER)
        return Person(id=claims.person, agency=client.agency, role=role, client=client.itself)


def _standing(tx: Transaction, id_: ClientId, kid: KeyId) -> tuple[Client, ClientKey]:
    """Return a client that works and a key of its own that counts; raises `TokenRefusedError`."""
    client, key = tx.clients.find(id_), tx.clients.key(kid)
    if client is None or client.disabled_on is not None:
        raise TokenRefusedError(TokenFault.HOLDER)
    if key is None or key.client != client.id or not key.counts:
        raise TokenRefusedError(TokenFault.KEY)
    return client, key


def _public(client: Client, key: ClientKey) -> PublicJwk:
    return public_jwk(as_object(json.loads(key.jwk)), client.algorithm)


def _whom(
    tx: Transaction, client: Client, asked: TokenRequest, now: datetime
) -> tuple[PersonId, Role]:
    """Return for whom and as what a client may work; raises `ScopeRefusedError`."""
    if asked.scope is None and len(client.roles) == 1:
        (role,) = client.roles
    else:
        found = {one.value: one for one in client.roles}.get(asked.scope or "")
        if found is None:
            raise ScopeRefusedError
        role = found
    if asked.person is None:
        return client.itself, role
    person = PersonId(asked.person)
    if not is_identifier(person):
        raise ScopeRefusedError
    if not client.names_people or not _holds(tx, client, person, role, now):
        raise ScopeRefusedError
    return person, role


def _holds(tx: Transaction, client: Client, person: PersonId, role: Role, now: datetime) -> bool:
    """Say whether somebody may act in a role for the client's body today."""
    return any(
        held.role is role and held.agency == client.agency
        for held in tx.people.roles_on(person, uk_day(now))
    )
