"""Every kind of record and the shape of its body: which fields, public or private.

A new kind of fact is a kind here, its projection in `projections`, and a line
in `docs/log-format.md` with a test vector. A shape never changes once records
of it exist: a new shape is a new record version.
"""

from __future__ import annotations

from ledger.store import kinds_welfare
from ledger.store.shapes import (
    Optional,
    Rule,
    anything,
    count,
    day,
    digest,
    each,
    hexadecimal,
    integer,
    mapping,
    moment,
    month,
    one_of,
    private,
    ranges,
    scalar_or_private,
    shape,
    text,
    word,
)

name = shape(zh=word, en=text)
attachment = shape(digest=digest, name=word, media=word, size=count)
attachments = each(attachment)
duty = shape(party=word, part=word, statement=word)
line = shape(account=word, dc=one_of("D", "C"), fen=integer)
memo = shape(
    kind=word, shop=text, product=text, orders=integer, gmv_fen=integer, amount_fen=integer, fee_fen=integer
)
rows = shape(file=count, ranges=ranges, count=count, root=digest)
set_aside = shape(
    use=one_of("memo", "unassigned", "repeated", "newer"),
    ranges=ranges,
    period=month,
    broadcast=Optional(word),
    memo=each(memo),
)
batch = shape(count=count, sum_fen=integer, root=digest, index=count, proof=each(digest))
leg = shape(account=word)
shown = shape(account=word, amount_fen=count, units=Optional(count))
broadcast: dict[str, Rule | Optional] = {
    "broadcast": word,
    "title": word,
    "starts_at": moment,
    "ends_at": Optional(moment),
    "department": text,
    "host": private,
    "host_person": Optional(word),
    "legs": each(leg),
}
spoken: dict[str, Rule | Optional] = {
    "entry": count,
    "leaf": digest,
    "party": word,
    "person": word,
    "role": word,
    "decision": word,
    "text": word,
    "reason": Optional(private),
    "previous": Optional(digest),
}

KINDS: dict[str, Rule] = {
    "book.opened": shape(code=word, name=name, county=name, hash_=one_of("sha-256"), nonce=hexadecimal(32)),
    "chart.adopted": shape(chart=mapping(anything)),
    "policy.set": shape(name=word, value=anything, reason=text),
    "party.named": shape(party=word, name=name),
    "member.joined": shape(
        person=word, party=word, role=word, post=text, name=private, confirmed_by=Optional(word)
    ),
    "member.left": shape(member=count, person=word, reason=text),
    "substitute.authorised": shape(
        party=word, absent=word, person=word, first_day=day, last_day=day, attachments=attachments
    ),
    "key.enrolled": shape(
        person=word,
        key=word,
        method=one_of("sealed-key"),
        public=word,
        replaces=Optional(word),
        confirmed_by=word,
    ),
    "key.ended": shape(key=word, reason=text),
    "account.opened": shape(
        account=word,
        platform=word,
        handle=word,
        owner_kind=one_of("institution", "personal"),
        owner=private,
    ),
    "account.filed": shape(
        account=word,
        filed_with=one_of("leaders", "discipline"),
        number=word,
        filed_on=day,
        attachments=attachments,
    ),
    "account.paused": shape(account=word, on_day=day, reason=word),
    "account.resumed": shape(account=word, on_day=day, reason=word),
    "broadcast.recorded": shape(**broadcast),
    "broadcast.amended": shape(**broadcast, reason=word),
    "broadcast.measured": shape(
        broadcast=word,
        figures=each(shape(account=word, name=word, unit=word, value=count, captured_at=moment)),
        attachments=attachments,
    ),
    "broadcast.declared": shape(
        broadcast=word, shown=each(shown), captured_at=moment, attachments=attachments
    ),
    "broadcast.zero": shape(broadcast=word, accounts=each(word), captured_at=moment, attachments=attachments),
    "broadcast.explained": shape(broadcast=word, account=word, difference_fen=integer, explanation=word),
    "file.received": shape(
        digest=digest,
        name=word,
        size=count,
        reader=word,
        version=count,
        kind=word,
        platform=text,
        header=each(text),
        fingerprint=digest,
        encoding=word,
        rows=count,
        root=digest,
        controls=each(shape(name=word, stated=integer, computed=integer, unit=word)),
        first_at=moment,
        last_at=moment,
    ),
    "file.discarded": shape(file=count, reason=word),
    "rows.set_aside": shape(file=count, groups=each(set_aside), drafter=word),
    "entry.posted": shape(
        period=month,
        seq=count,
        number=word,
        date=day,
        type=word,
        summary=word,
        amount_fen=integer,
        lines=each(line),
        broadcast=Optional(word),
        account=Optional(word),
        charity=Optional(word),
        drafter=word,
        draft=digest,
        attachments=attachments,
        rows=Optional(rows),
        memo=Optional(each(memo)),
        reverses=Optional(count),
        corrects=Optional(count),
        reason=Optional(word),
        facts=mapping(scalar_or_private),
        duties=each(duty),
    ),
    "opening.recorded": shape(
        period=month,
        drafter=word,
        draft=digest,
        amount_fen=integer,
        balances=each(shape(account=word, fen=integer)),
        items=each(shape(account=word, fen=integer, since=day, detail=text)),
        year=each(shape(account=word, fen=integer)),
        attachments=attachments,
        duties=each(duty),
    ),
    "signoff.signed": shape(**spoken, method=one_of("sealed-key"), key=word, signature=word, batch=batch),
    "signoff.paper": shape(**spoken, attachments=attachments),
    "query.replied": shape(signoff=count, text=private, attachments=attachments),
    "private.erased": shape(commitment=digest, reason=word),
    **kinds_welfare.KINDS,
}
