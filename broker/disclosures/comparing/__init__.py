"""What rows of disclosures say otherwise than their case files, in columns beside the entries."""
