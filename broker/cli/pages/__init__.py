"""What commands print at length, a module for each page: no command, no call to a service."""
