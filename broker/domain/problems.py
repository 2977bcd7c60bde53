"""What an error is to a caller: status, word and title, for every way in alike.

The table goes by the names of errors, so that it knows no wing; a test holds each name true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of problem: its status, its name in `type`, its title in plain words."""

    status: HTTPStatus
    slug: str
    title: str


def _problem(status: HTTPStatus, slug: str, title: str) -> Problem:
    return Problem(status=status, slug=slug, title=title)


LEDGER_AT_FAULT: Final = "ledger-at-fault"
"""What an error is while the ledger cannot be relied on."""

PROBLEMS: Mapping[str, Problem] = {
    "FaultyDocumentError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "faulty-document", "The document has faults"
    ),
    "AttachmentRefusedError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "attachment-refused", "An attachment cannot go along"
    ),
    "PackTooLargeError": _problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "pack-too-large", "The pack is too large to be sealed"
    ),
    "SandboxBusyError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "files-busy", "Too many files are being checked now"
    ),
    "SandboxUnavailableError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "files-unavailable", "No file can be checked now"
    ),
    "UnknownMailboxError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-contact", "The directory holds no such entry"
    ),
    "UnknownRecipientError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unknown-recipient",
        "The recipient is not in the directory",
    ),
    "UnknownReferenceError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-reference", "There is no such disclosure"
    ),
    "UnknownCaseError": _problem(HTTPStatus.NOT_FOUND, "unknown-case", "There is no such case"),
    "UnknownCopyError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-request", "There is no such request"
    ),
    "UnknownSharingConcernError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-sharing-concern", "There is no such concern about sharing"
    ),
    "NotProposedError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-notice", "There is no such notice to decide"
    ),
    "UnknownMeetingError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-meeting", "There is no such meeting"
    ),
    "CannotBeBuiltError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "cannot-be-built",
        "The panel cannot read this as it stands",
    ),
    "CopyClosedError": _problem(HTTPStatus.CONFLICT, "copy-closed", "Your copy does not open now"),
    "CannotBeIssuedError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "cannot-be-issued", "This cannot be asked as it stands"
    ),
    "CannotBeSharedError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "cannot-be-shared", "This cannot be shared as it stands"
    ),
    "OtherPersonError": _problem(
        HTTPStatus.CONFLICT, "other-person", "They may ask about somebody else"
    ),
    "NotOfThatBodyError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "not-of-that-body", "It cannot be passed to them"
    ),
    "UnknownBreachError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-breach", "There is no such breach record"
    ),
    "UnknownDraftError": _problem(HTTPStatus.NOT_FOUND, "unknown-draft", "There is no such draft"),
    "DraftChangedError": _problem(
        HTTPStatus.CONFLICT, "draft-changed", "This was changed in another window"
    ),
    "DraftRefusedError": _problem(
        HTTPStatus.CONFLICT, "draft-refused", "This draft is not what was saved"
    ),
    "NotAllowedError": _problem(HTTPStatus.FORBIDDEN, "not-allowed", "You may not do this"),
    "SomeoneElseChecksError": _problem(
        HTTPStatus.FORBIDDEN, "someone-else-checks", "Someone else must check this"
    ),
    "AnsweredAlreadyError": _problem(
        HTTPStatus.CONFLICT, "answered-already", "This was answered already"
    ),
    "WrongStateError": _problem(HTTPStatus.CONFLICT, "wrong-state", "That cannot be done now"),
    "RecipientChangedError": _problem(
        HTTPStatus.CONFLICT, "recipient-changed", "The recipient is not the one decided on"
    ),
    "LedgerDisagreesError": _problem(
        HTTPStatus.CONFLICT, "ledger-disagrees", "Database and ledger do not say the same"
    ),
    "RowDisagreesError": _problem(
        HTTPStatus.CONFLICT, "row-disagrees", "A row of the database is not as the ledger says"
    ),
    "ReasonNeededError": _problem(HTTPStatus.CONFLICT, "reason-needed", "Give a reason"),
    "KeyReusedError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", "The Idempotency-Key was used before"
    ),
    "KeyMissingError": _problem(
        HTTPStatus.PRECONDITION_REQUIRED, "key-missing", "Send an Idempotency-Key"
    ),
    "StoreUnavailableError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The broker cannot take this now"
    ),
    "TooManyCallsError": _problem(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-calls", "Too many calls within an hour"
    ),
    "OverloadedError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "overloaded", "The broker has too much to do now"
    ),
    "RequestShapeError": _problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "request-shape", "The request is not of the right form"
    ),
    "RequestTooLargeError": _problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request-too-large", "The request is too long"
    ),
    "FilesTooLargeError": _problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "files-too-large", "The files are too large"
    ),
    "StalePageError": _problem(
        HTTPStatus.FORBIDDEN, "stale-page", "That page cannot be sent any more"
    ),
    "QueryError": _problem(HTTPStatus.BAD_REQUEST, "query", "A parameter is not as it must be"),
    "RulesUnavailableError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "rules-unavailable", "No rules may judge now"
    ),
    "LengthMissingError": _problem(
        HTTPStatus.LENGTH_REQUIRED, "length-missing", "Say how long the request is"
    ),
    "WrongHostError": _problem(
        HTTPStatus.MISDIRECTED_REQUEST, "wrong-host", "This name is not served here"
    ),
    "OldProtocolError": _problem(
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "old-protocol", "HTTP/1.0 is not spoken here"
    ),
    "EncodedBodyError": _problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "encoded-body", "The body must not be encoded"
    ),
    "UnknownAdviceError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-advice", "There is no such advice of yours"
    ),
    "UnknownPersonError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-person", "There is no such person or role"
    ),
    "SignInRefusedError": _problem(
        HTTPStatus.UNAUTHORIZED, "sign-in-refused", "That did not match"
    ),
    "ElsewhereRefusedError": _problem(
        HTTPStatus.BAD_REQUEST, "elsewhere-refused", "That sign-in does not count here"
    ),
    "WeakElsewhereError": _problem(
        HTTPStatus.FORBIDDEN, "elsewhere-too-weak", "Show more, and show it now"
    ),
    "UnknownElsewhereError": _problem(
        HTTPStatus.FORBIDDEN, "elsewhere-unknown", "That account is nobody's here"
    ),
    "ElsewhereAwayError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "elsewhere-away", "Your sign-in does not answer"
    ),
    "TooManyTriesError": _problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-tries", "Wait"),
    "InvitationSpentError": _problem(
        HTTPStatus.GONE, "invitation-spent", "This link does not count any more"
    ),
    "NotSignedInError": _problem(HTTPStatus.UNAUTHORIZED, "not-signed-in", "Sign in again"),
    "RoleNotChosenError": _problem(HTTPStatus.CONFLICT, "role-not-chosen", "Choose a role"),
    "StepUpNeededError": _problem(
        HTTPStatus.FORBIDDEN, "step-up-needed", "A fresh code is needed"
    ),
    "WeakPasswordError": _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "weak-password", "Choose another password"
    ),
    "RowDoubtedError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "row-doubted", "The database was changed past the broker"
    ),
    "TokenRefusedError": _problem(
        HTTPStatus.UNAUTHORIZED, "token-refused", "The token was not accepted"
    ),
    "UnknownClientError": _problem(
        HTTPStatus.NOT_FOUND, "unknown-client", "There is no such client or key"
    ),
    "TokenFormError": _problem(
        HTTPStatus.BAD_REQUEST, "token-form", "The request for a token is not of the right form"
    ),
    "GrantTypeError": _problem(
        HTTPStatus.BAD_REQUEST, "grant-type", "There is no such grant here"
    ),
    "ScopeRefusedError": _problem(
        HTTPStatus.BAD_REQUEST, "scope-refused", "The client may not have this role, or person"
    ),
    "HoldingUnprovedError": _problem(
        HTTPStatus.BAD_REQUEST, "proof-refused", "The DPoP proof was not accepted"
    ),
    "ReplaysUnavailableError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "proofs-unavailable", "No machine can be let in now"
    ),
    "UnknownKeyError": _problem(HTTPStatus.GONE, "erased", "The content of this case was erased"),
    "CannotOpenError": _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "integrity", "Stored content is not as it was written"
    ),
    "KeyManagementError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "keys-unavailable", "The keys cannot be used now"
    ),
    "LedgerError": _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "ledger-unavailable", "The ledger cannot be written"
    ),
    **dict.fromkeys(
        (
            "LedgerAtFaultError",
            "ForeignGrowthError",
            "ForeignRowsError",
            "RollbackError",
            "BrokenLedgerError",
        ),
        _problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            LEDGER_AT_FAULT,
            "The ledger is at fault: nothing is decided, sent, told or opened",
        ),
    ),
    "BrokerError": _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "The broker made a mistake"
    ),
}
"""Every error that can reach a caller; the nearest ancestor in this table answers."""

