"""Slack: speaks to people in direct messages, a modal and the Home tab."""
