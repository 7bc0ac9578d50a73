"""The golden vectors of docs/log-format.md hold, for our code and for a re-computation with hashlib and json alone."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.book.rows import encode_cells
from ledger.proof import canonical, merkle, private, signature

VECTORS = Path(__file__).parent / "vectors"


def load(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("utf-8"))


CANONICAL, MERKLE, SIGNING, PRIVATE = map(
    load, ("canonical.json", "merkle.json", "signing.json", "private.json")
)
LEAVES = [bytes.fromhex(leaf) for leaf in MERKLE["leaves"]]
HASHES = [bytes.fromhex(leaf) for leaf in MERKLE["leaf_hashes"]]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def plain(value: object) -> bytes:
    """The canonical form of values whose keys are ASCII, by the json module alone."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def tree(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return sha256(b"\x01" + tree(hashes[:half]) + tree(hashes[half:]))


@pytest.mark.parametrize("vector", CANONICAL["accepted"], ids=lambda v: v["bytes"][:20])
def test_a_value_has_exactly_these_canonical_bytes(vector):
    assert canonical.encode(vector["value"]) == vector["bytes"].encode()
    assert canonical.decode(vector["bytes"].encode()) == vector["value"]


@pytest.mark.parametrize("vector", CANONICAL["refused"], ids=lambda v: v["text"][:20] or "empty")
def test_bytes_in_any_other_form_are_refused(vector):
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(vector["text"].encode("utf-8", "surrogatepass"))


def test_leaf_hashes_and_roots_are_those_of_certificate_transparency():
    assert [sha256(b"\x00" + leaf) for leaf in LEAVES] == HASHES
    assert [merkle.leaf_hash(leaf) for leaf in LEAVES] == HASHES
    assert MERKLE["roots"][0] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert MERKLE["roots"][8] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    for size, root in enumerate(MERKLE["roots"]):
        assert tree(HASHES[:size]).hex() == root
        assert merkle.root_of(HASHES[:size]).hex() == root
        length, read = merkle.reader_over(HASHES[:size])
        assert merkle.root(length, read).hex() == root


def test_inclusion_proofs_are_those_of_the_vectors():
    _, read = merkle.reader_over(HASHES)
    assert len(MERKLE["inclusion"]) == 36
    for vector in MERKLE["inclusion"]:
        index, size = vector["index"], vector["size"]
        proof = [bytes.fromhex(step) for step in vector["proof"]]
        assert merkle.inclusion_proof(index, size, read) == proof
        assert merkle.inclusion_holds(HASHES[index], index, size, proof, bytes.fromhex(MERKLE["roots"][size]))


def test_consistency_proofs_are_those_of_the_vectors():
    _, read = merkle.reader_over(HASHES)
    roots = [bytes.fromhex(root) for root in MERKLE["roots"]]
    assert len(MERKLE["consistency"]) == 36
    for vector in MERKLE["consistency"]:
        old, new = vector["old"], vector["new"]
        proof = [bytes.fromhex(step) for step in vector["proof"]]
        assert merkle.consistency_proof(old, new, read) == proof
        assert merkle.consistency_holds(old, new, roots[old], roots[new], proof)


@pytest.mark.parametrize("vector", PRIVATE["private"], ids=lambda v: v["commitment"][:8])
def test_a_private_value_has_this_commitment(vector):
    salt = bytes.fromhex(vector["salt"])
    by_hand = sha256(b"sunbook/private/v1\x00" + salt + plain(vector["value"])).hex()
    assert vector["commitment"] == by_hand == private.Private(vector["value"], salt).commitment
    assert private.is_commitment({"private": by_hand})


def test_a_source_row_has_this_text_and_this_leaf():
    row = PRIVATE["source_row"]
    assert encode_cells(row["cells"]) == row["text"]
    assert canonical.encode(row["cells"]).decode() == row["text"]
    assert sha256(b"\x00" + bytes.fromhex(row["salt"]) + row["text"].encode()).hex() == row["leaf"]
    assert merkle.leaf_hash(bytes.fromhex(row["salt"]) + row["text"].encode()).hex() == row["leaf"]


def test_a_batch_has_these_leaves_this_root_and_this_signature():
    statements, batch = SIGNING["statements"], SIGNING["batch"]
    leaves = [sha256(b"\x02" + plain(statement)) for statement in statements]
    assert [leaf.hex() for leaf in leaves] == SIGNING["batch_leaves"]
    assert [signature.batch_leaf(statement) for statement in statements] == leaves
    assert tree(leaves).hex() == batch["root"]
    size, read = merkle.reader_over(leaves)
    for index, proof in enumerate(SIGNING["proofs"]):
        assert [step.hex() for step in merkle.inclusion_proof(index, size, read)] == proof
    ours = signature.Batch(batch["origin"], batch["count"], batch["sum_fen"], bytes.fromhex(batch["root"]))
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SIGNING["seed"]))
    public = key.public_key().public_bytes_raw()
    assert base64.b64encode(public).decode() == SIGNING["public"]
    assert signature.key_id(public) == SIGNING["key"] == sha256(public).hex()[:16]
    for context in (signature.SIGNOFF, signature.MONTH):
        vector = SIGNING["contexts"][context.decode()]
        signed = context + b"\x00" + plain(batch)
        assert ours.signed_bytes(context) == signed == bytes.fromhex(vector["signed"])
        assert signature.b64(key.sign(signed)) == vector["signature"]
        assert signature.holds(public, signature.unb64(vector["signature"]), signed)


def test_a_sign_off_is_checked_from_its_statement_to_its_signature():
    public = signature.unb64(SIGNING["public"])
    given = SIGNING["contexts"]["sunbook/signoff/v1"]["signature"]
    for index, statement in enumerate(SIGNING["statements"]):
        body = {name: value for name, value in statement.items() if name not in ("origin", "at")}
        place = {**SIGNING["batch"], "index": index, "proof": SIGNING["proofs"][index]}
        body |= {"batch": place, "signature": given}
        at = statement["at"]
        assert signature.statement(SIGNING["origin"], body, at) == statement
        assert signature.statement_holds(SIGNING["origin"], body, at, public)
        assert not signature.statement_holds(SIGNING["origin"], {**body, "text": "别的话"}, at, public)
        assert not signature.statement_holds("sunbook/other/0123456789abcdef", body, at, public)
        assert not signature.statement_holds(SIGNING["origin"], body, "2026-04-01T14:00:01+08:00", public)
        for name, other in (
            ("count", 4),
            ("sum_fen", 123457),
            ("index", (index + 1) % 3),
            ("root", "00" * 32),
        ):
            assert not signature.statement_holds(
                SIGNING["origin"], {**body, "batch": place | {name: other}}, at, public
            )
        month = SIGNING["contexts"]["sunbook/month/v1"]["signature"]
        assert not signature.statement_holds(SIGNING["origin"], {**body, "signature": month}, at, public)
        assert not signature.statement_holds(SIGNING["origin"], {**body, "signature": given[:-4]}, at, public)
