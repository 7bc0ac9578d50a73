"""The only place that opens or commits a transaction: log, projections, desk, verification."""
