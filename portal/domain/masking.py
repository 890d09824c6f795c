"""How much of a person's name may stand in public."""

from __future__ import annotations

import unicodedata

_COMPOUND = "欧阳上官司马诸葛东方皇甫尉迟公孙慕容司徒令狐夏侯长孙宇文轩辕端木独孤南宫西门呼延"
"""Surnames of two letters, one after the other."""
_HIDDEN = "某某"


def masked_name(name: str) -> str:
    """Return a name of which only the surname can be read: 王某某, 欧阳某某, M. S."""
    name = name.strip()
    if not name:
        return ""
    if _is_han(name[0]):
        return (name[:2] if _has_compound(name) else name[0]) + _HIDDEN
    return " ".join(f"{part[0]}." for part in name.replace("·", " ").split())


def _has_compound(name: str) -> bool:
    pairs = {_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2)}
    return len(name) > len("欧阳") and name[:2] in pairs


def _is_han(letter: str) -> bool:
    return "CJK" in unicodedata.name(letter, "")
