"""Views of the record: how it stands, its entries, what it committed to, and its exports."""
