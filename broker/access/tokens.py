"""Bearer tokens of the broker: their terms, who gets one, and whom one speaks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.ledger import events
from broker.storage.transaction import Transactions
from keys import ExpectedClaims, Purpose, TokenClaims, issue, verify_token

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
    clock: Callable[[], datetime]

    def verify(self, token: str, terms: ExpectedClaims = TERMS) -> TokenClaims:
        """Return whom a bearer token speaks for, or raise `TokenRefusedError`."""
        keys = self.transaction.keystore.public_keys(Purpose.TOKEN)
        return verify_token(token, keys, terms=terms, now=self.clock())

    def issue(self, claims: TokenClaims, *, by: str) -> str:
        """Return a bearer token of 15 minutes, after recording whom it speaks for.

        The ledger holds the token's SHA-256, so that a token that is found can be matched.
        """
        signer = self.transaction.keystore.signing_key(Purpose.TOKEN)
        token = issue(signer, claims, terms=TERMS, now=self.clock(), lifetime=TOKEN_LIFE)
        with self.transaction() as tx:
            tx.append(events.token_issued(claims, token, TOKEN_LIFE, by))
        return token
