"""Rows that are worth minutes, in files beside the database: losing some costs little."""
