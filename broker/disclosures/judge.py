"""Judge a pack: from what was submitted and what the directory holds to a decision."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from broker.cases.meetings import of_meeting
from broker.cases.of_submission import must_fit_its_case
from broker.domain.cases.agreements import Whom, derived
from broker.domain.directory.sharing import Pair, is_covered
from broker.domain.errors import (
    UnknownMailboxError,
    UnknownRecipientError,
    WrongStateError,
)
from broker.domain.facts import (
    NOBODY_LOOKED,
    Earlier,
    Known,
    Route,
    answers_every_question,
    facts_of,
    with_approval,
    with_refusal,
    without_wording,
)
from broker.domain.json_values import as_object
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Agency, Approval, Disclosure, Duty, Mailbox, Pack, Person
from broker.domain.obligations import NAMES_NOBODY, duties_of, unkept
from broker.domain.roles import Role
from broker.domain.times import day_of, uk_day
from broker.registers.checkers import asks_its_lead
from broker.rulebooks.in_force import RulesInForce
from broker.storage.transaction import Transaction
from keys import IndexKey
from policies import Decision, MailRegister, Rulebook, Verdict, decide, mail_verdict

_EARLIER_FORM = (
    "This was submitted in an earlier form and does not answer what the rules ask now, so it is "
    "read and not judged again. Its sender recalls it and submits it anew, as referral-pack/2."
)


class EarlierConcerns(Protocol):
    """Looks up the earlier concerns of the sender's own body about the person of a pack."""

    def __call__(
        self, tx: Transaction, asked: JudgementRequest, approval: Approval | None, /
    ) -> Earlier:
        """Return what the body knows; inside the transaction that judges."""
        ...


