### Setting up a go-live in a chat, and moving it.

setup-not-allowed = A go-live is set up by whoever looks after this bot, or by somebody who leads one already. Please ask them: they write “new” to me.
setup-over = I have nothing of yours any more: what is put together here is kept for an hour and stored nowhere. Write “new” to begin again.
setup-intro = Let’s set up a go-live. Three short steps, then you see the whole of it before anything happens.

    First: what goes live, where, and when?
setup-mend = This needs another look:
setup-organisation = Organisation
setup-organisation-hint = As your colleagues call it, like Riverside Family Practice
setup-system = The new system
setup-system-hint = As people call it, like Northstar
setup-date = The first day with it
setup-zone = Time zone
setup-zone-hint = A city’s zone, like America/New_York
setup-plan = Rhythm of the pulses
setup-plan-practice = For teams of five and more: daily in the first two weeks
setup-plan-small_practice = For small practices: fewer pulses
setup-language = Language
setup-next = Go on

setup-teams-intro = Now the teams, one after the other.
setup-teams-so-far = So far:
setup-team-typed = { $team }: { $count ->
    [one] one person
   *[other] { $count } people
  }
setup-team-from-channel = { $team }: whoever is in its channel or group
setup-team = Name of the team
setup-team-hint = Like Front desk
setup-group = Its channel or group
setup-group-hint = Read every day, so that people who come and go are asked or left in peace.
setup-people = Or its people, one a line
setup-people-hint = Name, address. In the web chat a name is enough.
setup-team-add = Add this team
setup-teams-anew = Begin the teams anew
setup-teams-none = Please add at least one team.
setup-team-unnamed = Please give the team a name.
setup-team-nobody = Please say who is in it: a channel or group, or people, one a line.
setup-team-both = One or the other, please: a channel or group, or people that you type.

setup-leads-intro = Who leads it? Leads read the digest and the alerts, and reply to questions. The first is asked first.
setup-leads-so-far = So far: { $list }.
setup-lead = Account
setup-lead-name = Name
setup-lead-name-hint = As their colleagues know them
setup-lead-add = Add another lead
setup-look = Show me the whole
setup-leads-none = Please name at least one lead.

setup-preview = This is how it would be.
setup-preview-what = **{ $system } at { $organisation }**, first day { $date }, { $timezone }.
setup-preview-first = The first pulse comes on { $day }, then { $count ->
    [one] one more
   *[other] { $count } more
  } until { $last }.
setup-preview-none = The plan holds no more pulse from today on.
setup-preview-leads = Leads: { $list }.
setup-preview-unread = { $team }: its channel or group cannot be read. Invite me to it, or check that it is the right one.
setup-preview-stays = Results are shown for groups of { $minimum } or more, never who said what. Nothing is stored and nobody is written to until you say so.
setup-confirm = Set it up
setup-change-head = Change names and dates
setup-change-teams = Change teams
setup-change-leads = Change leads
setup-cancel = Leave it
setup-cancelled = Left. Nothing of it is kept.
setup-there = { $system } at { $organisation } is set up already. Its leads move it with “reschedule”; everything else stands in its file.
setup-done = It is set up: { $system } at { $organisation }. { $people ->
    [0] Nobody is on the roster yet; its channels and groups are read within a minute.
    [one] One person is on the roster.
   *[other] { $people } people are on the roster.
  } Leads find everything behind “home”.
setup-done-unreached = Some of its people are on a platform that I am not connected to yet.

reschedule-intro = It goes live on { $date }. To which day does it move? Everything that has not been sent moves with it.
reschedule-date = The first day with the new system
reschedule-look = Show me what moves
reschedule-preview = From { $before } to { $date }:
reschedule-nothing = No pulse moves, falls away or is added.
reschedule-moves = { $count ->
    [one] One pulse moves: from { $before } to { $date }.
   *[other] { $count } pulses move. The next was planned for { $before } and comes on { $date }.
  }
reschedule-drops = { $count ->
    [one] One pulse falls away, that of { $date }.
   *[other] { $count } pulses fall away, the next of them that of { $date }.
  }
reschedule-adds = { $count ->
    [one] One pulse is new, on { $date }.
   *[other] { $count } pulses are new, the next of them on { $date }.
  }
reschedule-file = Where there is a file of this go-live, change the date there as well, or loading it moves everything back.
reschedule-confirm = Move it
reschedule-done = Moved to { $date }. { $count ->
    [0] No pulse had to move.
    [one] One pulse moved with it.
   *[other] { $count } pulses moved with it.
  }
reschedule-refused = A go-live cannot move to that day. Please pick the first working day with the new system, from today on and within three years.
menu-new = Set up a go-live
menu-reschedule = Another date
