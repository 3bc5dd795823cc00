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

## What a figure says
figure-hidden = hidden
figure-band-few = few
figure-band-some = some
figure-band-half = about half
figure-band-many = many
figure-band-most = most
figure-exact = { $count } of { $asked }
figure-most = most of { $asked }
figure-some = { $count } or more of { $asked }
figure-between = { $low } to { $high } %
measure-answered = Answered
measure-people = People
measure-communication = Communication
measure-workflow = Workflow
measure-leadership = Leadership
measure-knowledge = First steps
measure-in_system = In the system

## Charts
chart-golive = go-live
chart-day = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
  }
chart-of = { $title }, { $team }
chart-least = at least
chart-largest = at most
chart-heat = How many say it goes well, by team
chart-heat-row = { $team }: { $list }.
chart-nothing = Nothing has been published yet.
chart-all-hidden = { $title }: every pulse so far is hidden.
chart-alt = { $title }: { $first } on { $before }, { $last } on { $date }. { $count ->
    [0] Nothing is hidden.
    [one] One pulse in between is hidden.
   *[other] { $count } pulses in between are hidden.
  }

## The overview and the page of a team
dash-nav = Pages
dash-nav-overview = Overview
dash-nav-team = Your team
dash-plan = The plan
dash-plan-alt = The plan as a ribbon: start on { $date }. { $day }
dash-from-to = { $first } to { $last }
dash-key-golive = start, { $date }
dash-key-today = today
dash-ready = Readiness
dash-ready-how = How many of those who answered gave good marks, as of the last pulse that asked. Nothing is shown about fewer than { $minimum } people.
dash-stands = Where it stands
dash-everybody = Everybody
dash-hidden = hidden
dash-unasked = not asked yet
dash-why-hidden = Hidden: too few answered, or the number would give a smaller group away. It is hidden everywhere alike.
dash-trends = How it went
dash-trends-how = Each bar is one pulse. The thick part says how many gave good marks, the thin one where the truth lies with 95 % certainty.
dash-as-table = As a table
dash-column-pulse = Pulse
dash-column-said = Good marks
dash-column-interval = 95 % interval
dash-column-asked = Asked
dash-column-team = Team
dash-some-hidden = { $count ->
    [one] One pulse is hidden: too few answered, or it would give a smaller group away.
   *[other] { $count } pulses are hidden: too few answered, or they would give a smaller group away.
  }
dash-no-pulse = No pulse has closed yet. The first figures will stand here.
dash-read-together = Read together, because one of them is smaller than { $minimum }: { $list }.
chart-now = { $date }: { $said }; { $asked } were asked.
chart-now-between = { $date }: { $said }, { $between }; { $asked } were asked.
dash-look-again = We took out what could name somebody, and this is how we would keep your words. Send them once more to keep them like this, or change them first.
dash-nothing-written = Please write something first.
dash-pager = Further pages
dash-pager-before = Earlier
dash-pager-after = Further
dash-pager-here = Page { $page } of { $pages }

## Alerts
dash-nav-alerts = Alerts
dash-alert-raised = new
dash-alert-acknowledged = somebody is on it
dash-alert-acted_on = something was done
dash-alert-sanctioned = agreed for now
dash-alert-closed = got better
dash-alert-dismissed = put aside
dash-raised = Raised on { $date }
dash-given-to = Given to { $name }
dash-dealt-by = Last dealt with by { $name }
dash-settled = Settled
dash-why = What it stands on
dash-do = What you can do
dash-deeds = Done and promised
dash-deed-done = Done on { $date }; the next pulse tells everybody.
dash-deed-told = Told to everybody on { $date }.
dash-deed-promised = Promised for { $date }. { $name }
dash-before-after = Before and after
dash-before-after-how = The trouble began on { $date }; a dotted line marks that day where earlier pulses asked the same. An alert closes by itself once later pulses show that it got better.

## Ways round
dash-nav-ways = Ways round
dash-ways-how = Ways round the system that were noticed. One that is agreed for now stays on this list and raises no alert.
dash-ways-none = No way round the system has been noticed.
dash-column-route = Way round
dash-column-stage = Stage
dash-column-since = First seen
dash-column-teams = Where
dash-column-course = How many take it
dash-stage-emerging = emerging
dash-stage-spreading = spreading
dash-stage-settled = settled
dash-stage-agreed = agreed for now
dash-stage-gone = gone
dash-spark = How many take this way, pulse by pulse: { $route }

## Questions
dash-nav-questions = Questions
dash-pick = Which of these does your reply answer?
dash-asked = Asked on { $date }
dash-aside = Set one aside
dash-replied = { $count ->
    [one] One question is answered.
   *[other] { $count } questions are answered.
  }
dash-replied-alone = Answered for the asker alone.
dash-helped = { $count } of { $asked } askers said that the reply solved it.

## Actions
dash-nav-actions = Actions
dash-actions-how = What people said, and what was done about it. Everybody reads it with the next pulse.
dash-promised = Promised
dash-promised-none = Nothing is promised.
dash-untold = Done, and told with the next pulse
dash-told = Done and told

## The audit log
dash-audit = Audit log
dash-audit-how = Who did what, and when. Never what was asked or answered, and nothing about staff.
dash-audit-whole = The log is whole: every entry vouches for the one before.
dash-audit-number = No.
dash-audit-at = When (UTC)
dash-audit-who = Who
dash-audit-act = What
dash-audit-about = About

## Settings and setting up
dash-nav-settings = Settings
dash-minimum = Group minimum
dash-minimum-is = { $minimum } people; it stays so while the go-live runs.
dash-quiet = Quiet hours
dash-digest-at = Digest
dash-teams = Teams
dash-column-people = People
dash-column-group = Read together with
dash-readers = Who reads
dash-readers-how = Leads read all groups, managers their own. Nobody reads who said what. To change who reads, change the file of the go-live and load it again.
dash-new-how = One page, then a look at the whole. Nothing is stored and nobody is written to until you say so.
dash-new-what = What goes live, where, and when
dash-new-platform = Where its people are reached
dash-new-teams = Rooms that stay empty are left out.
dash-new-team = Team { $number }
dash-new-people = Its people, one a line
dash-new-leads = Who leads it
dash-new-lead = Lead { $number }
dash-new-account = In the web chat a name is enough.
dash-new-back = Change something
dash-setup-there = This one is set up already. Its leads move its date; everything else stands in its file.
dash-files = To take away
dash-file-figures-csv = what was published of every pulse, for a spreadsheet
dash-file-figures-parquet = the same, for analysis
dash-file-questions-csv = questions with their published replies
dash-file-plan-ics = the plan, for a calendar
dash-files-how = The files hold what the pages show and nothing more. Programs read the same with a token: whoever runs the bot makes one with “pulse token new”.
dash-no-parquet-title = Parquet is not installed here
dash-no-parquet = The CSV file holds the same. Whoever runs the bot can add it: golive-pulse[parquet].
