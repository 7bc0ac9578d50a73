"""Kinds of records about reconciliation, hand-over, allocation, spending, exceptions and the close."""

from __future__ import annotations

from ledger.store.shapes import (
    Optional,
    Rule,
    count,
    day,
    digest,
    each,
    integer,
    month,
    one_of,
    private,
    shape,
    text,
    word,
)

attachments = each(shape(digest=digest, name=word, media=word, size=count))
turnover = shape(account=word, debit_fen=integer, credit_fen=integer)

RECONCILING: dict[str, Rule] = {
    "calendar.loaded": shape(year=count, region=text, off=each(day), work=each(day), source=word),
    "profile.saved": shape(fingerprint=digest, name=word, reader=word),
    "statement.placed": shape(
        file=count, account=word, opening_fen=integer, closing_fen=integer, first_day=day, last_day=day
    ),
    "lines.matched": shape(
        account=word,
        period=month,
        statement=each(shape(file=count, row=count, fen=integer)),
        book=each(shape(entry=count, line=count, fen=integer)),
        how=one_of("proposed", "hand"),
        reason=Optional(word),
    ),
    "match.undone": shape(match=count, reason=word),
    "line.judged": shape(
        account=word,
        period=month,
        side=one_of("statement", "book"),
        source=count,
        line=count,
        fen=integer,
        state=one_of("transit", "query", "explained"),
        reason=word,
        expected=Optional(day),
    ),
    "balance.shown": shape(account=word, day=day, balance_fen=integer, attachments=attachments),
    "handover.declared": shape(
        through=day,
        host=private,
        host_person=Optional(word),
        withdrawn_fen=integer,
        handed_over_fen=integer,
        in_hands_fen=integer,
        text=word,
        method=one_of("screen", "paper"),
        attachments=attachments,
    ),
}

WELFARE: dict[str, Rule] = {
    "agreement.registered": shape(
        agreement=word,
        party=word,
        signed_on=day,
        first_day=day,
        last_day=Optional(day),
        accounts=each(word),
        share_bp=count,
        scope=word,
        reason=Optional(word),
        attachments=attachments,
    ),
    "resolution.passed": shape(
        resolution=word,
        passed_on=day,
        body=word,
        purpose=word,
        shares=each(shape(charity=word, fen=count)),
        attachments=attachments,
    ),
    "receipt.recorded": shape(
        entry=count,
        charity=word,
        code=text,
        number=word,
        check_code=text,
        issued_on=day,
        received_on=day,
        amount_fen=count,
        attachments=attachments,
    ),
    "receipt.reviewed": shape(receipt=count, charity=word, decision=one_of("agree", "query"), note=text),
    "goods.selected": shape(
        broadcast=word,
        goods=word,
        seller=word,
        relation=one_of("none", "related"),
        detail=text,
        slot_fee_fen=count,
        commission_bp=count,
        attachments=attachments,
    ),
    "cost.borne": shape(
        broadcast=Optional(word),
        day=day,
        what=one_of("promotion", "sample", "other"),
        detail=word,
        amount_fen=count,
        bearer=one_of("operator", "seller", "platform", "fund", "host", "other"),
        attachments=attachments,
    ),
    "event.recorded": shape(
        event=word,
        title=word,
        day=day,
        platform=text,
        handle=text,
        owner=private,
        promise=text,
        expected_fen=Optional(count),
        attachments=attachments,
    ),
    "activity.recorded": shape(
        activity=word,
        title=word,
        organisers=each(word),
        day=day,
        place=word,
        beneficiaries=count,
        who=text,
        goods=each(shape(name=word, quantity=count, unit=text, fen=count)),
        volunteers=each(shape(name=private, minutes=count)),
        payee=Optional(private),
        intent=text,
        spending=each(count),
        reason=Optional(word),
        attachments=attachments,
    ),
    "relation.declared": shape(entry=count, relation=one_of("none", "related"), detail=Optional(private)),
    "evidence.added": shape(record=count, note=text, attachments=attachments),
}

CLOSING: dict[str, Rule] = {
    "exception.settled": shape(
        period=month,
        rule=word,
        subject=word,
        facts=digest,
        outcome=one_of("explained", "corrected", "referred", "accepted"),
        text=word,
    ),
    "warning.overridden": shape(entries=each(count), rule=word, subject=text, reason=word),
    "month.closed": shape(
        period=month,
        drafter=word,
        draft=digest,
        vouchers=each(count),
        checklist=each(shape(item=word, state=one_of("done", "open", "none"), detail=text)),
        balances=each(shape(account=word, fen=integer)),
        year=each(turnover),
        total=each(turnover),
    ),
    "disclosure.made": shape(duty=word, subject=word, done_on=day, link=text, attachments=attachments),
}

KINDS: dict[str, Rule] = {**RECONCILING, **WELFARE, **CLOSING}
