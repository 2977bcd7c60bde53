"""The routes of version 1: parse, one call, answer."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request, url_for

from broker.api import access, limiting
from broker.api.bodies import idempotency_key, json_body, pack_request
from broker.api.errors import QueryError
from broker.api.services import current_services
from broker.disclosures import views
from broker.disclosures.questions import correspondence_of
from broker.disclosures.repeats import SAME_PACK
from broker.disclosures.step_keys import key_of_step
from broker.domain.model import Pack, SubmissionKey
from broker.domain.references import Reference, parse_reference
from broker.domain.times import uk_day
from broker.guardian import views as guardian_views
from broker.intake.documents import (
    read_answer,
    read_handover,
    read_nothing,
    read_opinion,
    read_pack,
    read_question,
    read_reply,
)
from broker.intake.submissions import submission_of
from broker.ledger.explorer.archive import archive_of
from broker.ledger.readings import Entrance, readings_of

api = Blueprint("api", __name__, url_prefix="/api/v1")

MAX_ENTRIES = 256


@api.post("/judgements")
def judge() -> Response:
    """Judge a pack without keeping or sending anything."""
    pack = _pack_of(json_body())
    disclosures = current_services().disclosures
    judgement = disclosures.preview(pack, access.person())
    alone = views.would_wait_for_nobody(disclosures, judgement)
    return jsonify(views.preview_document(judgement, waits_for_nobody=alone))


@api.post("/disclosures")
def submit() -> Response:
    """Submit a pack; the answer stands once it is given."""
    key, carried = idempotency_key(), pack_request()
    pack = _pack_of(carried.text)
    limiting.check_submission(pack)
    submission = submission_of(
        pack,
        carried.files,
        key,
        current_services().idempotency,
        current_services().sandbox.inspect,
    )
    accepted = current_services().disclosures.accept(submission, access.person())
    told = {**_told_of(accepted.reference), "nothing_new_because": accepted.why}
    response = jsonify(told)
    response.status_code = HTTPStatus.OK if accepted.why == SAME_PACK else HTTPStatus.CREATED
    response.headers["Location"] = url_for("api.show", reference=str(accepted.reference))
    return response


@api.get("/disclosures")
def index() -> Response:
    """List the newest disclosures that the caller submitted."""
    found = current_services().disclosures.own(access.person())
    return jsonify(views.disclosures_document(found))


@api.get("/disclosures/<reference>")
def show(reference: str) -> Response:
    """Tell where a disclosure stands."""
    view = _view_of(parse_reference(reference))
    return jsonify(view.document())


@api.get("/disclosures/<reference>/questions")
def questions(reference: str) -> Response:
    """Return what was asked, replied and given as a reason; recorded before it is given."""
    flow, about = current_services().disclosures, parse_reference(reference)
    found = correspondence_of(flow.transaction, about, access.person(), Entrance.API)
    waited = flow.unsettled(about, access.person()).places
    return jsonify({**found.document(), "only_an_answer_settles": list(waited)})


@api.post("/disclosures/<reference>/handover")
def hand_over(reference: str) -> Response:
    """Reveal the passphrase to be told by telephone; recorded before it is shown."""
    reason = read_handover(json_body())
    handover = current_services().disclosures.hand_over(
        parse_reference(reference), access.person(), reason
    )
    return jsonify(views.handover_document(handover))


@api.post("/disclosures/<reference>/acknowledgement")
def acknowledge(reference: str) -> Response:
    """Record that the recipient opened the document; its passphrase is destroyed."""
    read_nothing(json_body())
    current_services().disclosures.acknowledge(parse_reference(reference), access.person())
    return jsonify(_told_of(parse_reference(reference)))


@api.post("/disclosures/<reference>/reply")
def reply(reference: str) -> Response:
    """Reply to what the Guardian asked; the referral waits for them again."""
    body = json_body()
    services, about = current_services(), parse_reference(reference)
    given = read_reply(body, services.rulebooks.in_force().vocabulary)
    services.disclosures.reply(
        about,
        access.person(),
        given.words,
        _step_key("reply", reference, body),
        settles=given.settles,
    )
    return jsonify(_told_of(about))


@api.post("/disclosures/<reference>/duties/<duty>")
def finish(reference: str, duty: str) -> Response:
    """Record that what was owed after release was done."""
    read_nothing(json_body())
    current_services().disclosures.finish(parse_reference(reference), access.person(), duty)
    return jsonify(_told_of(parse_reference(reference)))


@api.post("/disclosures/<reference>/recall")
def recall(reference: str) -> Response:
    """Stop a disclosure; of one that has opened, ask for its deletion."""
    read_nothing(json_body())
    current_services().afterwards.recalling.recall(parse_reference(reference), access.person())
    return jsonify(_told_of(parse_reference(reference)))


@api.get("/reviews")
def reviews() -> Response:
    """List what the Guardians of the caller's agency have before them."""
    services = current_services()
    queue = guardian_views.queue_of(services.referrals, services.retrospective, access.person())
    answers = services.partner_requests.hindsight.to_look_back_at(access.person())
    return jsonify({**queue.document(), "answers": [one.document() for one in answers]})


