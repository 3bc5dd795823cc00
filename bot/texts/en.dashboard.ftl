### What stands on the pages of the dashboard. Short, plain, warm, exact; every number with what it stands on.

## The door
dash-title = golive-pulse
dash-skip = Skip to the page
dash-enter-title = Your dashboard
dash-enter = This link works once, and for a quarter of an hour after it was made.
dash-enter-button = Open it
dash-sign-in-title = The dashboard opens from your chat
dash-sign-in = Write “dashboard” to the bot, and it answers with a link of your own. Links work once.
dash-sign-in-administrator = Whoever runs the bot gets one with “pulse link --administrator”.
dash-sign-out = Sign out
dash-sign-out-everywhere = Sign out everywhere
dash-start-title = Your go-lives
dash-start-none = No go-live has been set up yet.
dash-start-when = Starts on { $date }
dash-live-since = Live since { $date }
dash-link-over-title = This link has been used or is too old
dash-link-over = Write “dashboard” to the bot once more, and it answers with a new one.
dash-knocks = Too many links that open nothing were tried just now. Please try yours again in a minute.
dash-signed-out-title = You are signed out
dash-signed-out = Nothing was changed. Write “dashboard” to the bot for a new link.
dash-elsewhere-title = That did not come from this page
dash-elsewhere = So nothing was changed. Please open the page again and send it from there.
dash-too-large-title = That is longer than we can take
dash-too-large = Please go back and shorten it; what you typed is still there.
dash-unclear-title = That could not be read
dash-unclear = Nothing was changed. Please open the page again.
dash-nowhere-title = There is nothing here for you
dash-nowhere = Perhaps the address lost a part on the way. The first page shows what is yours.
dash-not-yours-title = This page is for somebody else
dash-not-yours = The first page shows what is yours.
dash-not-taken = That was not taken
dash-first-page = To the first page

## The way in, said in the chat
dashboard-link = Your dashboard opens here. The link works once, within a quarter of an hour, and for you alone: { $url }
dashboard-open = Open the dashboard
dashboard-none = There is no dashboard here: this bot runs without its web pages.
