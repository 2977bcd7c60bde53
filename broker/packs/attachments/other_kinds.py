"""What whoever chose a file of a kind that is not taken can do instead, by the ending of its name.

The advice can be followed on the machine on which people have such files: no program is named that
an office lacks, and nobody is sent to a website that converts files.
"""

_TAKEN = "The broker takes pdf, docx, jpeg, png and txt."

_PHOTOGRAPH = (
    f"This kind of photograph cannot be attached. {_TAKEN} On the iPhone or iPad that took it, "
    "choose the photograph there (in the browser, or by mailing it to yourself): it comes as a "
    "JPEG. Or open it on a computer, and save or export it as JPEG."
)
_PICTURE = (
    f"This kind of picture cannot be attached. {_TAKEN} Open it in the program that shows "
    "pictures, save a copy as JPEG or PNG, or print it as a PDF (a scan of several pages, too), "
    "and choose that."
)
_LETTER = (
    f"This kind of document cannot be attached. {_TAKEN} Open it in the program that made it, "
    "choose Save as, Export or Download, take PDF or Word (docx), and choose that."
)
_WITH_MACROS = (
    f"This Word file is a template or may hold macros, so it cannot be attached. {_TAKEN} Open it "
    "in Word, save it as a Word document (docx) or as a PDF, and choose that."
)
_SHEET = (
    f"Spreadsheets cannot be attached: hidden sheets and columns would go along. {_TAKEN} "
    "Print the part that matters as a PDF, look at its pages, and choose that."
)
_SLIDES = (
    f"Presentations cannot be attached: notes and hidden slides would go along. {_TAKEN} "
    "Save the slides that matter as a PDF, and choose that."
)
_MAIL = (
    f"A saved mail cannot be attached as a file. {_TAKEN} Open it, print it as a PDF, and choose "
    "that. Save the files that came with it, and add those that matter one by one."
)
_PACKED = (
    f"A packed folder cannot be attached. {_TAKEN} Unpack it and add the files that matter one by "
    "one."
)
_RECORDING = (
    f"Recordings cannot be attached. {_TAKEN} Write in the form what is seen or heard, at which "
    "minute, and that you have the recording. Keep it unchanged; the recipient says how they want "
    "it."
)
_PLAIN = (
    f"Files with this ending cannot be attached. {_TAKEN} Open it in a text editor such as "
    "Notepad, save it with the ending .txt, and choose that."
)
_WEB_PAGE = (
    f"Web pages cannot be attached. {_TAKEN} Open the page in the browser, print it as a PDF, and "
    "choose that."
)
_PROGRAM = (
    f"Programs and shortcuts cannot be attached. {_TAKEN} If somebody sent you this, do not open "
    "it, and tell your own IT. A shortcut only points to a file: choose the file itself."
)
_ELSEWHERE = (
    f"This is only a link to a document that is kept online. {_TAKEN} Open the document in the "
    "browser, download it as PDF or Word (docx), and choose that."
)

_ADVICE = {
    _PHOTOGRAPH: "heic heif hif",
    _PICTURE: "tif tiff gif bmp dib webp avif svg psd jp2 jxl emf wmf ico xps djvu",
    _LETTER: "doc dot rtf odt ott fodt pages wps wpd wri pub",
    _WITH_MACROS: "docm dotx dotm",
    _SHEET: "xls xlsx xlsm xlsb xlt xltx ods numbers",
    _SLIDES: "ppt pptx pptm pps ppsx odp key",
    _MAIL: "eml msg emlx mbox pst oft",
    _PACKED: "zip rar 7z tar gz tgz bz2 xz cab iso dmg",
    _RECORDING: "mp3 m4a wav ogg opus aac amr wma flac mp4 m4v mov avi mkv webm wmv 3gp mpg mpeg",
    _WEB_PAGE: "html htm mht mhtml xhtml webarchive url webloc",
    _PLAIN: "csv tsv log md json xml ini text",
    _PROGRAM: "exe com bat cmd msi scr js vbs ps1 jar apk dll lnk hta",
    _ELSEWHERE: "gdoc gsheet gslides one onetoc2",
}
_BY_ENDING = {ending: advice for advice, endings in _ADVICE.items() for ending in endings.split()}

_NAMED_OTHERWISE = (
    (4, (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"), _PHOTOGRAPH),
    (4, (b"ftypavif",), _PICTURE),
    (8, (b"WEBP",), _PICTURE),
    (0, (b"GIF8", b"BM", b"II*\0", b"MM\0*"), _PICTURE),
)
"""By what it begins with, at which place: a picture whose name says that it is one of ours."""


def instead_of(ending: str) -> str:
    """Return what to do instead of attaching a file with this ending, "" where nobody knows."""
    return _BY_ENDING.get(ending.lower(), "")


def instead_of_content(content: bytes) -> str:
    """Return what to do with such a picture, "" for anything else."""
    return next(
        (
            advice
            for place, starts, advice in _NAMED_OTHERWISE
            if content.startswith(starts, place)
        ),
        "",
    )
