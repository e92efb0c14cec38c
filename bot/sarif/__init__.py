"""A verdict as SARIF 2.1.0, the exchange format of code scanning."""
