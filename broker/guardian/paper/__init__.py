"""What a Guardian looks at as pages: a document before it goes, and the files beside it."""
