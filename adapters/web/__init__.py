"""The web chat: a page that the bot serves itself, for trying it and for people without a chat seat."""
