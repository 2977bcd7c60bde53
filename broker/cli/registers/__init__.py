"""Commands of those who keep a register: whom we may send to, and who may act."""
