"""Every page of the site on one, for those who would rather look than search."""

from __future__ import annotations

from flask import render_template, url_for

from portal.publication.standings import rankings
from portal.web.boundary import Act, look
from portal.web.language import gettext
from portal.web.public.telling import trade_name

Links = list[tuple[str, str]]


def site_map() -> str:
    """Show the pages by what they are for."""
    with look() as here:
        return render_template("public/site_map.html", groups=_groups(here))


def _groups(here: Act) -> list[tuple[str, Links]]:
    return [
        (gettext("找培训机构"), _finding(here)),
        (gettext("各工种排名"), _rankings(here)),
        (gettext("监管和公示"), [] if here.office.figures_only else _supervision()),
        (gettext("数据和方法"), _figures()),
        (gettext("关于"), _about()),
    ]


def _finding(here: Act) -> Links:
    figures = [
        (url_for("public.rankings"), gettext("找机构")),
        (url_for("public.institutions"), gettext("机构名录")),
        (url_for("public.compare"), gettext("并排对比")),
        (url_for("public.trades"), gettext("全部工种和岗位")),
    ]
    return figures if here.office.figures_only else [*figures, *_asking()]


def _asking() -> Links:
    return [
        (url_for("public.rankings", view="all-round"), gettext("综合排序")),
        (url_for("public.check"), gettext("核对机构")),
        (url_for("public.survey"), gettext("学员满意度调查")),
        (url_for("public.survey_receipt"), gettext("我的答案计入了吗？")),
        (url_for("public.report_problem"), gettext("反映问题")),
        (url_for("public.ask_help"), gettext("单位和机构求助")),
        (url_for("public.track"), gettext("查询办理情况")),
    ]


def _rankings(here: Act) -> Links:
    edition = rankings.latest(here.session)
    found = rankings.rankings(here.session, edition) if edition else []
    return [
        (url_for("public.ranking", trade=one.trade), trade_name(here.office, one.trade))
        for one in found
    ]


def _supervision() -> Links:
    return [
        (url_for("public.issues"), gettext("问题名单")),
        (url_for("public.bulletins"), gettext("问题名单通报")),
        (url_for("public.inspections"), gettext("监督检查：计划和完成")),
        (url_for("public.penalties"), gettext("行政处罚和责令改正登记")),
        (url_for("public.traces"), gettext("事故倒查结果")),
        (url_for("public.late_reports"), gettext("专项报告报送情况")),
        (url_for("public.notices"), gettext("公示公告")),
        (url_for("public.notices", kind="law"), gettext("法规文库")),
        (url_for("public.notices", kind="practice"), gettext("典型做法")),
    ]


def _figures() -> Links:
    return [
        (url_for("public.methods"), gettext("指标说明")),
        (url_for("public.editions"), gettext("历次公布")),
        (url_for("public.changes"), gettext("变更记录")),
        (url_for("public.data"), gettext("数据下载")),
    ]


def _about() -> Links:
    return [
        (url_for("public.help"), gettext("使用帮助")),
        (url_for("public.about"), gettext("关于本站")),
        (url_for("public.accessibility"), gettext("无障碍说明")),
        (url_for("public.privacy"), gettext("隐私说明")),
        (url_for("account.sign_in"), gettext("机构和监管人员登录")),
    ]
