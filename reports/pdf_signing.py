"""§十二, the signature page: each institution's statement, who signed, and room for pen and seal."""

from __future__ import annotations

from ledger.money import capital, yuan
from ledger.sections import PartyLine
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports import pdf_grid, pdf_table, tables_signing, typeface
from reports.naming import PUBLIC
from reports.pdf_page import LEFT, Box, Flow, Label, Rule
from reports.wording import CHARITY_DECISIONS, DECISIONS, SUPERVISION_DECISIONS, Wording

SEAL = 60 * 72 / 25.4
"""Side of the seal's room: 60 mm, larger than any official seal."""


def draw(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """Draw one part for each institution, and the streamer's declaration."""
    flow.turn(landscape=False)
    if not flow.fresh:
        flow.new_page()
    flow.heading(words(N_("十二、签署页")))
    flow.text(
        words(
            N_(
                "各机构就其负责的内容签署。系统内确认是登录后的确认操作，不是《电子签名法》第十三条所称可靠电子签名；需要时请在下方手写签名并加盖公章。"
            )
        ),
        size=8.5,
        tone="soft",
    )
    if statement.audience == PUBLIC:
        flow.text(words(N_("公开版不签署；签名和公章见内部版，两版以封面摘要值对应。")), size=8.5, bold=True)
    for party in statement.parties:
        _party(flow, party, statement, words)
    _declaration(flow, statement, words)


def _party(flow: Flow, party: PartyLine, statement: MonthlyStatement, words: Wording) -> None:
    """Draw an institution's part: statement, figures, signers, boxes, signature and seal."""
    flow.need(150 if statement.audience == PUBLIC else SEAL + 150)
    flow.space(10)
    flow.text(words.name(party.name), size=11, bold=True, tone="accent")
    statement_text(flow, party.statement, words)
    flow.text(
        words(
            N_(
                "应签凭证 {required} 张：同意或已出意见 {agreed}，"
                "退回 {returned}，问询 {queried}，待签 {waiting}。"
            ),
            required=party.required,
            agreed=party.agreed,
            returned=party.returned,
            queried=party.queried,
            waiting=party.waiting,
        ),
        size=9,
    )
    flow.space(4)
    laid = pdf_grid.lay(tables_signing.signers((party,), words), words, wide=flow.width, size=8)
    pdf_table.draw(flow, laid, words)
    if statement.audience == PUBLIC:
        return
    decisions = SUPERVISION_DECISIONS if party.party == "discipline" else CHARITY_DECISIONS
    label = words(N_("监督意见：")) if party.party == "discipline" else words(N_("签署意见："))
    signing_area(flow, words, label=label, decisions=decisions)


def statement_text(flow: Flow, text: str, words: Wording) -> None:
    """Place the frozen statement text; it is signed in Chinese, so a translation stands below it."""
    flow.text(words(N_("声明：{text}"), text=text), size=9.5)
    translated = words(text)
    if translated != text:
        flow.text(translated, size=8.5, tone="soft")


def signing_area(flow: Flow, words: Wording, *, label: str, decisions: tuple[str, ...]) -> None:
    """Draw tick-boxes, lines for name, post and date, and the empty 60 × 60 mm for a seal."""
    flow.need(SEAL + 16)
    flow.space(8)
    top = flow.y
    seal = flow.right - SEAL
    flow.add(
        Box(seal, top - SEAL, SEAL, SEAL, line="faint", weight=0.6, dash=True),
        Label(
            seal + SEAL / 2,
            top - SEAL + 6,
            typeface.clean(words(N_("公章处（60×60 毫米）"))),
            7.5,
            tone="faint",
            align="centre",
        ),
    )
    wide = seal - LEFT - 20
    flow.space(12)
    if decisions:
        flow.add(Label(LEFT, flow.y, typeface.clean(label), 9.5, bold=True))
        flow.space(17)
        _boxes(flow, words, decisions, wide)
    flow.y = min(flow.y - 6, top - 84)
    for name in (N_("意见或理由："), N_("签名："), N_("职务："), N_("日期：")):
        text = typeface.clean(words(name))
        flow.add(Label(LEFT, flow.y, text, 9.5))
        flow.add(
            Rule(LEFT + typeface.width(text, 9.5) + 4, flow.y - 2, LEFT + wide, flow.y - 2, 0.5, "faint")
        )
        flow.space(25)
    flow.y = min(flow.y, top - SEAL) - 6


def _boxes(flow: Flow, words: Wording, decisions: tuple[str, ...], wide: float) -> None:
    """Draw the tick-boxes, as many on a line as there is room for."""
    x = LEFT
    for code in decisions:
        text = "□ " + typeface.clean(words(DECISIONS[code]))
        used = typeface.width(text, 10)
        if x > LEFT and x + used > LEFT + wide:
            x = LEFT
            flow.space(17)
        flow.add(Label(x, flow.y, text, 10))
        x += used + 16
    flow.space(17)


def _declaration(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """Draw the streamer's declaration of what reached the own account and what was handed over."""
    tips = statement.tips
    earned = (line.host for line in statement.broadcasts if line.host and line.gross_fen)
    hosts = words.listing(dict.fromkeys(earned))
    flow.need(SEAL + 80)
    flow.space(10)
    flow.text(words(N_("主播声明")), size=11, bold=True, tone="accent")
    flow.text(
        words(
            N_(
                "本人账户本期收到提现 {received} 元（{received_capital}），期初代收 {opening} 元；"
                "已上缴监管专户 {handed} 元"
                "（{handed_capital}），期末尚未上缴 {held} 元。款项无截留、无挪用。"
            ),
            received=yuan(tips.to_card_fen),
            received_capital=capital(tips.to_card_fen),
            opening=yuan(tips.opening_in_hands_fen),
            handed=yuan(tips.handed_over_fen),
            handed_capital=capital(tips.handed_over_fen),
            held=yuan(tips.in_hands_fen),
        ),
        size=9.5,
    )
    if hosts:
        flow.text(words(N_("主播：{names}"), names=hosts), size=9)
    flow.text(words(N_("主播不得作为三方签署人。")), size=8, tone="soft")
    if statement.audience == PUBLIC:
        return
    flow.space(12)
    half = flow.width / 2
    for place, name in enumerate((N_("签名："), N_("日期："))):
        text = typeface.clean(words(name))
        x = LEFT + place * half
        flow.add(Label(x, flow.y - 14, text, 9.5))
        flow.add(
            Rule(x + typeface.width(text, 9.5) + 4, flow.y - 16, x + half - 20, flow.y - 16, 0.5, "faint")
        )
    flow.space(24)
