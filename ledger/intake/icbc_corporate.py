"""ICBC corporate statement `historydetail` (domain A5): 借 is money out, the bank's side.

A voucher number (凭证号) may be 0 and is not unique by itself, so the key names the movement: own account,
number, time, direction, fen, balance after. Rows without a number add their occurrence, so that
two equal payments stay two.
"""

from __future__ import annotations

from ledger.intake.bank import BankLayout, format_of
from ledger.words import N_

FORMAT = format_of(
    BankLayout(
        name="icbc-corporate",
        title=N_("工商银行对公明细"),
        moment="交易时间",
        direction="借/贷",
        out="借方发生额",
        into="贷方发生额",
        balance="余额",
        own_account="本方账号",
        serial="凭证号",
        party="对方单位名称",
        party_account="对方账号",
        summary="摘要",
        note="用途",
        in_words=("贷",),
        out_words=("借",),
    )
)
