"""Traditional characters as the simplified ones that mean the same, for words met in files.

Only characters with one reading are here: 乾 or 後 could stand for two, and are left alone.
"""

from __future__ import annotations

_PAIRS = (
    "證证號号報报機机構构類类別别電电壓压業业項项績绩論论實实際际違违紀纪換换複复審审準准備备註注"
    "點点場场狀状態态結结單单員员職职訓训練练體体檢检測测設设計计劃划數数據据熱热製制氣气調调節节"
    "處处險险學学礦矿屬属煙烟煉炼鋼钢鐵铁輪轮腳脚維维護护裝装錄录檔档課课時时師师資资聯联話话傳传"
    "導导纜缆繼继變变頻频爐炉縮缩貯贮運运輸输監监專专責责從从營营廣广東东滬沪區区縣县鎮镇鄉乡務务"
    "試试術术總总會会長长門门開开關关閉闭內内碼码應应標标說说條条規规範范國国產产驗验費费屆届頁页與与"
)
_FOLDED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])


def simplified(text: str) -> str:
    """Return the text with traditional characters as simplified ones."""
    return text if text.isascii() else text.translate(_FOLDED)
