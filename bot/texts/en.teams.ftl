# What the bot says in Microsoft Teams alone.

teams-elsewhere = I only talk in our own chat, where nobody else reads along. Please write to me there.
teams-open-chat = Open our chat
teams-noted = Got it.
teams-group-hint = In Teams, choose “Get link to team” and paste the link here.
