"""What pages of several desks show of a receipt: its facts, what it feeds, the lines left aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.domain.errors import NotFound
from portal.rules.office import Office
from portal.store.receipts import Receipt
from portal.web.boundary import Act
from portal.web.language import gettext, language, mark

KINDS = {
    "exams": mark("考试成绩"),
    "tallies": mark("汇总数"),
    "surveys": mark("满意度"),
    "institutions": mark("机构名册"),
    "units": mark("用人单位名册"),
}
_REASONS = {
    "title": mark("标题行"),
    "header": mark("重复的表头"),
    "blank": mark("空行"),
    "subtotal": mark("小计、合计行"),
    "signature": mark("落款、说明行"),
    "hidden_sheet": mark("隐藏的工作表"),
    "no_table": mark("没有数据的工作表"),
}
_LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Lines of a file that are no data, as a page shows them."""

    sheet: str
    lines: str
    reason: str


def kind_words(kind: str) -> str:
    """Return the words for a kind of file."""
    return gettext(KINDS[kind])


def receipts(a: Act, *kinds: str) -> list[Receipt]:
    """Return the receipts of these kinds, newest first; of all kinds if none is named."""
    found = select(Receipt).order_by(Receipt.id.desc()).limit(_LISTED)
    return list(a.session.scalars(found.where(Receipt.kind.in_(kinds)) if kinds else found))


def receipt_numbered(a: Act, number: str, *kinds: str) -> Receipt:
    """Return one receipt.

    Raises:
        NotFound: there is none of this number among these kinds.

    """
    found = a.session.scalar(select(Receipt).where(Receipt.number == number))
    if found is None or (kinds and found.kind not in kinds):
        raise NotFound("intake.no_receipt")
    return found


def corrections_of(a: Act, receipt: Receipt) -> dict[str, str | None]:
    """Return the numbers of the receipt that this one corrects and of the one that corrects it."""
    before = a.session.get(Receipt, receipt.corrects_id) if receipt.corrects_id else None
    wanted = (Receipt.corrects_id == receipt.id, Receipt.undone_at.is_(None))
    after = a.session.scalar(select(Receipt.number).where(*wanted))
    return {"before": before.number if before else None, "after": after}


def cells_of(receipt: Receipt, office: Office) -> list[list[Any]]:
    """Return what a receipt feeds: trade, kind of exam, period, rows (None where not counted)."""
    cells = receipt.coverage.get("cells", [])
    return [
        [
            _trade(office, cell["trade"]),
            f"exam_kind.{cell['exam_kind']}",
            cell["period"],
            cell.get("rows"),
        ]
        for cell in cells
    ]


def _trade(office: Office, slug: str) -> str:
    trade = office.trade(slug)
    return trade.name(language()) if trade else slug


def asides(skipped: list[dict[str, Any]]) -> list[Aside]:
    """Return the lines that are no data."""
    return [_aside(one) for one in skipped[:_LISTED]]


def _aside(one: dict[str, Any]) -> Aside:
    lines = f"{one['line']}–{one['until']}" if "until" in one else str(one["line"] or "–")
    words = _REASONS[one["reason"]]
    return Aside(sheet=one["sheet"], lines=lines, reason=gettext(words))
