"""What is kept and for how long: periods, holds, memories, and what is erased for good."""
