"""Sealed keys and signatures: the wrong password, a changed part, another context, another key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Forbidden
from ledger.proof import signature
from ledger.proof.signature import Batch, SealedKey, Work, WrongPassword, b64, open_key, seal_new_key, unb64

CHEAP = Work(1, 8, 1)
PASSWORD = "签名口令-2026"
SEALED = seal_new_key(PASSWORD, CHEAP)
BATCH = Batch("sunbook/demo/0123456789abcdef", 2, 100, bytes(32))


def test_a_sealed_key_opens_with_its_password_and_signs_for_its_public_half():
    key = open_key(SEALED, PASSWORD)
    assert key.public_key().public_bytes_raw() == SEALED.public
    assert signature.holds(SEALED.public, key.sign(b"x"), b"x")


@pytest.mark.parametrize(
    "wrong", ["", "签名口令-2027", PASSWORD + " ", PASSWORD.lower() + "x", "\0" + PASSWORD]
)
def test_another_password_does_not_open_it(wrong):
    with pytest.raises(WrongPassword) as caught:
        open_key(SEALED, wrong)
    assert isinstance(caught.value, Forbidden)


def test_the_same_password_opens_it_whichever_way_the_keyboard_composes_its_letters():
    sealed = seal_new_key("caf\u00e9-2026", CHEAP)
    assert open_key(sealed, "cafe\u0301-2026").public_key().public_bytes_raw() == sealed.public


@pytest.mark.parametrize("part", ["public", "salt", "nonce", "box"])
def test_a_sealed_key_of_which_any_part_was_changed_does_not_open(part):
    changed = bytearray(getattr(SEALED, part))
    changed[-1] ^= 1
    with pytest.raises(WrongPassword):
        open_key(replace(SEALED, **{part: bytes(changed)}), PASSWORD)


def test_a_public_key_put_in_the_place_of_another_does_not_open():
    other = seal_new_key(PASSWORD, CHEAP)
    with pytest.raises(WrongPassword):
        open_key(replace(SEALED, public=other.public), PASSWORD)
    with pytest.raises(WrongPassword):
        open_key(replace(SEALED, work=Work(2, 8, 1)), PASSWORD)


def test_two_keys_of_one_password_have_nothing_in_common():
    other = seal_new_key(PASSWORD, CHEAP)
    for part in ("public", "salt", "nonce", "box"):
        assert getattr(other, part) != getattr(SEALED, part)


def test_a_sealed_key_is_stored_as_one_line_and_read_back_and_holds_no_secret_in_clear():
    text = SEALED.to_text()
    assert "\n" not in text
    assert SealedKey.from_text(text) == SEALED
    raw = open_key(SEALED, PASSWORD).private_bytes_raw()
    assert raw not in SEALED.box
    assert b64(raw) not in text


@pytest.mark.parametrize(
    "text", ["", "1", "2:1,8,1:AA==:AA==:AA==:AA==", "1:1,8:AA==:AA==:AA==:AA==", "1:1,8,1:!:AA==:AA==:AA=="]
)
def test_another_text_is_no_sealed_key(text):
    with pytest.raises(ValueError, match=r".*"):
        SealedKey.from_text(text)


def test_the_default_cost_of_opening_a_key_is_that_of_rfc_9106():
    assert Work() == Work(passes=3, memory_kib=65536, lanes=1)


def test_a_signature_for_one_context_is_worthless_in_another():
    key = open_key(SEALED, PASSWORD)
    contexts = (signature.SIGNOFF, signature.MONTH, signature.SEAL, b"sunbook/signoff/v2", b"")
    for made in contexts:
        good = key.sign(BATCH.signed_bytes(made))
        for asked in contexts:
            assert signature.holds(SEALED.public, good, BATCH.signed_bytes(asked)) == (made == asked)


@pytest.mark.parametrize(
    "other",
    [
        replace(BATCH, origin="sunbook/demo/0123456789abcdee"),
        replace(BATCH, count=3),
        replace(BATCH, sum_fen=101),
        replace(BATCH, sum_fen=-100),
        replace(BATCH, root=b"\1" * 32),
    ],
)
def test_origin_count_sum_and_root_are_all_under_the_signature(other):
    good = open_key(SEALED, PASSWORD).sign(BATCH.signed_bytes())
    assert signature.holds(SEALED.public, good, BATCH.signed_bytes())
    assert not signature.holds(SEALED.public, good, other.signed_bytes())


@given(st.integers(0, 511))
def test_a_signature_with_any_bit_changed_does_not_hold(bit):
    good = GOOD
    bad = bytearray(good)
    bad[bit // 8] ^= 1 << bit % 8
    assert signature.holds(SEALED.public, good, b"x")
    assert not signature.holds(SEALED.public, bytes(bad), b"x")


GOOD = open_key(SEALED, PASSWORD).sign(b"x")


def test_another_key_or_no_key_at_all_holds_nothing():
    other = seal_new_key(PASSWORD, CHEAP)
    for public in (other.public, b"", bytes(31), bytes(33), b"\xff" * 32):
        assert not signature.holds(public, GOOD, b"x")
    for short in (b"", GOOD[:63], GOOD + b"\0"):
        assert not signature.holds(SEALED.public, short, b"x")


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q Q==", "QQ==\n", "_-==", "QQ==QQ==", "é"])
def test_base64_is_read_in_one_form_only(text):
    with pytest.raises(ValueError, match=r".*"):
        unb64(text)


@given(st.binary(max_size=100))
def test_base64_comes_back(data):
    assert unb64(b64(data)) == data


def test_a_key_is_named_by_the_beginning_of_its_hash():
    assert len(signature.key_id(SEALED.public)) == 16
    assert signature.key_id(SEALED.public) != signature.key_id(bytes(32))
