"""Names and words come out of the page, by Debian's own program, as they were typed."""

import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import page
import pytest
from missing_tools import missing

from broker.packs.rendering import Entry, PackDocument, Section, render

LEFT_TO_RIGHT = {
    "Latin": "Żółć Łukasz, Nguyễn Thị Hương, Siân Llŷr, Ștefan, Çağlar, Ọláyínká Ṣọlá",
    "Greek": "Γιώργος Παπαδόπουλος, Ἀθηνᾶ",
    "Cyrillic": "Олександр Їжакевич, Қасым, Ғазиз",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ, ਹਰਜਿੰਦਰ ਕੌਰ",
    "Bengali": "মোহাম্মদ রহমান, শ্রীকান্ত, ক্ষিতি",
    "Sylheti": "ꠍꠤꠟꠐꠤ ꠘꠣꠉꠞꠤ",
    "Gujarati": "શ્રી પટેલ, ક્ષમા, દર્શન",
    "Hindi": "श्री कृष्ण द्विवेदी, लक्ष्मी, प्रज्ञा",
    "Tamil": "முருகன், ஸ்ரீ, கௌரி",
    "Telugu": "శ్రీనివాస్, కృష్ణ",
    "Kannada": "ಶ್ರೀ ಕೃಷ್ಣ",
    "Malayalam": "ശ്രീകൃഷ്ണൻ",
    "Odia": "ଶ୍ରୀ କୃଷ୍ଣ",
    "Sinhala": "ශ්‍රී ලංකා, ක්‍රිෂ්ණ",
    "Chinese": "李伟, 張偉, 陳大文, 㐂, 龘, 𠮷野家",
    "Korean": "김민준, 박서연",
    "Japanese": "さくら, サクラ, 渡邊",
    "Amharic": "ሃይለ ሥላሴ, ኤርትራ",
    "Thai": "ศรีสุข, พิมพ์",
    "Lao": "ກິ່ງແກ້ວ",
    "Khmer": "ភាសា ព្រះ",
    "Burmese": "မြန်မာ ကျော်",
    "Tibetan": "བཀྲ་ཤིས",
    "Georgian": "გიორგი",
    "Armenian": "Գրիգոր",
    "Somali": "𐒋𐒘𐒈𐒑𐒛𐒒𐒕𐒀",
    "Berber": "ⵜⵉⴼⵉⵏⴰⵖ",
    "Symbols": "😀 🔪 💣 ☎ ✓ ☐ ☑ 🇬🇧",
}
RIGHT_TO_LEFT = {
    "Arabic": "محمد عبد الرحمن",
    "Urdu": "ہاشمی ڈاکٹر ٹیپو بڑے میاں پھول",
    "Pashto": "ښاپېرۍ ځلمی ډېوه",
    "Kurdish": "ڕێبوار ئەڤین ڵاڵە",
    "Persian": "می‌خواهم پگاه ژاله",
    "Hebrew": "משה בֶּן דָּוִד",
    "Syriac": "ܣܘܪܝܝܐ",
    "Dhivehi": "ދިވެހި",
}
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe0e\ufe0f]")


@pytest.fixture(autouse=True)
def _the_reader_is_here() -> None:
    if not shutil.which("pdftotext"):
        missing("pdftotext", "run make system as root")


def paper(*values: str) -> bytes:
    entries = tuple(Entry(label="Names", value=value) for value in values)
    return render(
        PackDocument(
            reference="PRV-7Q4K-M2XH",
            title="Prevent referral",
            purpose="Made-up purpose",
            sender="Midshire Example Trust",
            recipient="Example Prevent Team",
            created_at=datetime(2026, 6, 24, 14, 5, tzinfo=UTC),
            contact="01632 960 001",
            sections=(Section(title="The individual", entries=entries),),
        )
    )


def read(pdf: bytes, folder: Path) -> str:
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60
    )
    return as_read(done.stdout.decode())


def as_read(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", UNSEEN.sub("", text)).split())


@pytest.mark.parametrize("typed", LEFT_TO_RIGHT.values(), ids=LEFT_TO_RIGHT)
def test_words_from_left_to_right_come_out_as_they_were_typed(typed: str, tmp_path: Path) -> None:
    # A reader of pages guesses where spaces stand.
    assert as_read(typed).replace(" ", "") in read(paper(typed), tmp_path).replace(" ", "")


@pytest.mark.parametrize("typed", RIGHT_TO_LEFT.values(), ids=RIGHT_TO_LEFT)
def test_words_from_right_to_left_come_out_whole(typed: str, tmp_path: Path) -> None:
    # It guesses too where marks stand; each letter must be there as often.
    base, found = Counter(read(paper("x"), tmp_path)), Counter(read(paper("x", typed), tmp_path))

    assert Counter(as_read(typed).replace(" ", "")) <= found - base


def test_the_two_spellings_of_a_letter_give_the_same_page() -> None:
    typed = "Renée Żółć, ਗੁਰਪ੍ਰੀਤ, 김민준"

    assert paper(unicodedata.normalize("NFD", typed)) == paper(unicodedata.normalize("NFC", typed))


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("محمد 01632 960 101", id="behind a name"),
        pytest.param("رقم 01632 960 101 التقى", id="between words"),
    ],
)
def test_a_telephone_number_beside_arabic_is_read_in_its_order(typed: str, tmp_path: Path) -> None:
    assert "01632 960 101" in read(paper(typed), tmp_path)


def test_a_page_in_every_script_meets_pdf_ua_1() -> None:
    pdf = paper(*LEFT_TO_RIGHT.values(), *RIGHT_TO_LEFT.values())

    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)

    assert [failure.message for failure in report.failures] == []
