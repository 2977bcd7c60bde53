"""The views: what a request for a page is answered with."""
