"""How Word makes letters look: styles, colours, symbol fonts and the numbers of lists."""
