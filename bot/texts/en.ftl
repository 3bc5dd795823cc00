### What the bot says in English. Short, plain, warm, exact; complete without buttons; reads well aloud.

## A date as one says it
day = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
  } { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
  }

## Who sees what: one sentence, the same everywhere
who-sees-what = Your lead sees results for groups of { $minimum } or more. Nobody sees who said what, and we do not store it.

## The pulse
phase-readiness = readiness
phase-preparation = preparation
phase-eve = the last week before
phase-cutover = the first days
phase-hypercare = settling in
phase-stabilisation = steady days
prompt-before = { $days ->
    [one] Tomorrow we start with { $system }.
   *[other] { $days } days until we start with { $system }.
  } { prompt-count }
prompt-first-day = First day with { $system }. { prompt-count }
prompt-after = Day { $day } with { $system }. { prompt-count }
prompt-count = { $count ->
    [one] One quick one, then you’re done.
    [2] Two quick ones, then you’re done.
    [3] Three quick ones, then you’re done.
   *[other] Four quick ones, then you’re done.
  }
prompt-comment = Anything else?
prompt-comment-hint = Optional. No patient details, please.
prompt-send = Send
prompt-ask = Ask something anonymously
prompt-moved = These questions stand further down now.
reminder-line = The same few questions as before, in case the day was full. If you have answered already, thank you: there is nothing more to do.
thank-you = Thank you.
thank-you-done = What changed since the last pulse:
thank-you-answers = { $count ->
    [one] One question was answered. Write “answers” to read it.
   *[other] { $count } questions were answered. Write “answers” to read them.
  }
masked-preview = We took out what could name somebody. This is how we would keep your words:
masked-preview-again = Send them once more to keep them like this, or change them first.

## Asking
ask-intro = Ask anything about { $system } or how we work with it. Nobody will know that it was you, we included. Please leave out names and anything about a patient.
ask-field = Your question
ask-preview-button = Show me how it will read
ask-preview = This is how your question will read. You can still change it.
ask-preview-masked = We took out what could name somebody. This is how your question will read. You can still change it.
ask-confirm = Send it anonymously
ask-receipt = Your question is in. Nobody knows that it was you, we included.

    To find the reply, keep these four words: **{ $words }**

    Lost words cannot be recovered, by us either. Questions reach your lead a few at a time, and not at the moment you send them. When you write “find”, I ask for the four words.
tell-me = Tell me when there is a reply
tell-me-taken = Good. You will read here that a question has a reply, one morning after it came, and nothing about which one. Until then your address lies locked beside the question, where only I can open it; afterwards it is gone. You still need your four words.
notice = A question has a reply. Write “find” and your four words.
ask-typed = Thank you for writing. What is typed into a chat can be kept by the chat itself, so I take no questions this way. Write “ask” instead, and nobody will know that it was you.
patient-named = That looks like it names a patient. Please say it without, then send again. Nothing was stored.

## Finding a reply
find-intro = Which four words did you keep? They open your question on any device.
find-field = Your four words
find-button = Find it
find-held = It is on its way to your lead, together with others.
find-released = Your lead has it. There is no reply yet.
find-again = Your lead knows that this did not solve it. Another reply will stand here.
find-aside-names = Your lead has put this question aside, because a patient or a colleague could be made out in it. Nobody knows who asked.
find-aside-insult = Your lead has put this question aside, because its words could hurt somebody. Nobody knows who asked.
find-aside-elsewhere = Your lead has put this question aside, because it is about something other than this start. Nobody knows who asked.
find-aside-again = You are welcome to ask again in other words: write “ask”.
find-question = You asked: { $text }
find-reply = The reply: { $text }
find-solved-question = Did that solve it?
find-solved = Yes, that solved it
find-not-solved = Not yet
find-thanks-solved = Good. Thank you for telling us.
find-thanks-not-solved = Thank you for telling us. Your question waits for another reply, and your words still open it.
answers-none = No question has been answered yet. The first one will stand here.
answers-title = Questions of your colleagues, and the replies:

## Everyday wishes
welcome-staff = Hello. While { $organisation } starts with { $system }, I ask two to four short questions now and then, and you can ask me anything, anonymously.

    { who-sees-what }
