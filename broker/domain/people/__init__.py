"""The nouns of people and their accounts: who may work here, as what, and how they sign in."""
