"""Sign-off: what is seen is what is signed; decisions, reasons, chains, paper, substitutes, replaced keys, erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from ledger import intake
from ledger.book import erasure, keys, policies, roster, signoff, states
from ledger.errors import Conflict, Forbidden, Invalid, NotFound, SunbookError
from ledger.proof.private import Private
from ledger.proof.signature import WrongPassword, statement_holds, unb64
from ledger.store import log, verify
from ledger.store import tables as t
from ledger.store import tables_people as p
from tests.books import CHEAP, PASSWORD, SIGNERS, Office, at, check_everything, new_entry


@pytest.fixture
def signed(office: Office) -> tuple[Office, int, int]:
    """An office with two entries that wait for everybody."""
    return office, office.entry("INTEREST", amount=326).index, office.entry("BANK_FEE", amount=500).index


def state(office: Office, index: int) -> str:
    return office.read(lambda s: states.standings(s, office.book, [index]))[index].state


def sign(office: Office, login: str, shown, **more):
    key, private = office.unlock(login)
    given = {"decision": "agree", "key": key, "private": private, "at": office.tick(), **more}
    return office.write(lambda s: signoff.sign(s, office.who(login), tuple(shown), **given))


def test_a_batch_carries_count_sum_and_the_proof_of_each_record_and_its_signature_holds(signed):
    office, *indexes = signed
    records = office.sign("charity", *indexes)
    origin = office.read(lambda s: log.head(s, office.book).origin)
    public = unb64(office.unlock("charity")[0].public)
    for place, record in enumerate(records):
        batch = record.body["batch"]
        assert (batch["count"], batch["sum_fen"], batch["index"]) == (2, 826, place)
        assert statement_holds(origin, record.body, record.at, public)
        assert record.body["leaf"] == office.shown(record.body["entry"])[0].leaf
        assert "reason" not in record.body
        assert "previous" not in record.body


def test_an_entry_is_agreed_when_all_three_have_spoken_in_any_order(signed):
    office, first, second = signed
    for count, login in enumerate(SIGNERS, 1):
        assert state(office, first) == "pending"
        office.sign(login, first)
        standing = office.read(lambda s: states.standings(s, office.book, [first]))[first]
        assert len(standing.waiting_for) == 3 - count
    assert state(office, first) == "agreed"
    assert state(office, second) == "pending"


@pytest.mark.parametrize(
    ("login", "good", "bad"),
    [
        ("charity", ("agree", "return", "query"), ("no-irregularity", "rectify", "suspend", "approve", "")),
        ("redcross", ("agree", "return", "query"), ("no-irregularity", "rectify", "suspend", "AGREE")),
        ("discipline", ("no-irregularity", "query", "rectify", "suspend"), ("agree", "return", "approve")),
    ],
)
def test_each_party_decides_in_its_own_words_and_says_why_unless_it_agrees(office: Office, login, good, bad):
    entries = iter([office.entry("INTEREST", amount=n).index for n in range(1, len(good) + 1)])
    for decision in good:
        index = next(entries)
        if decision not in states.AGREED:
            with pytest.raises(Invalid, match="理由"):
                office.sign(login, index, decision=decision, reason=" ")
        reason = "" if decision in states.AGREED else "请说明。"
        (record,) = office.sign(login, index, decision=decision, reason=reason)
        assert record.body["decision"] == decision
        assert "请说明" not in record.data.decode()
        wanted = {"query": "queried", "agree": "pending", "no-irregularity": "pending"}.get(
            decision, "returned"
        )
        assert state(office, index) == wanted
    shown = office.shown(index)
    for decision in bad:
        with pytest.raises(Invalid):
            sign(office, login, shown, decision=decision, reason="因为")


def test_what_changed_after_it_was_shown_is_not_signed(signed):
    office, first, second = signed
    shown = office.shown(first, second)
    for bad in (
        [replace(shown[0], leaf="0" * 64)],
        [shown[0], replace(shown[1], leaf=shown[0].leaf)],
        [replace(shown[0], idx=second)],
        [replace(shown[0], leaf=shown[0].leaf.upper())],
    ):
        with pytest.raises(signoff.Changed) as caught:
            sign(office, "charity", bad)
        assert isinstance(caught.value, Conflict)
    with pytest.raises(NotFound):
        sign(office, "charity", [replace(shown[0], idx=9999)])
    for nothing in ([], [shown[0], shown[0]]):
        with pytest.raises(Invalid):
            sign(office, "charity", nothing)
    assert state(office, first) == "pending"


def test_a_record_that_is_no_entry_is_not_signed(signed):
    office, *_ = signed
    with pytest.raises(SunbookError):
        office.sign("charity", 0)


def test_one_bad_record_of_a_batch_signs_none(signed):
    office, first, second = signed
    office.sign("charity", first)
    with pytest.raises(signoff.AlreadySpoken):
        office.sign("charity", first, second)
    assert office.read(lambda s: states.waiting(s, office.book, "charity"))[-1] == second


def test_each_further_word_of_a_party_names_the_one_before(signed):
    office, first, _ = signed
    said = [
        office.sign("charity", first, decision="query", reason="谁汇入？")[0],
        office.sign("charity", first, decision="return", reason="没有回单")[0],
        office.sign("charity", first)[0],
        office.sign("charity", first, decision="return", reason="又发现问题")[0],
    ]
    assert [record.body.get("previous") for record in said] == [None, *(one.leaf.hex() for one in said[:3])]
    assert state(office, first) == "returned"
    spoken = office.read(lambda s: states.history(s, office.book, [first]))
    assert [word.decision for _, word in spoken] == ["query", "return", "agree", "return"]


def test_the_same_word_cannot_be_said_at_the_same_time_from_two_places(signed):
    """The database's own key stands behind the check: one word after one previous word."""
    office, first, _ = signed
    (record,) = office.sign("charity", first)
    with pytest.raises(signoff.AlreadySpoken), office.store.transaction(office.book) as session:
        body = {**record.body}
        signoff._append(session, office.who("charity"), "signoff.signed", body, office.tick())


