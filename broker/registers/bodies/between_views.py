"""What is told of agreements between bodies, workers and clearances: one shape for all ways in."""

from collections.abc import Iterable
from datetime import date

from broker.domain.directory.sharing import SharingAgreement
from broker.domain.directory.vetting import Clearance, Worker
from broker.domain.times import day_text
from broker.registers.bodies.sharing import Matrix


def agreements_document(found: Iterable[SharingAgreement], today: date) -> dict[str, object]:
    """Return agreements as JSON, each with how it stands today."""
    return {"sharing_agreements": [agreement_document(one, today) for one in found]}


def agreement_document(one: SharingAgreement, today: date) -> dict[str, object]:
    """Return one agreement as JSON."""
    return {
        "id": one.id,
        "between": [one.pair.first, one.pair.second],
        "title": one.title,
        "standing": one.standing(today).value,
        "purposes": list(one.purposes),
        "names_prevent": one.names_prevent,
        "legal_basis": one.legal_basis,
        "limits": one.limits,
        "signed_on": day_text(one.signed_on),
        "review_on": day_text(one.review_on),
        "ends_on": day_text(one.ends_on),
        "sha256": one.sha256,
        "owner": one.owner,
        "entered_by": one.entered_by,
        "confirmed_by": one.confirmed_by,
        "ended_on": day_text(one.ended_on),
    }


def matrix_document(matrix: Matrix) -> dict[str, object]:
    """Return with whom a body may share today, and for what."""
    return {
        "matrix": {
            body: {purpose: purpose in covered for purpose in matrix.purposes}
            for body, covered in matrix.rows.items()
        }
    }


def workers_document(found: Iterable[Worker], today: date) -> dict[str, object]:
    """Return workers as JSON, each with whether every check counts today."""
    return {"workers": [worker_document(one, today) for one in found]}


def worker_document(one: Worker, today: date) -> dict[str, object]:
    """Return one worker as JSON; nothing of what a check found is known here."""
    return {
        "id": one.id,
        "provider": one.agency,
        "stands": one.stands_on(today),
        "ends_soon": one.warns_on(today),
        "dbs": one.dbs.value,
        "dbs_on": day_text(one.dbs_on),
        "dbs_review_on": day_text(one.dbs_review_on),
        "suitable_on": day_text(one.suitable_on),
        "suitable_by": one.suitable_by,
        "undertaking_on": day_text(one.undertaking_on),
        "registered_with": one.registered_with,
        "registered_until": day_text(one.registered_until),
    }


def clearances_document(found: Iterable[Clearance], today: date) -> dict[str, object]:
    """Return clearances as JSON, each with whether it counts today."""
    return {"clearances": [clearance_document(one, today) for one in found]}


def clearance_document(one: Clearance, today: date) -> dict[str, object]:
    """Return one clearance as JSON."""
    return {
        "person": one.person,
        "kind": one.kind.value,
        "until": day_text(one.until),
        "seen_by": one.seen_by,
        "stands": one.stands_on(today),
        "ends_soon": one.warns_on(today),
    }
