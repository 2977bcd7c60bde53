"""The pages of administrators: the people of their own body, and what their body has settled."""
