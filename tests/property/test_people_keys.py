"""Names and codes, however they are written: one key, and the same key again."""

from __future__ import annotations

import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain import slips
from portal.domain.accounts import username_of
from portal.domain.names import name_key

NAMES = st.text(min_size=1, max_size=30)
CHINESE = st.text("示例甲乙丙丁安全培训中心学校上海", min_size=1, max_size=12)
FORMS = st.sampled_from(["有限公司", "有限责任公司", "股份有限公司", "公司", " Ltd.", " Co., Ltd"])
MARKS = st.sampled_from(["", " ", "\u3000", "\u200b", "·", "（", "）", "(", ")", "-"])
CODES = st.text(slips.ALPHABET, min_size=slips.LENGTH, max_size=slips.LENGTH)


@given(NAMES)
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(CHINESE, FORMS, st.lists(MARKS, min_size=20, max_size=20))
def test_marks_spaces_and_legal_form_do_not_matter(name: str, form: str, marks: list[str]) -> None:
    assume(not name.endswith(("分", "子")))
    written = "".join(sign + mark for sign, mark in zip(name, marks, strict=False))
    assert name_key(written + form) == name_key(name)


@given(NAMES)
def test_width_and_case_do_not_matter(name: str) -> None:
    assert name_key(unicodedata.normalize("NFKC", name)) == name_key(name)


@given(CODES, st.lists(st.sampled_from(["", " ", "-", "—", "\u3000"]), min_size=16, max_size=16))
def test_a_code_is_read_back_as_it_was_written(code: str, marks: list[str]) -> None:
    copied = "".join(mark + sign for mark, sign in zip(marks, code, strict=True))
    assert slips.read(copied.lower()) == code
    assert slips.read(slips.written(code).replace("0", "O").replace("1", "l")) == code


@given(CODES, st.integers(0, slips.LENGTH - 1), st.sampled_from(slips.ALPHABET))
def test_another_code_has_another_hash(code: str, place: int, sign: str) -> None:
    other = code[:place] + sign + code[place + 1 :]
    assert (slips.hash_of(other) == slips.hash_of(code)) is (other == code)


@given(st.text(max_size=40))
def test_a_user_name_read_twice_is_the_same(text: str) -> None:
    assert username_of(username_of(text)) == username_of(text)