def test_a_query_is_answered_and_the_party_speaks_again(signed):
    office, first, second = signed
    (asked,) = office.sign("redcross", first, decision="query", reason="请补充回单。")

    def reply(index: int, text: str, login: str = "recorder"):
        return office.write(
            lambda s: signoff.reply(
                s, office.who(login), index, text=text, attachments=[office.document(s)], at=office.tick()
            )
        )

    with pytest.raises(Invalid):
        reply(asked.index, " ")
    for login in ("viewer", "discipline", "sysadmin"):
        with pytest.raises(Forbidden):
            reply(asked.index, "已补充。", login)
    reply(asked.index, "已补充。")
    found = office.read(lambda s: signoff.replies(s, office.book, [asked.index]))
    assert [text for _, text, _ in found[asked.index]] == ["已补充。"]
    (agreed,) = office.sign("redcross", first)
    for index in (agreed.index, second, 0):
        with pytest.raises(NotFound):
            reply(index, "多余。")


# ---- paper -----------------------------------------------------------------------------------


def on_paper(office: Office, login: str, index: int, **more):
    shown = office.shown(index)
    given = {"party": "redcross", "person": "p-redcross", "decision": "agree", **more}

    def act(session):
        files = given.pop("attachments", None)
        files = [office.document(session, b"scan")] if files is None else files
        return signoff.sign_on_paper(
            session, office.who(login), shown, attachments=files, at=office.tick(), **given
        )

    return office.write(act)


def test_a_paper_sign_off_is_filed_by_a_second_person_and_never_counts_as_cryptographic(signed):
    office, first, _ = signed
    (record,) = on_paper(office, "redcross-clerk", first)
    assert record.kind == "signoff.paper"
    assert "signature" not in record.body
    word = office.read(lambda s: states.standings(s, office.book, [first]))[first].words["redcross"]
    assert (word.method, word.key) == ("paper", "")


