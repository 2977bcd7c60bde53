"""A referral while it is written: its draft, and what the gateway knows beside the answers."""
