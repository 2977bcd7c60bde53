"""The `broker` command: parse, call one function, print.

Exit status: 0 done or verified, whatever a decision or verdict says; 1 a fault was found; 2 the
command was misused; 3 what is needed to answer is incomplete.
"""

import os
import sys

import click

from audit.errors import LedgerError, RollbackError
from broker.cli import demo, ledger, retention, rules
from broker.cli import guardian as review
from broker.cli import operator as admin
from broker.cli import practitioner as flow
from broker.cli.output import complain
from broker.domain.errors import BrokerError, NotInitialisedError, SettingsError
from keys import KeyManagementError
from policies import PolicyError

FAULT, MISUSE, INCOMPLETE = 1, 2, 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
def broker() -> None:
    """Judge, seal, deliver and record each disclosure of safeguarding information."""


for module in (flow, review, rules, ledger, admin, retention, demo):
    for command in module.COMMANDS:
        broker.add_command(command)


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