@pytest.mark.parametrize(
    "more",
    [
        {"attachments": []},
        {"person": "p-charity"},
        {"person": "p-redcross-clerk"},
        {"person": "p-nobody"},
        {"party": "operator", "person": "p-recorder"},
        {"decision": "no-irregularity"},
        {"decision": "query"},
        {"login": "redcross"},
        {"login": "recorder"},
        {"login": "sysadmin"},
    ],
)
def test_a_paper_that_cannot_be_is_refused(sqlite_office: Office, more):
    index = sqlite_office.entry("INTEREST", amount=1).index
    login = more.pop("login", "accountant" if "person" not in more else "checker")
    if login == "accountant":
        login = "charity-clerk"
    with pytest.raises(SunbookError):
        on_paper(sqlite_office, login, index, **more)


def test_nobody_files_the_paper_of_what_he_signed_himself(office: Office):
    """A stand-in of the office's own party may not be signer and filer at once."""
    index = office.entry("INTEREST", amount=1).index
    with pytest.raises(SunbookError):
        on_paper(office, "redcross-clerk", index, person="p-redcross-clerk")


# ---- substitutes -----------------------------------------------------------------------------


def authorise(
    office: Office,
    first: date,
    last: date,
    person: str = "p-redcross-viewer",
    absent: str = "p-redcross",
    **more,
):
    def act(session):
        files = more.get("attachments", [office.document(session, b"authority")])
        return roster.authorise_substitute(
            session,
            office.who("secadmin"),
            absent=absent,
            person=person,
            first_day=first,
            last_day=last,
            attachments=files,
            at=office.tick(),
        )

    return office.write(act)


def test_a_substitute_signs_from_the_first_to_the_last_day_of_the_document_and_not_beyond(office: Office):
    indexes = [office.entry("INTEREST", amount=n).index for n in (1, 2, 3)]
    authorise(office, date(2026, 3, 2), date(2026, 3, 3))
    with pytest.raises(Forbidden):
        office.new_key("redcross-viewer")
    office.now = at(2, "00:00")
    office.new_key("redcross-viewer")
    office.sign("redcross-viewer", indexes[0])
    office.now = at(3, "23:50")
    office.sign("redcross-viewer", indexes[1])
    office.now = at(4, "00:00")
    with pytest.raises(Forbidden):
        office.sign("redcross-viewer", indexes[2])


@pytest.mark.parametrize(
    "more",
    [
        {"person": "p-charity"},
        {"person": "p-viewer"},
        {"person": "p-redcross-clerk"},
        {"person": "p-nobody"},
        {"absent": "p-redcross-clerk"},
        {"absent": "p-recorder", "person": "p-viewer"},
        {"first": date(2026, 3, 5)},
        {"attachments": []},
    ],
)
def test_a_substitution_that_cannot_be_is_refused(sqlite_office: Office, more):
    first = more.pop("first", date(2026, 3, 1))
    with pytest.raises(Invalid):
        authorise(sqlite_office, first, date(2026, 3, 4), **more)


# ---- keys ------------------------------------------------------------------------------------


def test_a_wrong_signing_password_opens_nothing(signed):
    office, *_ = signed
    for wrong in ("", PASSWORD + "x", PASSWORD.upper() if PASSWORD.upper() != PASSWORD else "x"):
        with pytest.raises(WrongPassword):
            office.unlock("charity", wrong)


