"""Merkle trees: every size up to 70, every index, every pair of sizes, and every proof tampered with."""

from __future__ import annotations

import hashlib

import pytest

from ledger.proof import merkle

SIZES = 70
LEAVES = [merkle.leaf_hash(number.to_bytes(2, "big")) for number in range(SIZES)]
_, READ = merkle.reader_over(LEAVES)


def tree(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return hashlib.sha256(b"\x01" + tree(hashes[:half]) + tree(hashes[half:])).digest()


ROOTS = [tree(LEAVES[:size]) for size in range(SIZES + 1)]


def flipped(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def spoilt(proof: list[bytes]) -> list[list[bytes]]:
    """Every way to spoil a proof: a step changed, left out, doubled, swapped; one more at either end."""
    changed = [[*proof[:n], flipped(proof[n]), *proof[n + 1 :]] for n in range(len(proof))]
    shorter = [proof[:n] + proof[n + 1 :] for n in range(len(proof))]
    doubled = [proof[: n + 1] + proof[n:] for n in range(len(proof))]
    swapped = [
        [*proof[:n], proof[n + 1], proof[n], *proof[n + 2 :]]
        for n in range(len(proof) - 1)
        if proof[n] != proof[n + 1]
    ]
    longer = [[*proof, bytes(32)], [bytes(32), *proof]]
    return changed + shorter + doubled + swapped + longer


def test_three_ways_to_a_root_agree_at_every_size():
    for size in range(SIZES + 1):
        assert merkle.root(size, READ) == merkle.root_of(LEAVES[:size]) == ROOTS[size]


def test_the_subtrees_that_each_leaf_completes_are_exactly_the_complete_subtrees():
    stored: dict[tuple[int, int], bytes] = {}
    for index, leaf in enumerate(LEAVES):
        stored[0, index] = leaf
        for level, place, value in merkle.completed(index, leaf, lambda level, at: stored[level, at]):
            assert (level, place) not in stored
            stored[level, place] = value
        size = index + 1
        assert len([key for key in stored if key[0]]) == size - (size).bit_count()
        assert merkle.root(size, lambda level, at: stored[level, at]) == ROOTS[size]


def test_every_leaf_of_every_tree_has_a_proof_that_holds_and_no_spoilt_one_does():
    for size in range(1, SIZES + 1):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, READ)
            assert merkle.inclusion_holds(LEAVES[index], index, size, proof, ROOTS[size])
            for bad in spoilt(proof):
                assert not merkle.inclusion_holds(LEAVES[index], index, size, bad, ROOTS[size])
            assert not merkle.inclusion_holds(flipped(LEAVES[index]), index, size, proof, ROOTS[size])
            assert not merkle.inclusion_holds(LEAVES[index], index, size, proof, flipped(ROOTS[size]))


def test_a_proof_holds_at_its_own_index_only():
    for size in range(1, SIZES + 1):
        for index in range(0, size, 3):
            proof = merkle.inclusion_proof(index, size, READ)
            holding = [
                other
                for other in range(-1, size + 2)
                if merkle.inclusion_holds(LEAVES[index], other, size, proof, ROOTS[size])
            ]
            assert holding == [index]


def test_every_older_tree_has_a_consistency_proof_that_holds_and_no_spoilt_one_does():
    for new in range(1, SIZES + 1):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old, new, READ)
            assert merkle.consistency_holds(old, new, ROOTS[old], ROOTS[new], proof)
            for bad in spoilt(proof):
                assert not merkle.consistency_holds(old, new, ROOTS[old], ROOTS[new], bad)
            assert not merkle.consistency_holds(old, new, flipped(ROOTS[old]), ROOTS[new], proof)
            assert not merkle.consistency_holds(old, new, ROOTS[old], flipped(ROOTS[new]), proof)


def test_a_tree_of_another_history_is_never_consistent():
    other = [*LEAVES[:10], merkle.leaf_hash(b"another"), *LEAVES[11:]]
    _, read = merkle.reader_over(other)
    for new in range(11, SIZES + 1):
        forked = merkle.root_of(other[:new])
        for old in range(11, new + 1):
            for reader in (READ, read):
                proof = merkle.consistency_proof(old, new, reader)
                assert not merkle.consistency_holds(old, new, ROOTS[old], forked, proof)


def test_sizes_that_make_no_sense_hold_nothing():
    proof = merkle.consistency_proof(3, 7, READ)
    for old, new in ((0, 7), (-3, 7), (7, 3), (2, 7), (4, 7), (3, 0), (3, 15), (3, 70)):
        assert not merkle.consistency_holds(old, new, ROOTS[3], ROOTS[7], proof)
    assert not merkle.consistency_holds(0, 0, ROOTS[0], ROOTS[0], [])
    assert not merkle.inclusion_holds(LEAVES[0], 0, 0, [], ROOTS[0])
    with pytest.raises(IndexError):
        merkle.inclusion_proof(7, 7, READ)
    with pytest.raises(IndexError):
        merkle.inclusion_proof(-1, 7, READ)
    for old, new in ((0, 7), (8, 7)):
        with pytest.raises(IndexError):
            merkle.consistency_proof(old, new, READ)


def test_a_leaf_a_node_and_a_batch_leaf_are_never_the_same_hash():
    left, right = LEAVES[0], LEAVES[1]
    hashes = {
        merkle.leaf_hash(left + right),
        merkle.node_hash(left, right),
        merkle.leaf_hash(left + right, merkle.BATCH_LEAF),
        hashlib.sha256(left + right).digest(),
    }
    assert len(hashes) == 4


def test_a_huge_claimed_size_is_answered_at_once():
    proof = [bytes(32)] * 53
    assert merkle.root_from_inclusion(LEAVES[0], 2**53 - 2, 2**53 - 1, proof[:10]) is None
    assert not merkle.consistency_holds(5, 2**53 - 1, ROOTS[5], ROOTS[6], proof)
