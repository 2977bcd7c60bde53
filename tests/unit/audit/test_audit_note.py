import base64
from hashlib import sha256

import pytest

from audit.errors import MalformedNoteError, SignatureRefusedError
from audit.format.notes.note import SignedText, open_note, read_note, sign_note, split_note
from audit.format.notes.verifier_key import SignatureType, Signer, VerifierKey

COSIGNATURE = SignatureType.ED25519_COSIGNATURE
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
TEXT = "This is an example message.\n"
LINE = (
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
    "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)
NOTE = f"{TEXT}\n{LINE}\n".encode()
UNKNOWN = "\u2014 elsewhere.example/log " + base64.b64encode(bytes(68)).decode()


@pytest.fixture
def known() -> VerifierKey:
    return VerifierKey.parse(VKEY)


def with_lines(*lines: str) -> bytes:
    return (TEXT + "\n" + "".join(f"{line}\n" for line in lines)).encode()


def test_the_published_example_opens(known: VerifierKey) -> None:
    assert open_note(NOTE, [known]) == TEXT


def test_a_verifier_key_is_written_as_it_was_read(known: VerifierKey) -> None:
    assert str(known) == VKEY


def test_what_is_signed_opens_with_the_key_of_the_signer(signer: Signer) -> None:
    key = VerifierKey.of("broker.example/ledger", signer)
    note = sign_note("one\n\ntwo\n", key.name, signer)

    assert read_note(note, [key]) == SignedText(text="one\n\ntwo\n", signers=frozenset({key}))


def test_signatures_by_strangers_are_passed_over(known: VerifierKey) -> None:
    assert open_note(with_lines(*[UNKNOWN] * 16, LINE), [known]) == TEXT


@pytest.mark.parametrize("kind", [0x02, 0x05, 0xFF])
def test_a_signature_of_a_type_that_is_not_read_here_is_passed_over(
    known: VerifierKey, kind: int
) -> None:
    """By the same name as a known key, with a long key and a longer signature."""
    key_id = sha256(known.name.encode() + b"\n" + bytes([kind]) + bytes(1_312)).digest()[:4]
    blob = base64.b64encode(key_id + bytes(8 + 2_420)).decode()

    assert open_note(with_lines(f"\u2014 {known.name} {blob}", LINE), [known]) == TEXT


def test_a_note_may_have_a_hundred_signatures(known: VerifierKey) -> None:
    assert open_note(with_lines(*[UNKNOWN] * 99, LINE), [known]) == TEXT


def test_a_note_may_be_a_million_bytes_long(signer: Signer, key: VerifierKey) -> None:
    frame = len(sign_note("\n", key.name, signer))
    text = "x" * (1_000_000 - frame) + "\n"
    note = sign_note(text, key.name, signer)

    assert len(note) == 1_000_000
    assert open_note(note, [key]) == text
    with pytest.raises(MalformedNoteError, match="million bytes"):
        open_note(sign_note("x" + text, key.name, signer), [key])


def test_a_witness_s_key_is_of_type_4(signer: Signer) -> None:
    typed = b"\x04" + signer.public_key
    digits = sha256(b"w.example\n" + typed).hexdigest()[:8]

    witness = VerifierKey.parse(f"w.example+{digits}+{base64.b64encode(typed).decode()}")

    assert witness == VerifierKey(
        name="w.example",
        public_key=signer.public_key,
        signature_type=COSIGNATURE,
    )


def test_a_witness_signs_the_time_with_the_text(signer: Signer) -> None:
    witness = VerifierKey(
        name="witness.example",
        public_key=signer.public_key,
        signature_type=COSIGNATURE,
    )
    proper = signer.sign(f"cosignature/v1\ntime 1773662400\n{TEXT}".encode())
    blob = witness.key_id + (1773662400).to_bytes(8, "big") + proper
    line = f"\u2014 witness.example {base64.b64encode(blob).decode()}"

    assert read_note(with_lines(line), [VerifierKey.parse(str(witness))]).signers == {witness}


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(with_lines(UNKNOWN), id="only strangers"),
        pytest.param(with_lines(LINE, LINE), id="signed twice"),
        pytest.param(NOTE.replace(b"example message", b"exemplary message"), id="other text"),
        pytest.param(with_lines(LINE.replace("IneyaQM=", "IneyaQQ=")), id="other signature"),
        pytest.param(with_lines(LINE[:-4]), id="signature cut short"),
        pytest.param(NOTE.replace(b"example.com/foo Uw", b"example.com/fop Uw"), id="other name"),
        pytest.param(NOTE.replace(b"\n\n", b"\n\n\n"), id="another empty line"),
        pytest.param(b"\n" + NOTE, id="empty line at the start"),
    ],
)
def test_a_note_that_no_known_key_vouches_for_is_refused(note: bytes, known: VerifierKey) -> None:
    with pytest.raises(SignatureRefusedError):
        open_note(note, [known])


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(TEXT.encode(), id="no signatures"),
        pytest.param(f"{TEXT}\n".encode(), id="no signature lines"),
        pytest.param(NOTE[:-1], id="no final line feed"),
        pytest.param(NOTE + b"\n", id="empty line at the end"),
        pytest.param(NOTE.replace(b"\n", b"\r\n"), id="carriage returns"),
        pytest.param(NOTE.replace(b"\n\n", b"\n\n\x01\n\n"), id="control character"),
        pytest.param(f"{TEXT}{LINE}\n".encode(), id="no empty line"),
        pytest.param(f"\n{LINE}\n".encode(), id="no text"),
        pytest.param(NOTE.replace(b"This", b"Th\xffs"), id="not UTF-8"),
        pytest.param(b"x" * 1_000_000 + NOTE, id="too long"),
        pytest.param(with_lines(*[LINE] * 101), id="101 signatures"),
        pytest.param(with_lines(LINE.replace("\u2014 ", "- ")), id="another dash"),
        pytest.param(with_lines(LINE.replace(" ", "  ")), id="two spaces"),
        pytest.param(with_lines(LINE + " "), id="space at the end"),
        pytest.param(
            with_lines(LINE.replace("example.com", "exam ple.com")), id="name with space"
        ),
        pytest.param(with_lines(LINE.replace("example.com", "exam+ple.com")), id="name with plus"),
        pytest.param(
            with_lines(LINE.replace("example.com", "exam\u2003ple.com")), id="name with wide space"
        ),
        pytest.param(with_lines(LINE.replace("example.com", "exam\x00ple.com")), id="NUL in name"),
        pytest.param(with_lines(LINE.rstrip("=")), id="no padding"),
        pytest.param(with_lines(LINE.replace("aQM=", "aQN=")), id="spare bits in base64"),
        pytest.param(with_lines(LINE + "="), id="too much padding"),
        pytest.param(with_lines(LINE.replace("g", "-")), id="base64 of another alphabet"),
        pytest.param(with_lines("\u2014 example.com/foo AAAA"), id="key id cut short"),
        pytest.param(with_lines("\u2014 example.com/foo AAAAAA=="), id="key id alone"),
        pytest.param(with_lines("\u2014 example.com/foo"), id="no base64"),
    ],
)
def test_a_note_in_another_spelling_is_refused(note: bytes) -> None:
    with pytest.raises(MalformedNoteError):
        split_note(note)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no line feed", id="no line feed at the end"),
        pytest.param("a\tb\n", id="tab"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_text_that_cannot_be_a_note_is_not_signed(text: str, signer: Signer) -> None:
    with pytest.raises(MalformedNoteError, match="ends in a line feed"):
        sign_note(text, "broker.example/ledger", signer)


def vkey(name: str, typed: bytes) -> str:
    made = VerifierKey(name=name, public_key=typed[1:])
    return f"{name}+{made.key_id.hex()}+{base64.b64encode(typed).decode()}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(VKEY + "\n", id="line feed"),
        pytest.param(VKEY.replace("530d903a", "530d903b"), id="identifier of another key"),
        pytest.param(VKEY.replace("530d903a", "530D903A"), id="capital digits"),
        pytest.param(VKEY.replace("example", "exa mple"), id="name with space"),
        pytest.param(VKEY.replace("example.com/foo", ""), id="no name"),
        pytest.param(VKEY.replace("example", "exa\x00mple"), id="NUL in name"),
        pytest.param(VKEY.replace("example", "exa\udcffmple"), id="name that is not UTF-8"),
        pytest.param(VKEY[:-1] + "l", id="another key"),
        pytest.param(VKEY[:-4], id="key cut short"),
        pytest.param(VKEY[:-2], id="no whole base64"),
        pytest.param(vkey("a.example", b"\x02" + bytes(range(32))), id="type 2"),
        pytest.param(vkey("a.example", b"\x06" + bytes(range(32))), id="type 6"),
    ],
)
def test_a_verifier_key_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        VerifierKey.parse(text)


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def doubled(x: int, y: int) -> tuple[int, int]:
    """Twice a point of edwards25519, by the affine formula of RFC 8032 section 5.1."""
    t = D * x * x * y * y
    return (
        2 * x * y * pow(1 + t, -1, P) % P,
        (y * y + x * x) * pow(1 - t, -1, P) % P,
    )