def nobody_looks(tx: Transaction, asked: JudgementRequest, approval: Approval | None) -> Earlier:
    """Look up nothing: for what is only tried, and where no index is kept."""
    del tx, asked, approval
    return NOBODY_LOOKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Judges by the rulebook in force; `fingerprint` keys digests of facts.

    `mail_from` is the address that mail leaves from, `way_is_proved` whether the courier proves
    the connection that carries it; `earlier` looks up earlier concerns; `also_kept` are the
    obligations that this installation keeps and another may not.
    """

    rules: RulesInForce
    fingerprint: IndexKey
    mail_from: str
    way_is_proved: bool = False
    earlier: EarlierConcerns = nobody_looks
    also_kept: frozenset[str] = frozenset()

    def judge(
        self, tx: Transaction, asked: JudgementRequest, approval: Approval | None = None
    ) -> Judgement:
        """Return the judgement on a pack, an approver's word among the facts if there is one.

        Raises `UnknownRecipientError`, `RulesUnavailableError`, `WrongStateError` for a pack of an
        earlier form, which does not answer what the rules ask now, and what
        `must_fit_its_case` raises.
        """
        if not answers_every_question(asked.pack.questions):
            raise WrongStateError(_EARLIER_FORM)
        if asked.about is None:
            must_fit_its_case(tx, asked.pack, asked.person)
        rulebook = self.rules.in_force(tx, asked.at)
        route = self._route(tx, asked, rulebook.mail)
        known = Known(
            earlier=self.earlier(tx, asked, approval),
            sharing_duty=rulebook.has_sharing_duty(uk_day(asked.at)),
        )
        submitted = {
            **facts_of(asked.pack, route, known, asked_at=asked.at),
            **_as_recorded(tx, asked.pack, uk_day(asked.at)),
        }
        submitted |= of_meeting(tx, asked, submitted)
        fingerprint = self.fingerprint.digest(sameness_of(rulebook.version, submitted, asked.pack))
        refused_before = tx.store.refused_before(route.sender.id, fingerprint)
        facts = with_refusal(submitted, refused_before=refused_before)
        if approval is not None:
            facts = with_approval(facts, approval)
        decision = decide(facts, rulebook)
        held_by = unkept(decision, asked.pack.confirmed, self.also_kept)
        return Judgement(
            asked=asked,
            facts=facts,
            decision=decision,
            unkept=held_by,
            duties=() if held_by else _duties(decision, rulebook, asked),
            fingerprint=fingerprint,
            mailbox=route.mailbox,
            earlier=known.earlier,
            also_kept=self.also_kept,
        )

    def judge_again(
        self,
        tx: Transaction,
        disclosure: Disclosure,
        pack: Pack,
        at: datetime,
        approval: Approval | None = None,
    ) -> Judgement:
        """Return the judgement on the pack of a disclosure as it stands now; raises as `judge`."""
        asker = Person(id=disclosure.requester, agency=disclosure.sender, role=Role.PRACTITIONER)
        asked = JudgementRequest(pack=pack, person=asker, at=at, about=disclosure.reference)
        return self.judge(tx, asked, approval)

    def trying(self) -> "Judge":
        """Return the judge of what is only tried: it looks up no earlier concern."""
        return replace(self, earlier=nobody_looks)

    def _route(self, tx: Transaction, asked: JudgementRequest, register: MailRegister) -> Route:
        mailbox, sender = _recipient_and_sender(tx, asked)
        purpose = asked.pack.questions["purpose"]
        if not asks_its_lead(tx, sender, str(purpose), uk_day(asked.at)):
            sender = replace(sender, check_purposes=frozenset())
        own = mail_verdict(self.mail_from, register).verdict
        request = asked.pack.in_request
        today, workers = uk_day(asked.at), tx.between.workers(mailbox.agency)
        agreements = tx.between.of_pair(Pair.of(sender.id, mailbox.agency))
        return Route(
            sender=sender,
            requester=asked.person,
            mailbox=mailbox,
            recipient=tx.directory.agency(mailbox.agency),
            mail=mail_verdict(mailbox.address, register).verdict,
            way_out="secure" if self.way_is_proved and own is Verdict.SECURE else "not-secure",
            asking=None if request is None else tx.directory.agency(request.agency),
            sharing=is_covered(agreements, str(purpose), today),
            workers=any(one.stands_on(today) for one in workers) if workers else None,
        )


def _duties(decision: Decision, rulebook: Rulebook, asked: JudgementRequest) -> tuple[Duty, ...]:
    names_nobody = asked.pack.questions["purpose"] in rulebook.vocabulary.lists[NAMES_NOBODY]
    return duties_of(decision, uk_day(asked.at), names_nobody=names_nobody)


def _recipient_and_sender(tx: Transaction, asked: JudgementRequest) -> tuple[Mailbox, Agency]:
    try:
        mailbox = tx.directory.mailbox(asked.pack.recipient)
        return mailbox, tx.directory.agency(asked.person.agency)
    except UnknownMailboxError as error:
        raise UnknownRecipientError(str(error)) from error


def _as_recorded(tx: Transaction, pack: Pack, today: date) -> Mapping[str, object]:
    """Return the facts of a pack that the agreements of its case say better than its sender.

    What no record says, such as the risk of asking, stays as the sender wrote it.
    """
    if pack.case is None:
        return {}
    subject = as_object(pack.questions["subject"])
    recorded = derived(tx.agreements.of_case(pack.case), _whom(subject, today))
    return {name: {**as_object(pack.questions[name]), **said} for name, said in recorded.items()}


def _whom(subject: Mapping[str, object], today: date) -> Whom:
    match subject.get("date_of_birth"), subject.get("approximate_age"):
        case str(born), _:
            return Whom(today=today, born=day_of(born))
        case _, {"from": int(youngest), "to": int(oldest)}:
            return Whom(today=today, ages=(youngest, oldest))
        case _:
            return Whom(today=today)


def sameness_of(rulebook: str, facts: Mapping[str, object], pack: Pack) -> bytes:
    """Return what two submissions share if only their wording differs, in one spelling.

    A full stop behind the name, or capital letters in it, make no other person of it; `rulebook`
    is a version. Whether it was refused before makes no other of it.
    """
    same = [
        rulebook,
        without_wording(facts),
        sorted(pack.confirmed),
        re.findall(r"\w+", pack.form.get("individual.name", "").casefold()),
    ]
    return json.dumps(same, sort_keys=True, ensure_ascii=False).encode()
