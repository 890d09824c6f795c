"""The forms with which people are looked after, at an institution's desk and the regulator's."""

from __future__ import annotations

from wtforms import StringField, TextAreaField

from portal.domain.accounts import LONGEST_USERNAME
from portal.web.forms import Form, at_most, needed
from portal.web.language import lazy

LONGEST_NAME = 100
_REASON = 500


class PersonForm(Form):
    """Somebody to add; the user name may be left out."""

    name = StringField(
        lazy("姓名"), [needed("people.name_missing"), at_most(LONGEST_NAME, "people.name_long")]
    )
    username = StringField(lazy("用户名"), [at_most(LONGEST_USERNAME, "people.username_long")])


class SlipForm(Form):
    """How the person who lost the password was recognised."""

    recognised = TextAreaField(lazy("怎样核实了身份"), [at_most(_REASON, "people.reason_long")])


class LeaveForm(Form):
    """Why an account ends."""

    reason = TextAreaField(lazy("停用理由"), [at_most(_REASON, "people.reason_long")])


class HandoverForm(Form):
    """Who follows a holder who has left, and why."""

    new_name = StringField(lazy("新负责人姓名"), [at_most(LONGEST_NAME, "people.name_long")])
    new_username = StringField(
        lazy("新负责人用户名"), [at_most(LONGEST_USERNAME, "people.username_long")]
    )
    why = TextAreaField(lazy("更换理由"), [at_most(_REASON, "people.reason_long")])
