"""Routes between bodies: requests and answers, concerns about sharing, a panel's meetings."""