def test_a_replaced_key_signs_nothing_more_and_what_it_signed_stays_valid(signed):
    office, first, second = signed
    old = office.unlock("charity")
    office.sign("charity", first)
    name = office.new_key("charity", "另一个口令-2026")
    assert name != old[0].key
    with pytest.raises(Conflict, match="更换"):
        office.write(
            lambda s: signoff.sign(
                s,
                office.who("charity"),
                office.shown(second),
                decision="agree",
                key=old[0],
                private=old[1],
                at=office.tick(),
            )
        )
    with pytest.raises(WrongPassword):
        office.unlock("charity")
    key, private = office.unlock("charity", "另一个口令-2026")
    assert key.key == name
    office.write(
        lambda s: signoff.sign(
            s,
            office.who("charity"),
            office.shown(second),
            decision="agree",
            key=key,
            private=private,
            at=office.tick(),
        )
    )
    check_everything(office.store)
    ended = office.read(lambda s: {key.key: key.ended_idx for key in keys.keys(s, office.book)})
    assert ended[old[0].key] is not None
    assert ended[name] is None


def test_a_signature_by_another_private_key_does_not_verify(signed):
    """The page could be fooled; verification is not."""
    office, first, _ = signed
    key, _ = office.unlock("charity")
    _, other = office.unlock("redcross")
    with office.store.transaction(office.book) as session:
        savepoint = session.connection().begin_nested()
        signoff.sign(
            session,
            office.who("charity"),
            (signoff.seen(session, office.book, [first])[0],),
            decision="agree",
            key=key,
            private=other,
            at=office.tick(),
        )
        verdict = verify.verify(session, office.book, derive=intake.derive)
        savepoint.rollback()
    assert [finding.where for finding in verdict.broken] == ["signoff"]


def test_an_ended_key_signs_nothing(signed):
    office, first, second = signed
    office.sign("charity", first)
    key, private = office.unlock("charity")
    office.write(lambda s: keys.end(s, office.who("secadmin"), key.key, reason="遗失", at=office.tick()))
    with pytest.raises(Invalid, match="还没有签名密钥"):
        office.sign("charity", second)
    with pytest.raises(Conflict):
        office.write(
            lambda s: signoff.sign(
                s,
                office.who("charity"),
                office.shown(second),
                decision="agree",
                key=key,
                private=private,
                at=office.tick(),
            )
        )
    with pytest.raises(NotFound):
        office.write(lambda s: keys.end(s, office.who("secadmin"), key.key, reason="再次", at=office.tick()))


def test_a_key_counts_only_when_another_person_confirmed_it(office: Office):
    def request(password: str = "新的口令-2026") -> str:
        return office.write(
            lambda s: keys.request(
                s, office.who("charity"), signing_password=password, at=office.tick(), work=CHEAP
            )
        )

    with pytest.raises(Invalid):
        request("short")
    before = office.unlock("charity")[0].key
    first = request()
    assert office.unlock("charity")[0].key == before
    second = request()
    with pytest.raises(NotFound):
        office.write(lambda s: keys.confirm(s, office.who("secadmin"), first, at=office.tick()))
    record = office.write(lambda s: keys.confirm(s, office.who("secadmin"), second, at=office.tick()))
    assert (record.body["confirmed_by"], record.by) == ("p-secadmin", "p-charity")
    assert record.body["replaces"] == before
    with pytest.raises(NotFound):
        office.write(lambda s: keys.confirm(s, office.who("secadmin"), second, at=office.tick()))


def test_no_secret_of_a_key_enters_the_log(office: Office):
    _, private = office.unlock("charity")
    raw = private.private_bytes_raw()
    for record in office.read(lambda s: list(log.records(s, office.book))):
        assert raw.hex() not in record.data.decode()
        assert PASSWORD not in record.data.decode()
        assert "sealed" not in record.body


# ---- erasing a private value -----------------------------------------------------------------


def test_an_erased_value_is_gone_and_everything_still_verifies(office: Office):
    shot = office.write(office.document)
    record = office.entry("HANDOVER", "cashier", amount=100, facts={"payer": "李某某"}, attachments=(shot,))
    office.sign_all(record.index)
    commitment = record.body["facts"]["payer"]["private"]
    before = office.read(lambda s: verify.verify(s, office.book, derive=None))
    erased = office.write(
        lambda s: erasure.erase(
            s, office.who("secadmin"), commitment, reason="本人要求删除", at=office.tick()
        )
    )
    assert erased.body == {"commitment": commitment, "reason": "本人要求删除"}
    after = office.read(lambda s: verify.verify(s, office.book, derive=intake.derive))
    assert after.sound
    assert (after.private_erased, after.private_open) == (1, before.private_open - 1)
    assert office.read(lambda s: log.opened(s, office.book, [commitment])) == {}
    assert office.read(lambda s: s.scalars(select(t.Erasure.commitment)).all()) == [commitment]
    with pytest.raises(Conflict, match="已经删除"):
        office.write(
            lambda s: erasure.erase(s, office.who("secadmin"), commitment, reason="再次", at=office.tick())
        )


