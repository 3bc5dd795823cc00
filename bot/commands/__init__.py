"""What can be said on the command line, beside running the bot."""
