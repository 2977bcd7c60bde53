"""Words to machines: what is told to whom, and how it is sent."""
