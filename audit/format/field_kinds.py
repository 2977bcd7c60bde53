"""The kinds of value that a field of an event can have.

>>> from audit.format.vocabulary import no_words
>>> REFERENCE.accepts("PRV-7Q4K-M2XH", no_words), REFERENCE.meaning
(True, 'a reference such as PRV-7Q4K-M2XH')
>>> REFERENCE.accepts("Tam Specimen", no_words)
False
>>> ROLE.accepts("guardian", no_words), ROLE.accepts("guardian", lambda _: frozenset({"guardian"}))
(False, True)
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias, cast

from audit.format.entry import MAX_INTEGER
from audit.format.vocabulary import WordList, Words

CALDICOTT_PRINCIPLES: Final = 8
"""How many Caldicott Principles there are, since 2020."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of value: its name, what it must be in plain words, and the test itself.

    The test is given the words of the lists that others keep.
    """

    name: str
    meaning: str
    accepts: Callable[[object, Words], bool]


def _matching(name: str, meaning: str, pattern: str) -> Kind:
    whole = re.compile(pattern, re.ASCII)

    def accepts(value: object, _: Words) -> bool:
        return isinstance(value, str) and whole.fullmatch(value) is not None

    return Kind(name=name, meaning=meaning, accepts=accepts)


def _one_of(name: str, words: Iterable[str]) -> Kind:
    known = frozenset(words)

    def accepts(value: object, _: Words) -> bool:
        return isinstance(value, str) and value in known

    return Kind(name=name, meaning="one of " + ", ".join(sorted(known)), accepts=accepts)


def _word_of(name: str, list_: WordList) -> Kind:
    def accepts(value: object, words: Words) -> bool:
        return isinstance(value, str) and value in words(list_)

    return Kind(name=name, meaning=f"a word of the list {list_}", accepts=accepts)


def _list_of(name: str, meaning: str, accepts_member: Callable[[object, Words], bool]) -> Kind:
    def accepts(value: object, words: Words) -> bool:
        return isinstance(value, (list, tuple)) and all(
            accepts_member(member, words) for member in cast("tuple[object, ...]", value)
        )

    return Kind(name=name, meaning=meaning, accepts=accepts)


def _is_principle(value: object, _: Words) -> bool:
    return type(value) is int and 1 <= value <= CALDICOTT_PRINCIPLES


def _is_count(value: object, _: Words) -> bool:
    return type(value) is int and 0 <= value <= MAX_INTEGER


COUNT: Final = Kind(name="count", meaning="a whole number from 0 to 2^53 - 1", accepts=_is_count)
EVENT_ID: Final = _matching(
    "event id",
    "a UUID of version 7 in small letters",
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
)
REFERENCE: Final = _matching(
    "reference",
    "a reference such as PRV-7Q4K-M2XH",
    r"[A-Z]{2,5}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}",
)
BY: Final = _matching("opaque id", "1 to 64 of a-z, 0-9 and -", r"[a-z0-9-]{1,64}")
HASH: Final = _matching("sha256", "64 hexadecimal digits in small letters", r"[0-9a-f]{64}")
RULEBOOK: Final = _matching(
    "rulebook", "sha256: and 64 hexadecimal digits in small letters", r"sha256:[0-9a-f]{64}"
)
VERSION: Final = _matching("version", "1 to 64 of a-z, 0-9, ., _, / and -", r"[a-z0-9._/-]{1,64}")
WORD: Final = _one_of("reason of erasure", ("retention", "request", "order", "error"))
DAY: Final = _matching(
    "day", "a day such as 2026-03-16", r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
)
ORIGIN: Final = _matching(
    "origin",
    "a host and path without scheme, such as broker.example/ledger",
    r"[a-z0-9.-]{1,100}(/[a-z0-9._-]{1,60}){0,4}",
)
KEY_ID: Final = _matching(
    "key id", "a thumbprint: 43 characters of base64url", r"[A-Za-z0-9_-]{43}"
)
VKEY: Final = _matching(
    "verifier key",
    "a verifier key of C2SP signed-note",
    r"[a-z0-9./_-]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{1,80}={0,2}",
)
DIRECTORY_CHANGE: Final = _one_of(
    "change of the directory", ("added", "changed", "verified", "retired")
)
ROW: Final = _matching(
    "row",
    "a table and a key such as mailbox/northshire-prevent",
    r"[a-z_]{1,40}(/[A-Za-z0-9*._:=-]{1,128}){1,4}",
)
PERSON_CHANGE: Final = _one_of(
    "change of a person", ("added", "bound", "changed", "disabled", "enabled")
)
INVITATION_USE: Final = _one_of("use of an invitation", ("first", "recovery"))
ACCOUNT_CHANGE: Final = _one_of(
    "change of an account", ("opened", "recovered", "address", "password", "signed-out")
)
CLIENT_CHANGE: Final = _one_of(
    "change of a client", ("registered", "disabled", "enabled", "webhook-set", "webhook-ended")
)
CLIENT_KEY_CHANGE: Final = _one_of("change of a client key", ("added", "confirmed", "removed"))
KEY_PURPOSE: Final = _one_of("purpose of a key", ("ledger", "token", "registry", "policy"))
_STORE: Final = _one_of("store", ("checkpoints", "database", "keystore"))
STORES: Final = _list_of("store list", "a list of checkpoints, database, keystore", _STORE.accepts)
KEY_END: Final = _one_of("end of a key", ("compromised", "rotated"))
OUTCOME: Final = _word_of("outcome", WordList.OUTCOMES)
PURPOSE: Final = _word_of("purpose", WordList.PURPOSES)
VERDICT: Final = _one_of("verdict", ("approve", "approve-reduced", "refuse"))
CAUSE: Final = _one_of("cause", ("emergency", "override", "sample"))
LOOK_BACK: Final = _one_of("look back", ("emergency", "override", "sample", "none"))
READ_CONTENT: Final = _one_of(
    "content",
    (
        "pack",
        "questions",
        "files",
        "opening",
        "export",
        "concern",
        "sealed",
        "earlier",
        "breach",
        "panel-copy",
    ),
)
_ALSO_ADVISED: Final = _one_of("also advised", ("hr", "early-help"))
ADVICE: Final = _one_of(
    "advice", ("refer", "social-care", "early-help", "nothing-more", "tell-me-more")
)
EARLIER_BEFORE: Final = _one_of(
    "reading of earlier concerns", ("opened", "not-shown", "not-waited-for")
)
ALSO_ADVISED: Final = _list_of("also advised", "a list of hr, early-help", _ALSO_ADVISED.accepts)
CARRIED_ON: Final = _one_of("way of carrying on", ("cannot-wait", "against-advice"))
ADVISER: Final = _one_of("adviser", ("ig", "police-lead", "legal"))
CONCERN_END: Final = _one_of("end of a concern", ("sent", "left", "taken-on"))
ENTRANCE: Final = _one_of("entrance", ("cli", "api", "page", "portal"))
OPINION: Final = _one_of("opinion", ("concur", "dissent"))
COURIER: Final = _one_of("courier", ("pickup", "smtp", "portal"))
CHASE_STEP: Final = _one_of(
    "what is late",
    (
        "no-call",
        "not-opened",
        "not-delivered",
        "not-deleted",
        "duty-owner",
        "duty-lead",
        "duty-guardian",
    ),
)
HAND_WAY: Final = _one_of(
    "way by hand", ("cjsm", "egress", "in-person", "nhsmail-secure", "other")
)
TLS: Final = _one_of("tls", ("none", "TLSv1.2", "TLSv1.3"))
RETURN_REASON: Final = _one_of(
    "reason of a return", ("too-broad", "unclear", "no-purpose", "wrong-body")
)
DAY_SETTER: Final = _one_of("function that sets a day", ("chair", "coordinator"))
EXTENSION_STEP: Final = _one_of("step of an extension", ("asked", "granted", "declined"))
ANSWER: Final = _one_of("answer", ("full", "part", "nil", "cannot-say", "declined", "referred"))
ANSWER_ROUTE: Final = _one_of("route of an answer", ("account", "page"))
LATENESS: Final = _one_of("lateness", ("due-soon", "late", "later"))
ASKED_AS: Final = _one_of(
    "part in a meeting", ("chair", "member", "referrer", "invitee", "delegate")
)
ATTENDS: Final = _one_of("attendance", ("asked", "coming", "apologies", "present", "absent"))
WRONG_WITH_SHARING: Final = _one_of(
    "what is wrong with sharing", ("refused", "late", "too-little", "too-broad")
)
SHARING_OUTCOME: Final = _one_of(
    "outcome of a concern about sharing",
    ("answer-stands", "answered-anew", "asked-anew", "withdrawn"),
)
WHAT_CHANGED: Final = _one_of(
    "what has changed",
    (
        "moved",
        "new-concern",
        "support-ended",
        "capacity-or-age",
        "agreement",
        "contact-with-a-body",
        "death",
        "other",
    ),
)
REGIONAL_NOTICE: Final = _one_of(
    "kind of a regional notice",
    ("panel-referral", "our-intervention", "staff-to-hr", "live-investigation"),
)
PROPOSAL_STEP: Final = _one_of("step of a proposal", ("open", "taken", "withdrawn"))
REVIEW_TRIGGER: Final = _one_of(
    "trigger of a review",
    ("yearly", "duty-guidance", "channel-guidance", "nhs-guidance", "law", "incident"),
)
TRIAL_END: Final = _one_of("end of a test letter", ("opened", "failed"))
SEALED_AS: Final = _one_of("form of a sealed document", ("pdf", "word", "zip"))
RETRACTION_ANSWER: Final = _one_of("answer to a call back", ("deleted", "kept", "never-had-it"))
BREACH_KIND: Final = _one_of("kind of a breach record", ("breach", "near-miss"))
BREACH_CAUSE: Final = _one_of(
    "cause of a breach",
    (
        "wrong-recipient",
        "wrong-person",
        "wrong-content",
        "opened-by-another",
        "not-delivered",
        "other",
    ),
)
BREACH_STEP: Final = _one_of(
    "step of a breach record",
    ("certain", "contained", "risk", "regulator", "person", "lesson"),
)
BREACH_CHOICE: Final = _one_of(
    "choice in a breach record",
    (
        "breach",
        "near-miss",
        "none",
        "risk",
        "high",
        "reported",
        "not-reported",
        "told",
        "not-told",
    ),
)
BREACH_LATENESS: Final = _one_of(
    "what is late about a breach",
    ("uncertain", "report-soon", "report-late", "report-later", "person-late", "not-closed"),
)
AGAIN: Final = _one_of("again", ("no", "yes"))
ORIGINALS: Final = _one_of("what becomes of files as they were sent", ("taken",))
TOLD: Final = _one_of("what was told", ("code",))
PAGE_FORM: Final = _one_of("form of a page", ("open", "sealed"))
ROLE: Final = _word_of("role", WordList.ROLES)
CREDENTIAL: Final = _matching(
    "token id", "16 to 64 of A-Z, a-z, 0-9, _ and -", r"[A-Za-z0-9_-]{16,64}"
)
OBLIGATION: Final = _word_of("obligation", WordList.OBLIGATIONS)
AGREEMENT_KIND: Final = _one_of("agreement kind", ("told", "share", "support"))
CASE_KIND: Final = _word_of("case kind", WordList.CASE_KINDS)
EARLIER_CALL: Final = _one_of("call of an earlier concern", ("another", "same"))
STAGE: Final = _word_of("stage", WordList.STAGES)
CASE_LINK: Final = _word_of("case link", WordList.CASE_LINKS)
CASE_END: Final = _word_of("case end", WordList.CASE_ENDS)
PRINCIPLES: Final = _list_of(
    "principles",
    f"a list of numbers of Caldicott Principles, 1 to {CALDICOTT_PRINCIPLES}",
    _is_principle,
)

# What mypy knows of a field, and the kind that says more.
Origin: TypeAlias = Annotated[str, ORIGIN]
RulebookId: TypeAlias = Annotated[str, RULEBOOK]
Version: TypeAlias = Annotated[str, VERSION]
OpaqueId: TypeAlias = Annotated[str, BY]
Day: TypeAlias = Annotated[str, DAY]
KeyPurpose: TypeAlias = Annotated[str, KEY_PURPOSE]
KeyId: TypeAlias = Annotated[str, KEY_ID]
VerifierKeyText: TypeAlias = Annotated[str, VKEY]
StoreList: TypeAlias = Annotated[Sequence[str], STORES]
KeyEnd: TypeAlias = Annotated[str, KEY_END]
Reference: TypeAlias = Annotated[str, REFERENCE]
Sha256: TypeAlias = Annotated[str, HASH]
Count: TypeAlias = Annotated[int, COUNT]
Outcome: TypeAlias = Annotated[str, OUTCOME]
Purpose: TypeAlias = Annotated[str, PURPOSE]
GuardianVerdict: TypeAlias = Annotated[str, VERDICT]
Principles: TypeAlias = Annotated[Sequence[int], PRINCIPLES]
Cause: TypeAlias = Annotated[str, CAUSE]
LookBack: TypeAlias = Annotated[str, LOOK_BACK]
ReadContent: TypeAlias = Annotated[str, READ_CONTENT]
EntranceName: TypeAlias = Annotated[str, ENTRANCE]
Advice: TypeAlias = Annotated[str, ADVICE]
EarlierBefore: TypeAlias = Annotated[str, EARLIER_BEFORE]
AlsoAdvised: TypeAlias = Annotated[Sequence[str], ALSO_ADVISED]
CarriedOn: TypeAlias = Annotated[str, CARRIED_ON]
AdviserWord: TypeAlias = Annotated[str, ADVISER]
ConcernEnd: TypeAlias = Annotated[str, CONCERN_END]
OpinionWord: TypeAlias = Annotated[str, OPINION]
Obligation: TypeAlias = Annotated[str, OBLIGATION]
CourierName: TypeAlias = Annotated[str, COURIER]
TlsVersion: TypeAlias = Annotated[str, TLS]
HandWay: TypeAlias = Annotated[str, HAND_WAY]
ChaseStep: TypeAlias = Annotated[str, CHASE_STEP]
ReturnReason: TypeAlias = Annotated[str, RETURN_REASON]
DaySetter: TypeAlias = Annotated[str, DAY_SETTER]
ExtensionStep: TypeAlias = Annotated[str, EXTENSION_STEP]
AnswerWord: TypeAlias = Annotated[str, ANSWER]
AnswerRoute: TypeAlias = Annotated[str, ANSWER_ROUTE]
LatenessStep: TypeAlias = Annotated[str, LATENESS]
AskedAs: TypeAlias = Annotated[str, ASKED_AS]
Attends: TypeAlias = Annotated[str, ATTENDS]
WrongWithSharing: TypeAlias = Annotated[str, WRONG_WITH_SHARING]
SharingOutcome: TypeAlias = Annotated[str, SHARING_OUTCOME]
WhatChanged: TypeAlias = Annotated[str, WHAT_CHANGED]
RegionalNotice: TypeAlias = Annotated[str, REGIONAL_NOTICE]
ProposalStep: TypeAlias = Annotated[str, PROPOSAL_STEP]
ReviewTrigger: TypeAlias = Annotated[str, REVIEW_TRIGGER]
TrialEndWord: TypeAlias = Annotated[str, TRIAL_END]
SealedAsWord: TypeAlias = Annotated[str, SEALED_AS]
RetractionAnswerWord: TypeAlias = Annotated[str, RETRACTION_ANSWER]
BreachKind: TypeAlias = Annotated[str, BREACH_KIND]
BreachCause: TypeAlias = Annotated[str, BREACH_CAUSE]
BreachStepName: TypeAlias = Annotated[str, BREACH_STEP]
BreachChoice: TypeAlias = Annotated[str, BREACH_CHOICE]
BreachLateness: TypeAlias = Annotated[str, BREACH_LATENESS]
Again: TypeAlias = Annotated[str, AGAIN]
Originals: TypeAlias = Annotated[str, ORIGINALS]
Told: TypeAlias = Annotated[str, TOLD]
PageForm: TypeAlias = Annotated[str, PAGE_FORM]
ErasureReason: TypeAlias = Annotated[str, WORD]
DirectoryChange: TypeAlias = Annotated[str, DIRECTORY_CHANGE]
PersonChange: TypeAlias = Annotated[str, PERSON_CHANGE]
InvitationUse: TypeAlias = Annotated[str, INVITATION_USE]
AccountChange: TypeAlias = Annotated[str, ACCOUNT_CHANGE]
ClientChange: TypeAlias = Annotated[str, CLIENT_CHANGE]
ClientKeyChange: TypeAlias = Annotated[str, CLIENT_KEY_CHANGE]
RowName: TypeAlias = Annotated[str, ROW]
RoleName: TypeAlias = Annotated[str, ROLE]
TokenId: TypeAlias = Annotated[str, CREDENTIAL]
AgreementKind: TypeAlias = Annotated[str, AGREEMENT_KIND]
CaseKind: TypeAlias = Annotated[str, CASE_KIND]
Stage: TypeAlias = Annotated[str, STAGE]
CaseLink: TypeAlias = Annotated[str, CASE_LINK]
CaseEnd: TypeAlias = Annotated[str, CASE_END]
EarlierCall: TypeAlias = Annotated[str, EARLIER_CALL]
