"""The statements of the banks that are known, each a few lines of data (domain A5).

County bodies often bank with a rural credit union (农信社, 农商行), of which no format is known, and the
header of Minsheng's table (民生银行) is not either: those are read through a mapping.
"""

from __future__ import annotations

from ledger.intake.bank import BankLayout, format_of
from ledger.words import N_

ICBC_CORPORATE_2 = BankLayout(
    name="icbc-corporate-2",
    title=N_("工商银行对公明细（转入转出）"),
    moment="交易时间",
    out="转出金额",
    into="转入金额",
    balance="余额",
    own_account="本方账号",
    party="对方单位",
    party_account="对方账号",
    summary="摘要",
    note="用途",
    more_notes=("附言",),
)

ICBC_PERSONAL = BankLayout(
    name="icbc-personal",
    title=N_("工商银行个人明细"),
    date="交易日期",
    out="记账金额(支出)",
    into="记账金额(收入)",
    balance="余额",
    currency="记账币种",
    party="对方户名",
    party_account="对方账户",
    summary="摘要",
    note="交易详情",
    more_notes=("交易场所",),
    also=("钞/汇",),
    optional=("对方账户", "交易详情"),
)
"""The amounts are those booked (记账); 交易金额 is what was paid, perhaps in another currency."""

ABC = BankLayout(
    name="abc-detail",
    title=N_("农业银行明细"),
    date="交易日期",
    time="交易时间",
    amount="交易金额",
    balance="本次余额",
    party="对手信息",
    serial="日志号",
    summary="交易摘要",
    note="交易附言",
    also=("交易渠道",),
    dates="20260313",
    written=(("交易金额", r"[+-][0-9,]+\.[0-9]{2}"),),
)
"""日志号 is 0000000000 where the bank booked by itself (结息); it writes the sign of each amount."""

CCB = BankLayout(
    name="ccb-detail",
    title=N_("建设银行活期明细"),
    date="记账日",
    event_date="交易日期",
    time="交易时间",
    out="支出",
    into="收入",
    balance="账户余额",
    currency="币种",
    party="对方户名",
    party_account="对方账号",
    summary="摘要",
    note="交易地点",
    optional=("交易时间", "账户余额"),
    dates="20260313",
)

BOC_PERSONAL = BankLayout(
    name="boc-personal",
    title=N_("中国银行个人流水"),
    date="记账日期",
    time="记账时间",
    amount="金额",
    balance="余额",
    currency="币别",
    own_account="借记卡号",
    party="对方账户名",
    party_account="对方卡号/账号",
    summary="交易名称",
    note="附言",
    also=("网点名称", "对方开户行"),
    optional=("借记卡号",),
)

BOC_CORPORATE = BankLayout(
    name="boc-corporate",
    title=N_("中国银行对公明细"),
    date="交易日期",
    time="交易时间",
    direction="交易类型",
    amount="交易金额",
    balance="交易后余额",
    currency="交易货币",
    serial="交易流水号",
    payer="付款人名称",
    payer_account="付款人账号",
    payee="收款人名称",
    payee_account="收款人账号",
    summary="业务类型",
    note="用途",
    more_notes=("摘要", "交易附言"),
    optional=(
        *("交易时间", "交易货币", "交易流水号", "付款人账号", "收款人账号"),
        *("业务类型", "用途", "摘要", "交易附言"),
    ),
    dates="20260313",
    in_words=("来账",),
    out_words=("往账",),
    written=(("交易金额", r"[+-][0-9,]+\.[0-9]{2}"),),
)
"""Its header is bilingual, `交易类型[ Transaction Type ]`: columns are known by their Chinese part.

交易类型, 付款人名称 and 收款人名称 are certain; that date, amount and balance are called 交易日期, 交易金额
and 交易后余额, dates stand as 20260313, and the amount's sign agrees with 来账/往账, is taken from files that
others have described. The columns named optional are used where they are there.
"""

CMB = BankLayout(
    name="cmb-detail",
    title=N_("招商银行明细"),
    date="记账日期",
    amount="交易金额",
    balance="联机余额",
    currency="货币",
    party="对手信息",
    summary="交易摘要",
    note="客户摘要",
)

BOCOM_PERSONAL = BankLayout(
    name="bocom-personal",
    title=N_("交通银行个人明细"),
    date="交易日期",
    time="交易时间",
    direction="借贷",
    amount="交易金额",
    balance="余额",
    party="对方户名",
    party_account="对方账号",
    summary="交易类型",
    note="摘要",
    more_notes=("交易地点",),
    also=("序号",),
)
"""序号 counts the lines of one file, and is no number of the bank's."""

BOCOM_CORPORATE = BankLayout(
    name="bocom-corporate",
    title=N_("交通银行对公明细"),
    moment="交易时间",
    direction="借贷标志",
    amount="发生额",
    balance="余额",
    party="对方户名",
    party_account="对方账号",
    summary="摘要",
)

BOHAI = BankLayout(
    name="bohai-detail",
    title=N_("渤海银行明细"),
    date="交易日期",
    time="交易时间",
    out="借方发生额",
    into="贷方发生额",
    balance="账户余额",
    party="对方名称",
    party_account="对方账号",
    summary="摘要",
    note="附言",
)

LAYOUTS: tuple[BankLayout, ...] = (
    *(ICBC_CORPORATE_2, ICBC_PERSONAL, ABC, CCB, BOC_PERSONAL, BOC_CORPORATE),
    *(CMB, BOCOM_PERSONAL, BOCOM_CORPORATE, BOHAI),
)
FORMATS = tuple(map(format_of, LAYOUTS))
