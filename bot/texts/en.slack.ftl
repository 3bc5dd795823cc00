# What the bot says in Slack alone. The first three and the button of a form have at most 24 characters there.

slack-title = Pulse
slack-close = Close
slack-send = Send
slack-moment = One moment, please…
slack-noted = Got it, thank you.
slack-groups = Or groups of people
slack-installed = Pulse is in your workspace now. You can close this page and go back to Slack.
slack-not-installed = That did not work, and nothing was installed. Please begin again from the install address.
