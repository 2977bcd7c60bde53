"""Routes of what people do with cases, and with concerns before anything is sent."""