welcome-lead = Hello. This is where you hear how the start with { $system } is going: a digest, an alert when something needs you, and the questions that people ask anonymously.

    You see groups of { $minimum } people or more, never who said what.
welcome-manager = Hello. Your team is starting with { $system }. You can ask me anything, anonymously: write “ask”, or “help” for the rest.
welcome-founder = Hello. I keep a finger on the pulse of a team while a new system goes live: a few short questions now and then, anonymous questions at any time, and word to whoever leads it while there is still time to act. Nothing has been set up with you yet. “new” begins it, in about ten minutes.
welcome-stranger = Hello. I do not have you on the list for a go-live yet. Please ask the person who leads it to add you.
menu-ask = Ask
menu-find = Find a reply
menu-answers = Answers
menu-help = Help
menu-pause = Pause
menu-resume = End the pause
menu-leave = Days away
menu-quiet = Quiet hours
menu-language = Language
menu-stop = No pulses at all
menu-start = Pulses again
menu-delete = Delete what you hold
menu-privacy = Who sees what
menu-digest = Digest
menu-alerts = Alerts
menu-questions = Questions
menu-promises = Promises
menu-dashboard = Dashboard
help-staff = What you can write or press:

    - **ask**: ask something anonymously
    - **find**: find the reply with your four words
    - **answers**: what others asked, and the replies
    - **pause**: no pulses for a while; **resume** brings them back
    - **leave**: no pulses while you are away
    - **stop**: no pulses at all; **start** brings them back
    - **delete**: forget what we hold about you
    - **quiet**: hours of your own in which nothing reaches you
    - **privacy**: who sees what
    - **home**: your next pulse, and all of this to tap
help-language = - **language**: what I speak to you
help-lead = For you as a lead, as well:

    - **digest**: the digest as of now
    - **alerts**: what is open
    - **questions**: what waits for a reply
    - **promises**: what is still to be done
    - **reschedule**: another date, after a look at what moves with it
    - **new**: set up another go-live
    - **dashboard**: a link to all of it on pages
privacy = { who-sees-what }

    A response has a random number, a pulse and a team: no name, no time. While a pulse is open we keep who was invited and whether it is done, so that nobody answers twice. { privacy-reminder } When a pulse closes, its answers are shuffled and that list is erased.

    A question has four words and no name. If you wish to be told of a reply, your address lies locked beside the question until then. Names are taken out of what you write, and you see it before it is kept. Texts go for good after some months; write “delete” for what we hold about you.

    Your employer’s chat may log that you pressed a button, as it logs all you do there. Whoever runs this server could watch it while you answer. Somebody who knows how you write may recognise a sentence. Towards your lead, your managers and anyone who gets the database you are anonymous; towards whoever runs the server and the chat, what you say is confidential.
privacy-reminder = { $reminder ->
    [everybody] The one reminder goes to everybody alike, also to those who have answered.
    [none] Nobody is reminded.
   *[unanswered] Those who have not answered get one reminder at most; your lead sees numbers, never who.
  }
pause-intro = No pulses for a while. Until when?
pause-field = Pause for
pause-day = the rest of today
pause-week = one week
pause-month = four weeks
pause-button = Pause
paused = No pulses until { $until }. Write “resume” to have them back sooner.
resumed = You are back in. The next pulse will reach you as usual.
leave-intro = Enjoy it. From when to when are you away?
leave-first = First day away
leave-last = Last day away
leave-hint = Like { $example }
leave-button = No pulses on these days
leave-taken = No pulses from { $first } to { $last }.
leave-unclear = I could not read that as two dates. Please write them like { $example }, the first not after the last.
stopped = No more pulses for you. You can still ask anonymously. Write “start” to have them back.
started = Good to have you back. The next pulse will reach you as usual.
delete-intro = We can forget your open invitations, your pauses and leave, and what stands in this chat, and send you no more pulses.

    Your answers carry no name, so nobody can find yours among the others to take them out, we included. A question can be deleted with its four words: write “find”.
