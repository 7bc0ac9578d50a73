"""Separation of duties: who may do what, for each of the fourteen people of a book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.book import (
    accounts,
    broadcasts,
    corrections,
    declarations,
    drafts,
    keys,
    opening,
    roster,
    signoff,
)
from ledger.book.compose import compose
from ledger.book.duties import ACTIONS, ROLES, ROSTER, SIGNING_PARTIES, NotYourDuty, require
from ledger.errors import Conflict, Forbidden, Invalid, NotFound
from ledger.months import Month
from tests.books import CHEAP, SEATS, SIGNERS, Office, at, new_entry

MAY = {
    "draft": {"recorder", "accountant", "cashier", "redcross-clerk", "charity-clerk"},
    "post": {"checker", "accountant"},
    "sign": {"redcross", "charity", "discipline"},
    "opening": {"accountant"},
    "declare": {"recorder"},
    "broadcast": {"recorder", "accountant"},
    "import": {"recorder", "accountant", "cashier"},
    "paper": {"checker", "accountant", "redcross-clerk", "charity-clerk"},
    "roles": {"secadmin"},
    "keys": {"secadmin"},
    "policy": {"secadmin"},
    "accounts": {"sysadmin"},
    "audit": {"auditadmin"},
}


@pytest.mark.parametrize("action", MAY)
def test_each_action_belongs_to_exactly_these_people(sqlite_office: Office, action):
    able = {login for login in SEATS if sqlite_office.who(login).may(action)}
    assert able == MAY[action]
    for login in set(SEATS) - able:
        with pytest.raises(NotYourDuty) as caught:
            require(sqlite_office.who(login), action)
        assert isinstance(caught.value, Forbidden)


def test_no_role_both_records_and_signs_and_no_administrator_does_either():
    recording = {"draft", "post", "declare", "broadcast", "import", "opening"}
    for name, role in ROLES.items():
        assert not ("sign" in role.actions and role.actions & recording), name
        if name.endswith("admin"):
            assert not role.actions & (recording | {"sign", "paper", "reply"}), name
            others = [other for other in ROLES if other.endswith("admin") and other != name]
            for other in others:
                assert not (role.actions & ROLES[other].actions) - {"verify"}, (name, other)
    assert {action for role in ROLES.values() for action in role.actions} == set(ACTIONS)


def test_the_smallest_roster_is_filled_by_thirteen_different_people(sqlite_office: Office):
    seats = sqlite_office.read(lambda s: roster.roster(s, sqlite_office.book))
    assert [(seat.party, seat.role) for seat in seats] == list(ROSTER)
    people = [member.person for seat in seats for member in seat.members]
    assert len(people) == len(set(people)) == len(ROSTER)


def test_one_person_has_one_seat_until_it_is_given_up(office: Office):
    security = office.who("secadmin")

    def join(person: str, party: str, role: str) -> int:
        return office.write(
            lambda s: roster.join(
                s, security, person=person, name="张某某", party=party, role=role, post="", at=office.tick()
            )
        ).index

    for party, role in (("redcross", "signer"), ("charity", "signer"), ("operator", "viewer")):
        with pytest.raises(Conflict):
            join("p-charity", party, role)
    with pytest.raises(NotYourDuty):
        join("p-secadmin", "operator", "viewer")
    seat = office.read(lambda s: next(m for m in roster.members(s, office.book) if m.person == "p-charity"))
    office.write(lambda s: roster.leave(s, security, seat.idx, reason="调离", at=office.tick()))
    with pytest.raises(NotFound):
        office.read(lambda s: roster.actor(s, office.book, "p-charity"))
    with pytest.raises(NotFound):
        office.write(lambda s: roster.leave(s, security, seat.idx, reason="调离", at=office.tick()))
    join("p-charity", "charity", "viewer")
    assert office.read(lambda s: roster.actor(s, office.book, "p-charity")).role == "viewer"


@pytest.mark.parametrize(
    ("party", "role"),
    [
        (p, r)
        for r, role in ROLES.items()
        for p in ("operator", "redcross", "discipline", "administration", "guild")
        if p not in role.parties
    ],
)
def test_a_role_of_another_kind_of_party_is_refused(sqlite_office: Office, party, role):
    with pytest.raises(Invalid):
        sqlite_office.write(
            lambda s: roster.join(
                s,
                sqlite_office.who("secadmin"),
                person="p-new",
                name="张某某",
                party=party,
                role=role,
                post="",
                at=sqlite_office.tick(),
            )
        )


def test_nobody_posts_an_own_draft_and_nobody_signs_what_went_through_the_own_hands(office: Office):
    draft = office.draft("accountant", new_entry("BANK_FEE", amount=500))
    with pytest.raises(NotYourDuty, match="制单人不能审核"):
        office.post(draft, "accountant")
    for login in set(SEATS) - MAY["post"]:
        with pytest.raises(NotYourDuty):
            office.post(draft, login)
    record = office.post(draft, "checker")[0]
    for login in set(SEATS) - set(SIGNERS):
        with pytest.raises((NotYourDuty, Invalid)):
            office.sign(login, record.index)


def test_whoever_drafted_does_not_sign_even_as_a_signer_by_now(office: Office):
    """The clerk becomes the signer: what he drafted before stays closed to him."""
    shot = office.write(office.document)
    facts = {"activity": "助学", "place": "示例镇", "beneficiaries": 1, "payee": "李某"}
    record = office.entry(
        "SPEND",
        "charity-clerk",
        "accountant",
        charity="charity",
        amount=100,
        facts=facts,
        attachments=(shot,),
    )
    security = office.who("secadmin")

    def promote(session) -> None:
        for member in roster.members(session, office.book):
            if member.person in ("p-charity", "p-charity-clerk"):
                roster.leave(session, security, member.idx, reason="换届", at=office.tick())
        roster.join(
            session,
            security,
            person="p-charity-clerk",
            name="郑某某",
            party="charity",
            role="signer",
            post="",
            at=office.tick(),
        )

    office.write(promote)
    office.actors["charity-clerk"] = office.read(lambda s: roster.actor(s, office.book, "p-charity-clerk"))
    office.new_key("charity-clerk")
    with pytest.raises(NotYourDuty, match="自己经手"):
        office.sign("charity-clerk", record.index)


def test_the_host_neither_records_nor_declares_posts_corrects_or_signs_the_own_broadcast(office: Office):
    for login in ("recorder", "accountant"):
        with pytest.raises(NotYourDuty):
            office.write(
                lambda s, who=office.who(login): broadcasts.record(
                    s,
                    who,
                    title="助农",
                    starts_at=at(3, "20:00"),
                    ends_at=None,
                    accounts=("A01",),
                    department="",
                    host="张某某",
                    host_person=who.person,
                    at=office.tick(),
                )
            )
    hosted = {
        login: f"2026-{n:04d}" for n, login in enumerate(("recorder", "checker", "charity", "accountant"), 1)
    }
    for day, (login, number) in enumerate(hosted.items(), 3):
        if login == "recorder":
            broadcasts_by_accountant(office, number, day, "p-recorder")
        else:
            office.broadcast(number, day=day, host_person=f"p-{login}")
    office.now = at(10)
    shot = office.write(office.document)
    tip = {"gross": 10, "share": 5, "account": "A01", "attachments": (shot,)}
    with pytest.raises(NotYourDuty):
        office.write(
            lambda s: declarations.declare(
                s,
                office.who("recorder"),
                hosted["recorder"],
                shown=(("A01", 1, None),),
                captured_at=at(3, "23:00"),
                attachments=[shot],
                at=office.tick(),
            )
        )
    with pytest.raises(NotYourDuty):
        office.draft("recorder", new_entry("TIP", broadcast=hosted["recorder"], **tip))
    with pytest.raises(NotYourDuty):
        office.post(office.draft("recorder", new_entry("TIP", broadcast=hosted["checker"], **tip)), "checker")
    record = office.entry("TIP", "recorder", broadcast=hosted["charity"], **tip)
    with pytest.raises(NotYourDuty):
        office.sign("charity", record.index)
    office.sign("redcross", record.index)
    other = office.entry("TIP", "recorder", broadcast=hosted["accountant"], **tip)
    with pytest.raises(NotYourDuty):
        office.write(
            lambda s: corrections.prepare(
                s,
                office.who("accountant"),
                other.index,
                right=None,
                reason="不应存在",
                day=date(2026, 3, 10),
                at=office.tick(),
            )
        )


def broadcasts_by_accountant(office: Office, number: str, day: int, host: str) -> None:
    office.write(
        lambda s: broadcasts.record(
            s,
            office.who("accountant"),
            number=number,
            title="助农",
            starts_at=at(day, "20:00"),
            ends_at=at(day, "22:00"),
            accounts=("A01",),
            department="",
            host="张某某",
            host_person=host,
            at=office.tick(),
        )
    )


def test_a_clerk_drafts_and_reverses_the_spending_of_the_own_charity_only(office: Office):
    shot = office.write(office.document)
    facts = {"activity": "助学", "place": "示例镇", "beneficiaries": 1, "payee": "李某"}
    spend = {"amount": 100, "facts": facts, "attachments": (shot,)}
    for kind, more in (
        ("SPEND", {"charity": "redcross", **spend}),
        ("INTEREST", {"amount": 1}),
        ("GRANT_PAY", {"charity": "charity", "amount": 1, "attachments": (shot,)}),
    ):
        with pytest.raises(NotYourDuty):
            office.draft("charity-clerk", new_entry(kind, **more))
    own = office.entry("SPEND", "charity-clerk", "accountant", charity="charity", **spend)
    others = [
        office.entry(
            "SPEND", "redcross-clerk", "accountant", charity="redcross", **(spend | {"amount": 101})
        ),
        office.entry("INTEREST", amount=1),
        office.entry("GRANT_PAY", "cashier", charity="charity", amount=1, attachments=(shot,)),
    ]

    def reverse(login: str, index: int) -> drafts.Draft:
        return office.write(
            lambda s: corrections.prepare(
                s,
                office.who(login),
                index,
                right=None,
                reason="不应存在",
                day=date(2026, 3, 1),
                at=office.tick(),
            )
        )

    for record in others:
        with pytest.raises(NotYourDuty):
            reverse("charity-clerk", record.index)
    with pytest.raises(NotYourDuty):
        reverse("recorder", others[1].index)
    office.post(reverse("charity-clerk", own.index), "accountant")


@pytest.mark.parametrize("login", sorted(set(SEATS)))
def test_every_use_case_refuses_whoever_has_not_the_duty(sqlite_office: Office, login):
    """The same acts by everybody: only those whose duty it is get past the door."""
    office, actor = sqlite_office, sqlite_office.who(login)
    doors = {
        "broadcast": lambda s: accounts.open_account(
            s,
            actor,
            platform="wechat",
            handle="示例",
            owner_kind="institution",
            owner="县政府",
            at=office.tick(),
        ),
        "draft": lambda s: compose(s, actor, new_entry("SPEND"), at=office.tick()),
        "opening": lambda s: opening.compose(
            s, actor, period=Month(2026, 3), balances={}, items=(), year={}, attachments=[]
        ),
        "reply": lambda s: signoff.reply(s, actor, 1, text="a", attachments=[], at=office.tick()),
        "paper": lambda s: signoff.sign_on_paper(
            s,
            actor,
            (),
            party="charity",
            person="p-charity",
            decision="agree",
            attachments=[],
            at=office.tick(),
        ),
        "keys": lambda s: keys.confirm(s, actor, "nothing", at=office.tick()),
        "roles": lambda s: roster.leave(s, actor, 9999, reason="a", at=office.tick()),
    }
    for action, act in doors.items():
        message = ROLES[actor.role].name.zh
        try:
            office.write(act)
        except NotYourDuty as error:
            told = str(error)
            assert message in told or actor.may(action), (action, told)
            assert not actor.may(action) or "您的角色" not in told or action == "draft"
        except (Conflict, Invalid, NotFound):
            assert actor.may(action), action
        else:
            assert actor.may(action), action


def test_a_clerk_of_one_party_posing_as_another_is_stopped_by_the_entrys_duties(office: Office):
    """An actor comes from the log; even a forged one cannot sign with a key that is not enrolled for it."""
    record = office.entry("INTEREST", amount=1)
    key, private = office.unlock("charity")
    shown = office.shown(record.index)
    for forged in (
        replace(office.who("charity"), party="operator"),
        replace(office.who("charity"), person="p-redcross", party="redcross"),
    ):
        with pytest.raises((NotYourDuty, Conflict)):
            office.write(
                lambda s, forged=forged: signoff.sign(
                    s, forged, shown, decision="agree", key=key, private=private, at=office.tick()
                )
            )
    assert set(SIGNING_PARTIES) == {"redcross", "charity", "discipline"}


def test_only_signers_get_a_key_and_another_person_confirms_it(office: Office):
    for login in set(SEATS) - set(SIGNERS):
        with pytest.raises(NotYourDuty):
            office.write(
                lambda s, who=office.who(login): keys.request(
                    s, who, signing_password="签名口令-2026", at=office.tick(), work=CHEAP
                )
            )
