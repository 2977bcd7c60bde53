"""Routes that machines alone use: their tokens, what the API looks like, evaluations."""
