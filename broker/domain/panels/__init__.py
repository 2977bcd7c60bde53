"""What a panel meets about: its meetings, who is asked to them, and the pack that they read."""
