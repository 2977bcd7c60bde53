"""The `broker` command: parse, call one function, print.

Exit status: 0 done or verified, whatever a decision or verdict says; 1 a fault was found; 2 the
command was misused; 3 what is needed to answer is incomplete. A command is imported when it is
run, and brings with it what it needs.
"""

import os
import sys

import click

from audit.errors import LedgerError, RollbackError
from broker.cli.lazy import LazyGroup
from broker.cli.output import complain, put
from broker.domain.errors import BrokerError, NotInitialisedError, SettingsError
from broker.host_faults import file_trouble
from keys import KeyManagementError
from policies import PolicyError

FAULT, MISUSE, INCOMPLETE = 1, 2, 3


def _tell_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001  # click's way
    if not asked or ctx.resilient_parsing:
        return
    # Imported when it is asked for: no other command reads the files of the packages.
    from broker.operations.build import release, running_build  # noqa: PLC0415

    put(f"broker {release()}\nbuild {running_build()}")
    ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Say which release and which build this is.",
)
def broker() -> None:
    """Judge, seal, deliver and record each disclosure of safeguarding information."""


broker.announce(
    "broker.cli.casework.practitioner",
    refer="Submit a referral PACK (JSON) with its attachments; the same pack is not sent twice.",
    questions="Read what was asked about REFERENCE, replied, and given as a reason; it is "
    "recorded.",
    dispatch="Do one round: seal and send whatever is due.",
    reply="Reply to what the Guardian asked about REFERENCE; it waits for them again.",
    handover="Show the passphrase of REFERENCE, to be told by telephone; it is recorded who "
    "asked.",
    acknowledge="Record that the recipient of REFERENCE opened it; the passphrase is destroyed.",
    done="Record that DUTY, which REFERENCE left to be done, was done.",
    recall="Stop REFERENCE; where it has opened, have its recipient asked to delete it.",
)
broker.announce(
    "broker.cli.casework.delivery",
    arrived="Record that REFERENCE has arrived, as its recipient said on the telephone.",
    resend="Have REFERENCE sent once more, although it was refused or may have gone.",
    anew="Send again what has ended of REFERENCE, judged anew: to whom it goes is shown first.",
    fetch="Write the sealed document of REFERENCE to a file, to be carried by hand.",
    sent="Record that REFERENCE was carried by hand, and the receipt for it.",
    deleted="Record what the recipient of REFERENCE, which was called back, said about deleting "
    "it.",
)
broker.announce(
    "broker.cli.portal.codes",
    code="Show a code for the page of REFERENCE, to be told by telephone; it is recorded who "
    "asked.",
    replies="Read what the readers of the page of REFERENCE wrote to you; it is recorded.",
)
broker.announce(
    "broker.cli.casework.received",
    **{
        "who-received": "Say which bodies received what in CASE and when; nobody who worked on it "
        "is named."
    },
)
broker.announce(
    "broker.cli.casework.paper",
    form="Look at the printed forms that the fields of ours stand for.",
    pathway="Look at who does what by when, as each source policy has it.",
    **{"import": "Read a filled-in printed form as a draft; nothing is kept or sent."},
)
broker.announce(
    "broker.cli.casework.listing",
    list="List what you began and have not sent, what waits for your lead, and what you sent.",
    status="Say where REFERENCE stands; without one, list what you submitted, the newest first.",
    show="Read what you wrote in REFERENCE, field by field; that it was read is recorded.",
)
broker.announce(
    "broker.cli.casework.concerns",
    concern="Check what a colleague wants to send, before it goes.",
)
broker.announce(
    "broker.cli.casework.cases",
    case="Look after cases: what belongs together, who works on it, and where it stands.",
)
broker.announce(
    "broker.cli.casework.agreements",
    agreement="Record what somebody was told and agreed to, and what they took back.",
)
broker.announce(
    "broker.cli.casework.disputes",
    dispute="Raise a concern about sharing, and settle one.",
)
broker.announce(
    "broker.cli.casework.telling.changes",
    change="Tell those who got something of a case what has changed since.",
)
broker.announce(
    "broker.cli.casework.telling.notices",
    notice="Decide what the regional Prevent team is told; nobody is named in it.",
)
broker.announce(
    "broker.cli.casework.meetings",
    meeting="Keep a panel's meetings, build the pack of one, and open your copy of it.",
)
broker.announce(
    "broker.cli.casework.requests",
    request="Ask partners about one person, and answer what your body is asked.",
)
broker.announce(
    "broker.cli.casework.earlier",
    earlier="Read earlier concerns about the same person, and say whether it is the same.",
)
broker.announce(
    "broker.cli.casework.guardian",
    review="Decide what the rules refer to the Caldicott Guardian, and look back at what went.",
)
broker.announce(
    "broker.cli.casework.advising",
    advice="Ask for advice before a decision, and answer; advice approves nothing.",
    cover="Hand your list to a deputy for named days; it grants nothing and ends by itself.",
)
broker.announce(
    "broker.cli.casework.breaches",
    breach="Record what went to the wrong place, or nearly; the 72 hours run from certainty.",
)
broker.announce(
    "broker.cli.rulebook.rules",
    decide="Judge FACTS (JSON, contract facts/2) by the shipped rulebook; needs no installation.",
    address="Say how ADDRESS may be written to: secure, seal, retired, hold or reject.",
    policy="Check the rulebook, test it, have it explained.",
)
broker.announce(
    "broker.cli.rulebook.law",
    law="Look at the law that the rules in force rest on.",
)
broker.announce(
    "broker.cli.running.ledger",
    ledger="Look into the ledger: what was decided and done, chained and signed.",
)
broker.announce(
    "broker.cli.running.operator",
    init="Make a new installation in BROKER_HOME; run again, it keeps what is there.",
    backup="Write a backup into FOLDER: database and keystore apart, to be kept in "
    "different places.",
    restore="Restore DATABASE and KEYSTORE, the two folders of a backup, into an empty "
    "BROKER_HOME.",
    db="Keep the database's tables.",
)
broker.announce(
    "broker.cli.running.check",
    check="Check settings, keystore, database, disk, clock, delivery and ledger head.",
)
broker.announce(
    "broker.cli.running.alarms",
    alarms="Show everything that is wrong, since when, and what to do; 1 if there is anything.",
)
broker.announce(
    "broker.cli.running.check_pack",
    **{
        "check-pack": "Check whether FILE, a sealed document, is whole; its words come on "
        "standard input."
    },
)
broker.announce(
    "broker.cli.running.bounces",
    bounces="Read delivery notices from PATH (a message, a folder or a Maildir), each recorded "
    "once.",
)
broker.announce(
    "broker.cli.running.serve",
    serve="Serve the gateway on loopback until interrupted (behind a proxy: "
    "BROKER_BEHIND_PROXY=1).",
)
broker.announce(
    "broker.cli.portal.serving",
    portal="Look after the portal, where documents are fetched without an account.",
)
broker.announce(
    "broker.cli.running.public",
    public="Write the pages that a web server shows while the broker is away into FOLDER.",
)
broker.announce(
    "broker.cli.running.translation",
    translation="Have the pages that need no sign-in translated: nothing is shown before all of "
    "it is.",
)
broker.announce(
    "broker.cli.running.keys",
    tokens="Issue bearer tokens: who may speak to the broker, for 15 minutes.",
    keys="Look after the keys of this installation.",
)
broker.announce(
    "broker.cli.registers.directory",
    directory="Keep the directory of agencies and mailboxes.",
)
broker.announce(
    "broker.cli.registers.between",
    **{"sharing-agreement": "Keep the agreements that your body signed with others."},
    worker="Keep what was checked of the named workers of providers.",
    clearance="Keep which clearances of your body's people somebody saw.",
)
broker.announce(
    "broker.cli.registers.people",
    people="Keep the people: who may work here, in which roles, and their ways in.",
)
broker.announce(
    "broker.cli.registers.clients",
    client="Keep the machines of your body: who they are, and by which keys they show it.",
)
broker.announce(
    "broker.cli.running.signing_in",
    **{"sign-in": "Sign in at this terminal, as in a browser, for a quarter of an hour unused."},
)
broker.announce(
    "broker.cli.running.keeping.holds",
    hold="Have cases kept although their time has come, for whoever needs them.",
)
broker.announce(
    "broker.cli.running.keeping.periods",
    retention="Look at what is kept and for how long; end what is over.",
)
broker.announce(
    "broker.cli.running.clock",
    clock="Look at the clock, by which passphrases and cases are destroyed, and confirm it.",
)
broker.announce(
    "broker.cli.running.keeping.memories",
    memory="Look each year at what is known of cases whose words are gone: keep it on, or end it.",
)
broker.announce(
    "broker.cli.running.demo",
    demo="Set up a broker, submit the sample packs through its API, and show what became of them.",
)


def main() -> None:
    """Run the command and leave with its status; every error is a sentence with the next step."""
    # What a command makes is for the service alone, whatever the folder above it allows.
    os.umask(0o077)
    try:
        sys.exit(broker.main(standalone_mode=False))
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(MISUSE)
    except click.Abort:
        complain("Stopped. What was finished before stays as it is.")
        sys.exit(FAULT)
    except SettingsError as error:
        complain(str(error))
        sys.exit(MISUSE)
    except NotInitialisedError as error:
        complain(str(error))
        sys.exit(INCOMPLETE)
    except RollbackError as error:
        complain(f"{error}\nEvidence: {error.evidence}.")
        sys.exit(FAULT)
    except (BrokerError, PolicyError, KeyManagementError, LedgerError) as error:
        complain(str(error))
        sys.exit(FAULT)
    except OSError as error:
        complain(file_trouble(error))
        sys.exit(FAULT)