def test_only_the_security_administrator_erases_with_a_reason_and_only_what_is_there(office: Office):
    commitment = office.read(lambda s: s.scalars(select(p.Membership.name)).first())
    assert commitment is not None
    for login in set(office.actors) - {"secadmin"}:
        with pytest.raises(Forbidden):
            office.write(
                lambda s, who=office.who(login): erasure.erase(
                    s, who, commitment, reason="a", at=office.tick()
                )
            )
    with pytest.raises(Invalid):
        office.write(
            lambda s: erasure.erase(s, office.who("secadmin"), commitment, reason=" ", at=office.tick())
        )
    for other in (Private("李某").commitment, "", "A" * 64, "no hex"):
        with pytest.raises(NotFound):
            office.write(
                lambda s, other=other: erasure.erase(
                    s, office.who("secadmin"), other, reason="a", at=office.tick()
                )
            )


def test_an_opening_deleted_without_a_record_is_a_finding(office: Office):
    office.write(lambda s: s.connection().exec_driver_sql("DELETE FROM private_value"))
    verdict = office.read(lambda s: verify.verify(s, office.book, derive=None))
    assert [finding.where for finding in verdict.broken] == ["private_value"]
    office.write(lambda s: [erase_record(office, s, c) for c in s.scalars(select(p.Membership.name)).all()])
    owners = office.read(lambda s: verify.verify(s, office.book, derive=None, most=99))
    assert len(owners.broken) == 2, "the owners of the two accounts"
    from ledger.store import tables_activity as a

    office.write(lambda s: [erase_record(office, s, c) for c in s.scalars(select(a.LiveAccount.owner)).all()])


def erase_record(office: Office, session, commitment: str) -> None:
    """Append the record without the use case: the value is gone already."""
    body = {"commitment": commitment, "reason": "补记"}
    log.append(session, office.book, "private.erased", body, by="p-secadmin", at=office.tick())


def test_an_administrator_has_nothing_to_sign_and_sees_nothing_waiting(signed):
    office, first, _ = signed
    for login in ("sysadmin", "secadmin", "auditadmin"):
        with pytest.raises(Forbidden):
            office.write(
                lambda s, who=office.who(login): signoff.check(
                    s, who, office.shown(first), decision="agree", reason="", at=office.tick()
                )
            )
        assert office.read(lambda s, who=office.who(login): states.waiting(s, office.book, who.party)) == []


def test_a_book_that_asks_two_parties_is_agreed_when_those_two_have_spoken(office: Office):
    asked = {"reason": "先由两会签认", "at": office.tick()}
    for who, parties, why in (
        ("accountant", ("charity",), asked),
        ("secadmin", (), asked),
        ("secadmin", ("operator",), asked),
        ("secadmin", ("charity",), asked | {"reason": " "}),
    ):
        with pytest.raises(SunbookError):
            office.write(
                lambda s, w=who, p=parties, a=why: policies.set_signing_parties(s, office.who(w), p, **a)
            )
    office.write(
        lambda s: policies.set_signing_parties(s, office.who("secadmin"), ("redcross", "charity"), **asked)
    )
    index = office.post(office.draft("accountant", new_entry("INTEREST", amount=1)))[0].index
    office.sign("redcross", index)
    with pytest.raises(Forbidden):
        office.sign("discipline", index)
    office.sign("charity", index)
    assert state(office, index) == "agreed"
