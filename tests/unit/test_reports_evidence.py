"""Evidence is judged by its content: what is kept, and each refusal in its own sentence."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest
from hostile_files import EICAR, chunk, jpeg, pdf, png, stream

from portal.casework.special_reports.evidence import shown_name
from portal.domain.errors import RuleBroken
from portal.domain.evidence import examined, is_blurred
from portal.rules.clocks import Attachments
from portal.rules.words import messages, say

LIMITS = Attachments(
    kinds=("pdf", "png", "jpg"),
    max_bytes=2_000_000,
    max_sheet_bytes=1_000_000,
    max_files=3,
    max_pages=5,
)


def zipped(name: str, body: bytes) -> bytes:
    """Return a zip with one member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return file.getvalue()


REFUSED = {
    "empty": (b"", "attachment.empty"),
    "too large": (b"%PDF-" + bytes(2_000_001), "attachment.too_large"),
    "eicar": (EICAR, "attachment.virus"),
    "eicar in a pdf": (pdf(more=b"% " + EICAR), "attachment.virus"),
    "html as pdf": (b"\n<!DOCTYPE html><html><body>scan</body></html>", "attachment.web_page"),
    "html behind a first line": (b"%PDF-1.4\n<html></html>\n%%EOF", "attachment.damaged"),
    "word": (zipped("[Content_Types].xml", b"<Types/>"), "attachment.office"),
    "zip bomb": (zipped("a", bytes(10_000_000)), "attachment.archive"),
    "rar": (b"Rar!\x1a\x07\0", "attachment.archive"),
    "program": (b"MZ\x90\0", "attachment.program"),
    "svg": (b'<?xml version="1.0"?><svg onload="x()"/>', "attachment.drawing"),
    "heic": (b"\0\0\0\x18ftypheic\0\0", "attachment.phone_photo"),
    "text": (b"a,b,c", "attachment.other_kind"),
    "locked pdf": (pdf(trailer=b"/Encrypt 9 0 R"), "attachment.password"),
    "cut pdf": (pdf()[:60], "attachment.damaged"),
    "long pdf": (pdf(6), "attachment.too_many_pages"),
    "pdf with script": (
        pdf(more=b"9 0 obj <</S /JavaScript /JS (x)>> endobj"),
        "attachment.acting",
    ),
    "script in a table": (pdf(more=stream(b"<</S /Launch>>")), "attachment.acting"),
    "pdf bomb": (pdf(more=stream(bytes(20_000_000))), "attachment.bomb"),
    "cut png": (png()[:-20], "attachment.damaged"),
    "png without its pixels": (png(pixels=b"")[:-12], "attachment.damaged"),
    "png bomb": (png(10, 10, pixels=bytes(30_000_000)), "attachment.bomb"),
    "huge png": (png(2**31 - 1, 2**31 - 1, pixels=b""), "attachment.too_many_pixels"),
    "words that inflate": (
        png(more=chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(200_000_000)))),
        "attachment.bomb",
    ),
    "cut jpeg": (jpeg(end=b""), "attachment.damaged"),
    "jpeg without a frame": (b"\xff\xd8\xff\xd9", "attachment.damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_bad_file_has_its_own_sentence(name: str) -> None:
    content, key = REFUSED[name]
    began = time.process_time()
    with pytest.raises(RuleBroken) as refused:
        examined(content, LIMITS)
    assert refused.value.key == key
    assert time.process_time() - began < 2
    for lang in ("zh", "en"):
        assert say(key, lang, **refused.value.facts)


def test_no_two_refusals_say_the_same() -> None:
    said = [
        pair.zh for key, pair in messages().items() if key.startswith(("attachment.", "sheet."))
    ]
    assert len(said) == len(set(said))


def test_good_files_are_kept_as_they_are() -> None:
    for kind, content in (("pdf", pdf(3)), ("png", png()), ("jpg", jpeg())):
        kept = examined(content, LIMITS)
        assert (kept.kind, kept.content) == (kind, content)
    assert examined(pdf(3), LIMITS).pages == 3
    packed = pdf(0, more=stream(b"3 0 <</Type/Page>> 4 40 <</Type /Page>> "))
    assert examined(packed, LIMITS).pages == 2
    photo = examined(jpeg(), LIMITS)
    assert (photo.width, photo.height) == (1600, 1200)


def test_pictures_and_streams_that_look_like_orders_do_no_harm() -> None:
    noise = b"7 0 obj <</Length 9>>\nstream\n/JS /Launch /Encrypt 1 0 R\nendstream endobj"
    assert examined(pdf(more=noise), LIMITS).pages == 1


@pytest.mark.parametrize("content", [png(), jpeg()])
def test_what_hangs_on_behind_the_end_is_gone(content: bytes) -> None:
    assert examined(content + b"<script>alert(1)</script>", LIMITS).content == content


def test_small_photos_are_said_to_be_hard_to_read() -> None:
    assert is_blurred(320, 240)
    assert not is_blurred(1600, 1200)
    assert not is_blurred(None, None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王某某-高级技师.pdf", "王某某-高级技师.pdf"),
        ("..\\..\\etc\\passwd.pdf", "passwd.pdf"),
        ("/data/\x00x.pdf", "x.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("100%.pdf", "100.pdf"),
        ("<script>alert(1)</script>.pdf", "script.pdf"),
        ("=1+1.pdf", "1_1.pdf"),
        ("", "scan.pdf"),
        ("310107198001011234_王某.pdf", "3101**********1234_王某.pdf"),
    ],
)
def test_a_name_is_fit_to_be_seen(name: str, shown: str) -> None:
    assert shown_name(name, "pdf") == shown
