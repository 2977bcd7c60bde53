"""The commands of the portal: serve it, tell a code for a page, read what came back."""
