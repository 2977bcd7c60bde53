"""The terms of the broker's own bearer tokens."""

from datetime import timedelta

from keys import ExpectedClaims

TERMS = ExpectedClaims(issuer="disclosure-broker", audience="disclosure-broker/api")


RESTORE_TERMS = ExpectedClaims(issuer="disclosure-broker", audience="disclosure-broker/restore")


TOKEN_LIFE = timedelta(minutes=15)
