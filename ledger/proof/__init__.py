"""Canonical bytes, Merkle trees, commitments and signatures: bytes in, bytes or a verdict out.

Nothing here knows a database or a web page. `docs/log-format.md` is the
specification, with test vectors.
"""