def has_small_order(y: int) -> bool:
    y %= P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - square) % P == 0
    for _ in range(3):
        x, y = doubled(x, y)
    return (x, y) == (0, 1)


@pytest.mark.parametrize("sign", [pytest.param(0, id="even"), pytest.param(1 << 255, id="odd")])
@pytest.mark.parametrize(
    "y",
    [
        pytest.param(0, id="order 4"),
        pytest.param(1, id="order 1"),
        pytest.param(P - 1, id="order 2"),
        pytest.param(P, id="order 4, spelt otherwise"),
        pytest.param(P + 1, id="order 1, spelt otherwise"),
        pytest.param(
            0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826, id="order 8"
        ),
        pytest.param(
            P - 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
            id="order 8, the other",
        ),
    ],
)
def test_a_key_of_small_order_is_refused(y: int, sign: int) -> None:
    assert has_small_order(y)

    with pytest.raises(MalformedNoteError, match="anyone could sign"):
        VerifierKey.parse(vkey("a.example", b"\x01" + (y | sign).to_bytes(32, "little")))


def test_a_public_key_that_is_no_point_verifies_nothing() -> None:
    key = VerifierKey(name="a.example", public_key=bytes([2]) + bytes(31))

    with pytest.raises(SignatureRefusedError, match=r"a\.example"):
        key.verify(TEXT, bytes(64))
