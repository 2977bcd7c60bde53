"""What is told about the agreements of a case: one shape for the command line and others."""

from broker.disclosures.afterwards.agreements import AgreementsShown, PastRecipient, Withdrawal
from broker.domain.cases.agreements import Agreement
from broker.domain.times import day_text


def shown_document(shown: AgreementsShown) -> dict[str, object]:
    """Return the records of a case, as they stand today, with everybody who got something."""
    return {
        "case": shown.case,
        "agreements": [
            {**agreement_document(one), "standing": one.standing(shown.today).value}
            for one in shown.records
        ],
        "past_recipients": list(map(_recipient, shown.past)),
    }


def agreement_document(record: Agreement) -> dict[str, object]:
    """Return one record as JSON; `version` is what a change of it names as seen."""
    return {
        "kind": record.kind.value,
        "status": record.status.value,
        "giver": record.giver.value,
        "given_on": day_text(record.given_on),
        "expires_on": day_text(record.expires_on),
        "ask_again_on": day_text(record.asks_again_on),
        "recipients": list(record.scope.recipients),
        "purposes": list(record.scope.purposes),
        "version": record.version,
    }


def withdrawal_document(withdrawal: Withdrawal) -> dict[str, object]:
    """Return what follows a withdrawal: the record, and everybody who is told."""
    return {
        "agreement": agreement_document(withdrawal.agreement),
        "past_recipients": list(map(_recipient, withdrawal.past)),
        "notices_prepared": withdrawal.noticed,
        "next_step": (
            "What was sent stays lawful. Nothing more goes on that agreement. Ring each of them."
        ),
    }


def _recipient(one: PastRecipient) -> dict[str, object]:
    return {
        "reference": str(one.reference),
        "organisation": one.body,
        "contact": one.mailbox.title,
        "telephone": one.mailbox.telephone,
        "state": one.state.value,
    }
