"""Other forms of a sealed document, where a recipient's profile asks for one: Word, or a zip."""
