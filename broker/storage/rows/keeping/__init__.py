"""For how long things are kept: as bodies set it, as leads answer, as long as somebody must."""
