"""What each alarm tells the operator, and what to do so that it falls silent.

`broker.alarms` finds out which of them stand.
"""

from collections.abc import Mapping

from broker.condition import READINGS_OVER_LIMIT
from broker.ledger import faults

NOBODY_DECIDES = "nobody-decides"

KNOWN: Mapping[str, tuple[str, str]] = {
    **{fault.value: told for fault, told in faults.KNOWN.items()},
    "database-damaged": (
        "THE DATABASE IS DAMAGED",
        "stop the broker, copy BROKER_HOME away as it is, then restore the newest backup",
    ),
    "no-room": ("less than a twentieth of the disk is free", "make room"),
    "pickup-unwritable": (
        "the pickup folder is missing or cannot be written",
        "make it, for this user alone (mode 700)",
    ),
    "mail-not-collected": (
        "messages and notices lie in the pickup folder for more than a day, and nobody gets them",
        "have the mail system send what lies there and move it away (docs/installing.md)",
    ),
    "delivery-late": (
        "a step has been due for more than 15 minutes",
        "does broker serve run? Look for step-failed in its log",
    ),
    "no-rounds": (
        "broker serve made no round for more than a minute, so nothing is sealed or sent",
        "start it, or look for dispatch-paused in its log",
    ),
    "heads-unsigned": (
        "the newest entry of the ledger has stood without a signed head for more than a minute",
        "run broker check; if it stays, stop serving and run broker ledger verify",
    ),
    "clock-doubted": (
        "the clock is far from the ledger's last moment, so nothing is destroyed",
        "broker clock show",
    ),
    "another-user": (
        "BROKER_HOME belongs to another user",
        "run every command as that one, which cannot use what you make here",
    ),
    "files-unreadable": (
        "the process that reads attached files does not start",
        "packs with files are refused, all others go; look at the machine's walls in broker check",
    ),
    "loose-modes": (
        "others can use files of the broker",
        "chmod -R go-rwx BROKER_HOME, and chown",
    ),
    "rules-end": ("the rules in force end soon, or have ended", "broker policy activate"),
    "log-lines-lost": (
        "log lines could not be written",
        "give the log room, then start broker serve again",
    ),
    "words-not-taken": (
        "machines have taken no word of what happened for a day; it is kept and tried each hour",
        "webhook-failed in the log names each client; ask whoever runs it",
    ),
    "no-call-yet": (
        "disclosures were sent a day ago, and nobody has told their passphrase",
        "ask who sent them to ring the recipients; broker check names them",
    ),
    "undelivered": (
        "disclosures were not taken, or nobody knows whether they were; none is sent by itself",
        "broker check names them; their senders ring, then: broker arrived, resend, or recall",
    ),
    "scanner-silent": (
        "the check for malware gives no verdict, so no pack with files leaves",
        "start clamd, or freshclam where its signatures are old; look at BROKER_CLAMD",
    ),
    "malware-found": (
        "THE CHECK FOR MALWARE FOUND SOMETHING in a file just before it would have left",
        "broker check names what is stuck: its sender recalls it and tells their own IT",
    ),
    "relay-not-ready": (
        "the mail relay does not take us on",
        "broker check says what is wrong; look at the BROKER_SMTP settings and at the relay",
    ),
    "relay-not-private": (
        "THE MAIL RELAY CANNOT PROVE ITS NAME, so nothing is given to it",
        "look at its certificate and at BROKER_SMTP_HOST; it is tried again by itself",
    ),
    "stuck": (
        "a step fails again and again",
        "broker check names the disclosures; look for step-failed in the log",
    ),
    "duties-overdue": (
        "what was owed after release is past its day and not done",
        "ask the bodies named by broker status; each duty closes when it is done",
    ),
    "breach-late": (
        "A BREACH RECORD IS LATE: its 72 hours, or what must be found out before them",
        "broker breach list names it; its Guardian and information governance write it",
    ),
    "integrity-failed": (
        "STORED CONTENT DID NOT OPEN: it was altered, moved, or brought from elsewhere",
        "run broker ledger verify, compare with the newest backup, restore what differs",
    ),
    "ledger-disagrees": (
        "A ROW SAID OTHERWISE THAN THE LEDGER, and was not believed",
        "run broker ledger verify, and look who can write to the database",
    ),
    "rows-disagree": (
        "ROWS OF THE DATABASE SAY OTHERWISE THAN THE LEDGER, and nothing rests on them",
        "broker check names them: put them right, and look who can write to the database",
    ),
    "recipient-changed": (
        "a recipient's address or number was another than the one decided on; nothing was sent",
        "ask the keeper of the directory whether they changed it",
    ),
    "ledger-grew": (
        "THE LEDGER GREW WITHOUT THIS BROKER; nothing is decided or sent on it",
        "run broker ledger verify and follow docs/operating.md",
    ),
    "ledger-broken": (
        "THE LEDGER DOES NOT HOLD: entries were changed or lost",
        "stop serving, run broker ledger verify and follow docs/operating.md",
    ),
    READINGS_OVER_LIMIT: (
        "somebody was given content more often today than is usual",
        "ask the auditor: broker ledger show and broker review readers name who read what",
    ),
    NOBODY_DECIDES: (
        "a body that sends has no Guardian and no deputy, so nobody can decide what is referred",
        "its administrators give the role to two people: broker people grant PERSON guardian",
    ),
    "limits-reached": (
        "somebody used up an hour's failing or creating calls",
        "look for limit-reached and 4xx in the log; it ends within the hour",
    ),
    "limits-unavailable": (
        "calls are not counted, so that nobody is held up and nobody limited",
        "stop the broker, delete BROKER_HOME/limits.db, start it",
    ),
}
"""What each alarm tells, and what to do so that it falls silent."""
