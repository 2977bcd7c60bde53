"""How partners' machines come in: what they show, what they get, what each call must prove."""
