"""Sunbook 晒账本: the ledger of a public-welfare livestream."""

__version__ = "0.1.0"
