"""Forms on paper: one brought in as a draft, and a draft printed under the headings of either."""