delete-button = Forget it
deleted = Done. We hold your place on the list and your wish not to be asked, nothing else. Write “start” if you change your mind.
quiet-intro = Nothing reaches you from { $from } to { $until } anyway. In which hours of your own should it stay quiet as well? They hold where you are.
quiet-from = From
quiet-until = Until
quiet-button = Keep these hours quiet
quiet-end-button = No quiet hours of my own
quiet-set = Nothing reaches you from { $from } to { $until } any more. A pulse that falls into these hours waits until they are over, as long as it is open.
quiet-ended = Your own quiet hours are over. Nothing reaches you from { $from } to { $until }, as before.
quiet-unclear = I could not read that as two times. Please write them like 13:00.
quiet-no-hour = Less than an hour of the day would be left in which anything could reach you. “pause” holds back all pulses for a while.
language-intro = Which language shall I speak to you?
language-field = Language
language-button = Speak it
language-set = From now on I speak English to you. Knowledge checks stay in the words of your lead.
language-only = English is all I speak so far.
language-name = English

## Home
home-title = **{ $system } at { $organisation }**
home-next = Your next pulse comes on { $day } at { $time }.
home-open = A pulse waits for you in this chat.
home-none = No pulse is planned for you.
home-stopped = You get no pulses, as you wished.
home-paused = No pulses until { $until }, as you wished.
home-quiet = Your own quiet hours: { $from } to { $until }.
home-answered = Questions of your colleagues, and the replies, the newest first:
home-helped = { $helped } of { $asked } askers who told us said that the reply solved it.
home-reads = What needs you as a lead stands in the digest, and at any time behind “digest”, “alerts”, “questions” and “promises”.
question-delete = Delete this question
question-deleted = Your question is deleted, and so is its reply.
not-for-you = That one is for whoever leads the go-live.
not-understood = I did not understand that. Write “help” for what I can do.

## What a person can mend
error-survey = Something went wrong. Please try again.
error-not-invited = This pulse was made for somebody else. Yours will reach you in your own chat.
error-wave-closed = This pulse has closed. The next one will reach you soon.
error-already-answered = You have answered this one already. Thank you.
error-nothing-answered = Nothing was picked yet. One answer is enough.
error-answer-refused = One of these answers could not be taken. Please look at it once more.
error-too-long = That is { $length } characters long, and { $longest } is as much as I can take. Please shorten it; nothing was lost.
error-no-such-question = These words open nothing. Please check them once more: four words, in the order you got them.
error-question-refused = Please write your question first.
error-not-asked = You get no pulses from me, so there is nothing to change.
error-comments-locked = The minimum for comments stays at { $minimum } or more while the go-live runs: people have written under it.
error-no-longer-kept = This is no longer kept: texts go for good after some months.
error-locked = The group minimum stays at { $minimum } while the go-live runs: people have answered under it.
error-no-day = I could not read that as a date. Please write it like 2027-03-01.
error-too-many = That is a lot for one day. Please try again tomorrow.
error-not-kept = I could not keep that just now. Nothing is half done: please try again in a minute.
error-unknown-card = This message is out of date. The next one will reach you soon.

## For the lead: questions
question-new = Somebody asked:

    { $text }
question-reply-field = Your reply
question-reply-hint = Published, everybody reads the question with your reply, and the next person need not ask. The asker finds it with a receipt either way.
question-reply-button = Reply and publish
question-reply-alone = Reply to the asker alone
question-also = Which of these does the same reply answer?
question-replied = Answered, for everybody:
question-replied-alone = Answered, for the asker alone:
question-your-reply = Your reply: { $reply }
question-change = Correct it
question-withdraw = Take it back
question-again = The question was:

    { $text }

    What you send now takes the place of your earlier reply, and the asker is asked again whether it helps.
question-withdrawn = Your reply is taken back, and nobody reads it any more. The question waits:

    { $text }
question-gone = The question is no longer here. Whoever asked it may have taken it back.
question-set-aside-button = Set aside
aside-intro = It won’t be published. The asker reads why, in one kind sentence, and may ask again; nobody learns who it was.
aside-field = Why?
aside-names = It names a patient or a colleague
aside-insult = It hurts somebody
aside-elsewhere = It is not about this go-live
aside-confirm = Set it aside
question-set-aside = Set aside. It is published nowhere, and the asker can read why.
question-empty = Please write your reply first.
questions-none = No question waits for a reply.
questions-waiting = { $count ->
    [one] One question waits for a reply.
   *[other] { $count } questions wait for a reply.
  }

