"""The HTTP API: JSON in, JSON out, problem documents for what cannot be done (RFC 9457)."""
