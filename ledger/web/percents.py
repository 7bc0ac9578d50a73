"""Percentages in forms: up to two decimals become ten-thousandths, without a float."""

from __future__ import annotations

import re

from ledger.web import forms
from ledger.web.language import gettext
from ledger.words import N_

PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", re.ASCII)


def ten_thousandths(given: forms.Given, name: str, label: str) -> int:
    """Return `12.5` (percent) as 1250; raise BadField for anything else."""
    typed = forms.text(given, name, label).removesuffix("%").rstrip()
    if not PERCENT.fullmatch(typed):
        raise forms.BadField(N_("“{label}”请写成 12.50 的样子：百分数，最多两位小数。"), label=gettext(label))
    whole, _, rest = typed.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))
