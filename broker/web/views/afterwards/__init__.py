"""What comes after sending: where a referral stands, the call, stopping, replying, duties."""
