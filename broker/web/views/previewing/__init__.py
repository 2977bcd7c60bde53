"""What a recipient would see before anything is sent: the document, what a file becomes."""
