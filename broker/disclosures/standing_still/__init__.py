"""Where a delivery stands still or has ended: said to be there, sent once more, sent anew."""