## For the lead: alerts
alert-title-silent_confusion = **{ $team } may be quietly confused, since { $since }.**
alert-title-visible_confusion = **{ $team } says that it is confused, since { $since }.**
alert-title-workaround = **A way round the system may be starting in { $team }: { $route }, since { $since }.**
alert-title-nonresponse = **{ $team } has gone quiet, since { $since }.**
alert-budget = { $teams ->
    [one] With your one team, expect one false alarm of this kind in about { alert-budget-months }.
   *[other] With your { $teams } teams, expect one false alarm of this kind in about { alert-budget-months }.
  }
alert-budget-months = { $months ->
    [one] a month
   *[other] { $months } months
  }
alert-first-move = First move: { $move }
move-silent_confusion = take ten minutes beside the team and do one real case together. Don’t ask who.
move-visible_confusion = ask in the next huddle which step holds people up most, and answer that one today.
move-workaround = ask in the next huddle what this way does that the system doesn’t. If it is fine for now, agree on it, and it won’t come back as an alert.
move-nonresponse = drop by and ask how the week is going. People may be busy, away, or tired of pulses.
alert-acknowledge = I’m on it
alert-assign = Give it to …
alert-note = What was done
alert-sanction = Agreed for now
alert-dismiss = Not this
alert-yours = You are on it.
alert-somebodys = { $name } is on it.
alert-given = { $name } asks you to take this on.
alert-state-acted_on = Noted. The next pulse tells everybody: { $text }
alert-state-promised = Noted: { $name }, by { $date }. The digest of that day asks whether it is done, and the pulse after that tells everybody: { $text }
alert-state-sanctioned = Agreed for now. It stays on the list and raises no alarm.
alert-state-dismissed = Put aside. Thank you: a false alarm is worth knowing about.
alert-done = Something was done about it, and everybody has been told or will be with the next pulse.
assign-intro = Who takes this on? They read it in their own chat.
assign-field = Give it to
assign-me = Me
assign-manager = Whoever manages { $team }
assign-confirm = Give it
assign-nobody = Please pick somebody from the list.
note-intro = What was done about it? Everybody reads it with the next pulse: “You said, we did.”
note-field = What was done
note-hint = One sentence, without names.
note-who = Who does it?
note-when = Done on, or promised for
note-when-hint = A day ahead makes it a promise: everybody reads it once it is done.
note-button = Write it down
dismiss-intro = Good to know, it makes the next alerts better. What is it?
dismiss-field = Why?
dismiss-nothing = Nothing is wrong there
dismiss-explained = Something else explains it: a holiday, an outage, a busy week
dismiss-unclear = It does not say enough to act on
dismiss-confirm = Put it aside
alert-closed-silent_confusion = **{ $team } is back where it was.** The last pulses show no more of the quiet confusion that began on { $since }, so I have closed that alert.
alert-closed-visible_confusion = **{ $team } is back where it was.** The last pulses show no more of the confusion that began on { $since }, so I have closed that alert.
alert-closed-workaround = **{ $team } needs its way round less.** The last pulses name { $route } at most half as often as when the alert of { $since } was raised, so I have closed it.
alert-closed-nonresponse = **{ $team } answers again.** The silence that began on { $since } is over, so I have closed that alert.
alert-taken = Somebody has dealt with this one already.
alert-taken-yours = You have dealt with this one already.
alert-taken-by = { $state ->
    [acknowledged] { $name } was quicker and is on it.
    [acted_on] { $name } was quicker and has written down what was done.
    [sanctioned] { $name } was quicker and agreed to it for now.
   *[dismissed] { $name } was quicker and put it aside.
  }
alert-note-empty = Please write in one sentence what was done.
promises-none = Nothing that was promised is still to be done.
promises-open = { $count ->
    [one] One promise is still to be kept.
   *[other] { $count } promises are still to be kept. This one comes first.
  }
promise = { $text }

    { $name }, for { $date }.
