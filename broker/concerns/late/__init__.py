"""What nobody sends or reads: who hears of it before it goes."""
