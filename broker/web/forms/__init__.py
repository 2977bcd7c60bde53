"""Forms: what was asked and answered, into the parameters of the design system's macros."""