FAULT: Final = PROBLEMS["BrokerError"]
"""What an error is that nobody foresaw."""

FOR_OPERATORS: Final = frozenset({"KeystoreError", "LedgerError", "StoreFaultError"})
"""Errors, with all below them, whose words name paths or evidence: not for the caller."""

AT_FAULT: Final = (
    "The ledger is at fault, so nothing is decided, sent, told, destroyed or opened until the "
    "operators have put it right: tell them now. What was sent before stays sent. Use the "
    "telephone procedure, in an emergency ring 999."
)
"""What everybody but the operators is told of a ledger that does not hold."""

TRY_AGAIN: Final = (
    "This may not have been done. Try again in a minute with the same Idempotency-Key, by which "
    "nothing is done twice, and tell the operator the request_id; in an emergency ring 999 and "
    "use the telephone procedure."
)


def problem_of(error: Exception) -> Problem:
    """Return the problem of an error: its own entry, or that of its nearest ancestor."""
    return next((PROBLEMS[name] for name in _names(error) if name in PROBLEMS), FAULT)


def detail_of(error: Exception) -> str:
    """Return what the caller is told of an error: its own words, unless they are for operators."""
    if problem_of(error).slug == LEDGER_AT_FAULT:
        return AT_FAULT
    return TRY_AGAIN if FOR_OPERATORS.intersection(_names(error)) else str(error)


def _names(error: Exception) -> list[str]:
    return [kind.__name__ for kind in type(error).__mro__]
