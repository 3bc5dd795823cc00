"""Microsoft Teams: speaks to people in the personal chat, with Adaptive Cards."""
