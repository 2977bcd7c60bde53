"""The tables of the keystore file: what each holds, wrapped, and how a row is read and written."""