@api.get("/reviews/<reference>")
def review(reference: str) -> Response:
    """Return a referral to be read: the pack, and the rules in words and with law."""
    referral = current_services().referrals.show(
        parse_reference(reference), access.person(), Entrance.API
    )
    return jsonify(guardian_views.referral_document(referral))


@api.get("/reviews/<reference>/readings")
def readings(reference: str) -> Response:
    """Tell a Guardian who looked at a disclosure."""
    about = parse_reference(reference)
    found = readings_of(current_services().transaction, about, access.person())
    return jsonify(guardian_views.readings_document(about, found))


@api.post("/reviews/<reference>/decision")
def decide_review(reference: str) -> Response:
    """Judge a referral again with the Guardian's answer among the facts."""
    body, about = json_body(), parse_reference(reference)
    given, referrals = read_answer(body), current_services().referrals
    if given.preview:
        standing = referrals.preview(about, access.person(), given.answer, Entrance.API)
        return jsonify(guardian_views.reviewed_document(standing, None, kept=False))
    key = _step_key("decision", reference, body)
    referrals.decide(about, access.person(), given.answer, key)
    return jsonify(
        guardian_views.decided_after(
            referrals, current_services().receipts, about, access.person(), Entrance.API
        )
    )


@api.post("/reviews/<reference>/question")
def ask(reference: str) -> Response:
    """Ask the sender for more before deciding."""
    body = json_body()
    question, key = read_question(body), _step_key("question", reference, body)
    about = parse_reference(reference)
    after = current_services().referrals.ask(about, access.person(), question, key)
    receipt = current_services().receipts.newest_about(about)
    return jsonify(guardian_views.asked_document(after, receipt))


@api.post("/reviews/<reference>/opinion")
def look_back(reference: str) -> Response:
    """Concur with a decision afterwards, or dissent from it."""
    body = json_body()
    opinion, key = read_opinion(body), _step_key("opinion", reference, body)
    owed = current_services().retrospective.look_back(
        parse_reference(reference), access.person(), opinion, key
    )
    receipt = current_services().receipts.newest_about(owed.disclosure.reference)
    return jsonify(guardian_views.looked_back_document(owed, opinion, receipt))


@api.get("/ledger/checkpoint")
def checkpoint() -> Response:
    """Return the signed head of the ledger (a C2SP checkpoint)."""
    kept = current_services().checkpoints.keep()
    return Response(kept.note, mimetype="text/plain")


@api.get("/ledger/receipts/<int:number>")
def receipt(number: int) -> Response:
    """Return the receipt of an entry that is the caller's to read (a C2SP tlog-proof)."""
    given = current_services().log.receipt(number, access.person())
    return Response(given, mimetype="text/plain")


@api.get("/ledger/export")
def export() -> Response:
    """Return every entry that is the caller's, as an archive of a folder that verifies offline."""
    files = current_services().log.partial(access.person(), Entrance.API)
    return Response(b"".join(archive_of(files)), mimetype="application/zip")


@api.get("/ledger/entries")
def entries() -> Response:
    """Return up to 256 entries from number `from`, each as the exact text that was hashed."""
    start = _whole_number("from", default=0)
    count = min(_whole_number("count", default=MAX_ENTRIES), MAX_ENTRIES)
    raw = current_services().log.raw_entries_from(start, count, access.person())
    return jsonify({"from": start, "entries": [entry.decode("ascii") for entry in raw]})


def _pack_of(text: bytes) -> Pack:
    services = current_services()
    return read_pack(text, services.rulebooks.in_force().vocabulary, uk_day(services.clock()))


def _view_of(reference: Reference) -> views.DisclosureView:
    services = current_services()
    return views.view_of(services.disclosures, services.receipts, reference, access.person())


def _told_of(reference: Reference) -> dict[str, object]:
    """Return what is told after something was recorded, which no trouble now undoes."""
    services = current_services()
    return views.told_after(services.disclosures, services.receipts, reference, access.person())


def _step_key(step: str, reference: str, body: bytes) -> SubmissionKey:
    said = (step, str(parse_reference(reference)), body.hex())
    return key_of_step(current_services().idempotency, idempotency_key(), *said)


def _whole_number(name: str, *, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(2**53)) - 1:
        message = f"The parameter {name} must be a whole number."
        raise QueryError(message)
    return int(text)