promise-kept-button = It is done
promise-later-button = Another day
promise-kept = Good. The next pulse tells everybody: { $text }
promise-later = That happens. For which day do you promise it now?
promise-when = Promised for
promise-later-confirm = Promise it for that day
promise-moved = Noted for { $date }. The digest of that day asks again.
promise-gone = This one is done already.
alerts-none = No alert is open.
alerts-open = Open alerts: { $count }. This one comes first; write “alerts” again for the next when it is dealt with.

route-paper = paper lists
route-own_spreadsheet = own spreadsheets
route-old_system = the old system
route-copy_paste = copy and paste
route-word_of_mouth = asking round
route-someone_elses_login = someone else’s login
route-later_entry = entering it later
route-skipped_step = skipping a step
route-other = another way

## For the lead: who is reached and asked
news-gone = The app was taken out of { $platform ->
    [slack] Slack
    [teams] Microsoft Teams
   *[other] the chat
  }. { unreachable-count } Pulses begin again when it is back.
news-joined = { $count ->
    [one] One person has come into your teams’ channels and is asked from the next pulse on.
   *[other] { $count } people have come into your teams’ channels and are asked from the next pulse on.
  }
news-left = { $count ->
    [one] One person has left them and is counted no more.
   *[other] { $count } people have left them and are counted no more.
  }
news-now = { $count ->
    [one] One person is on the roster now.
   *[other] { $count } people are on the roster now.
  }
news-twice = { $count ->
    [one] One person is in the channels of two of your teams, and is asked once, in the team that came first.
   *[other] { $count } people are in the channels of two of your teams, and are asked once, in the team that came first.
  }
news-unread = { $count ->
    [one] The channel or group of one of your teams could not be read: it is gone or empty, or I was not invited to it. Its people stay on the roster as they were.
   *[other] The channels or groups of { $count } of your teams could not be read: they are gone or empty, or I was not invited to them. Their people stay on the roster as they were.
  }
unreachable-count = { $count ->
    [one] One person on the roster cannot be reached; a response rate does not count them.
   *[other] { $count } people on the roster cannot be reached; a response rate does not count them.
  }

## For the lead: the digest
digest-day-before = { $days ->
    [one] One day to go.
   *[other] { $days } days to go.
  }
digest-first-day = First day.
digest-day = Day { $day }.
digest-quiet = Nothing needs you today.
digest-things = { $count ->
    [one] One thing needs you.
    [2] Two things need you.
   *[other] Three things need you.
  }
digest-alert-silent_confusion = **{ $team }: quiet confusion**. { $because } { alert-first-move }
digest-alert-visible_confusion = **{ $team }: open confusion**. { $because } { alert-first-move }
digest-alert-workaround = **{ $team }: { $route }**. { $because } { alert-first-move }
digest-alert-nonresponse = **{ $team }: gone quiet**. { $because } { alert-first-move }
digest-promise-due = { $count ->
    [one] **Something you promised** is due. Write “promises” when it is done.
   *[other] **{ $count } things you promised** are due. Write “promises” when they are done.
  }
digest-question-wait = { $count ->
    [one] **One question** waits for a reply, asked on { $oldest }. Write “questions” to see it.
   *[other] **{ $count } questions** wait for a reply, the oldest asked on { $oldest }. Write “questions” to see them.
  }
digest-untold = { $count ->
    [one] You noted one thing that was done; the next pulse tells everybody.
   *[other] You noted { $count } things that were done; the next pulse tells everybody.
  }
digest-open-alerts = Open alerts
digest-open-questions = Answer questions
digest-open-promises = What was promised
digest-rate = { $answered } of { $invited } answered the pulse of { $date }.
digest-rate-most = Most of { $invited } answered the pulse of { $date }.
digest-rate-some = At least { $answered } of { $invited } answered the pulse of { $date }.
digest-rate-few = Too few answered the pulse of { $date } to show anything.
digest-hidden = Too few to show: { $teams }.
digest-closed = { $count ->
    [one] In the last seven days, one alert closed because a pulse showed that it got better.
   *[other] In the last seven days, { $count } alerts closed because pulses showed that it got better.
  }
digest-sanctioned = Agreed for now: { $list }.
