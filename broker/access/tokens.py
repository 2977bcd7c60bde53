"""Bearer tokens of the broker: their terms, who gets one, and whom one speaks for."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from audit.errors import LedgerError
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.people.errors import AccountExistsError
from broker.domain.roles import Role
from broker.domain.times import Clock
from broker.ledger import events
from broker.storage.transaction import Transactions
from keys import (
    ExpectedClaims,
    Purpose,
    TokenClaims,
    TokenFault,
    TokenRefusedError,
    check_form,
    issue,
    verify_token,
)

TERMS = ExpectedClaims(issuer="disclosure-broker", audience="disclosure-broker/api")
"""Between whom a token of daily work counts."""

RESTORE_TERMS = ExpectedClaims(issuer="disclosure-broker", audience="disclosure-broker/restore")
"""Between whom a token of a restore ceremony counts."""

TOKEN_LIFE = timedelta(minutes=15)
"""How long a token counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Issues bearer tokens and reads them."""

    transaction: Transactions
    clock: Clock

    def verify(self, token: str, terms: ExpectedClaims = TERMS) -> Person:
        """Return whom a bearer token speaks for, or raise `TokenRefusedError`."""
        # Whatever is no token of ours is refused before the keystore is opened for it.
        check_form(token)
        keys = self.transaction.keystore.public_keys(Purpose.TOKEN)
        claims = verify_token(token, keys, terms=terms, now=self.clock())
        try:
            role = Role(claims.role)
        except ValueError as error:
            raise TokenRefusedError(TokenFault.HOLDER) from error
        return Person(id=claims.person, agency=claims.agency, role=role)

    def _refuse_ended(self, person: Person) -> None:
        """Raise `TokenRefusedError` for somebody who was disabled, or signs in by now.

        While the ledger is at fault nobody can tell, and the token counts for its 15 minutes: for
        states, since nothing is opened or done then.
        """
        with (
            suppress(LedgerError),
            self.transaction.database.reading(brief=True) as connection,
        ):
            tx = self.transaction.on(connection)
            found = tx.people.find(person.id)
            if found is None:
                return
            if found.disabled_on is not None or tx.accounts.of_person(person.id) is not None:
                raise TokenRefusedError(TokenFault.HOLDER)

    def require(self, token: str, roles: Collection[Role]) -> Person:
        """Return whom a bearer token speaks for, if they have one of `roles`.

        Raises as `verify`, and `NotAllowedError` for another role.
        """
        person = self.verify(token)
        self._refuse_ended(person)
        refuse_other_role(person, roles)
        return person

    def issue(self, person: Person, *, by: str) -> str:
        """Return a bearer token of 15 minutes, after recording whom it speaks for.

        The ledger holds the token's SHA-256, so that a token that is found can be matched. Raises
        `AccountExistsError` for a person who has an account: they sign in.
        """
        token = self.signed(person, TERMS)
        with self.transaction() as tx:
            if tx.accounts.of_person(person.id) is not None:
                raise AccountExistsError
            tx.append(events.token_issued(person, token, TOKEN_LIFE, by))
        return token

    def signed(self, person: Person, terms: ExpectedClaims) -> str:
        """Return a bearer token of 15 minutes; whoever asks for it records it."""
        signer = self.transaction.keystore.signing_key(Purpose.TOKEN)
        claims = TokenClaims(person=person.id, agency=person.agency, role=person.role.value)
        return issue(signer, claims, terms=terms, now=self.clock(), lifetime=TOKEN_LIFE)


def refuse_other_role(person: Person, roles: Collection[Role]) -> None:
    """Return if a person acts in one of `roles`; raises `NotAllowedError`."""
    if person.role not in roles:
        raise NotAllowedError("Your role may not do this. Ask the person whose task it is.")
