"""The gateway: takes referral packs in, has them judged, seals and delivers them."""
