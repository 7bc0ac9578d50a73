"""What may not stand in a text about a group of people: numbers that identify, and lists of names (PIPL art. 4–6, 28)."""

from __future__ import annotations

import re
import unicodedata

from ledger.errors import Invalid
from ledger.words import N_, Text

NUMBERS: tuple[tuple[re.Pattern[str], Text], ...] = (
    (re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9])"), Text("身份证号", "an identity card number")),
    (re.compile(r"(?<![0-9])[3-6][0-9]{15,18}(?![0-9])"), Text("银行卡号", "a bank card number")),
    (re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"), Text("手机号", "a mobile number")),
)

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛"
    "樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁"
    "冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米"
    "柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
"""Common family names of one character; a person's name is one of them and one or two characters more."""

GROUPS = re.compile(
    r"(中生|小学生|大学生|学生|老人|军人|残疾人|病人|工人|农民|牧民|居民|村民|渔民|移民|市民|儿童|孤儿|少年|青年|幼儿"
    r"|家属|烈属|军属|妇女|母亲|父亲|职工|员工|教师|师生|医生|护士|人员|群众|对象|困难户|低保户|五保户|贫困户|脱贫户|农户"
    r"|户|家庭|患者|志愿者|者|村|镇|乡|校|班|社区|点|院|所|站|乡亲|群体)$"
)
"""Endings of words for a group; such a word is no name, whatever it begins with."""

SEPARATORS = re.compile(r"[、，,；;/|\s]+|(?<=[\u4e00-\u9fff])[和及与](?=[\u4e00-\u9fff])")
NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
LONG_NAME = re.compile(r"(欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|令狐|东方|端木|司徒)[\u4e00-\u9fff]{1,2}")
MANY = 2


def refuse_numbers(*texts: str) -> None:
    """Raise Invalid for a text that holds an identity card, bank card or mobile number."""
    for text in texts:
        plain = unicodedata.normalize("NFKC", text).upper()
        joined = re.sub(r"(?<=[0-9])[ -](?=[0-9X])", "", plain)
        for pattern, what in NUMBERS:
            if pattern.search(joined):
                raise Invalid(
                    N_("“{text}…”里像是有{what}。活动登记是给大家看的，请不要写个人号码。"),
                    text=text[:6],
                    what=what,
                )


def refuse_names(text: str) -> None:
    """Raise Invalid for a text that looks like a list of persons' names instead of words for a group."""
    pieces = [piece for piece in SEPARATORS.split(unicodedata.normalize("NFKC", text)) if piece]
    names = [piece for piece in pieces if is_name(piece)]
    if names and (len(names) >= MANY or len(names) == len(pieces)):
        raise Invalid(
            N_("“{text}”像是个人名单。受益人只登记人数和群体，例如“示例镇低保户、孤寡老人”，不写姓名。"),
            text=text[:30],
        )


def is_name(piece: str) -> bool:
    """Say whether a word looks like a person's name: a common family name and one or two characters."""
    if GROUPS.search(piece):
        return False
    return bool(LONG_NAME.fullmatch(piece)) or (bool(NAME.fullmatch(piece)) and piece[0] in SURNAMES)
