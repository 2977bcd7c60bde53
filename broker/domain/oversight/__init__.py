"""What whoever answers for the work keeps about it: proposals, reviews, documents, supervision."""
