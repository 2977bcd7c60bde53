from chain_fixtures import chain, clock, entropy, key, noon, signer, stranger

__all__ = ["chain", "clock", "entropy", "key", "noon", "signer", "stranger"]
