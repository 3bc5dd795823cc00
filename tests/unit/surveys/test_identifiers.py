"""Whatever names a person is masked, and what does not is left alone, with figures for both."""

import re
import time
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.identifiers import mask, visible

ROSTER = (
    "Maria Lopez",
    "Will Carter",
    "Anne-Marie Dubois",
    "José Núñez",
    "Jo Ng",
    "Dr. Amy Wong",
    "May Chen",
    "Bill Page",
    "Grace Okafor",
    "Tomasz Wiśniewski",
    "Priya Raghunathan",
    "Sean O'Brien",
    "Front desk 1",
    "Nurse 2",
)
ALLOWED = ("Northstar EHR", "Riverside Family Practice", "Front desk", "Nursing", "Billing", "Clinicians")

# What must go stands between « and ».
PLANTED = {
    "colleague on the roster": """
        «Will»'s desk has the scanner.
        I think «Will» deletes them.
        «Dr Wong» and «Dr Amari» disagree on results.
        Ask «Maria», she keeps the list.
        «Maria Lopez» told me to use paper for now.
        «maria lopez» has the old password on a note
        Only «Lopez» knows how to print labels.
        «Maria»'s spreadsheet is still the quickest.
        I asked «Will» and he did not know either.
        «Will Carter» said to skip the scan.
        «Will» said we may skip the scan.
        why does «anne-marie» still fax the refills
        «Anne-Marie»’s drawer has the paper forms.
        «JOSÉ» never got training.
        «Jose Nunez» enters them at night.
        «Nunez, José» is the one who can unlock it.
        «Jo Ng» does the labels, nobody else can.
        «Wong» wants results on paper.
        Dr. «Wong» signs off on Fridays only.
        In the morning «May» does the phones alone.
        «Bill Page» works under the shared login.
        Please talk to «Bill», he is lost.
        «Grace» has no access to the queue yet.
        we all copy what «grace» — sorry, «Okafor» does
        «wisniewski» wrote the steps on the wall.
        «Priya» shows everybody her own way.
        «O'Brien» keeps the old system open.
        «SEAN O'BRIEN» IS THE ONLY ONE WHO KNOWS
    """,
    "somebody with a title": """
        «Mrs. Hernandez» was called twice about the same refill.
        «Mr Smith» waited 40 minutes for his labels.
        mr «kowalski» came without a card
        «Ms. Young» has two records now.
        Mrs «O'Connor»'s chart will not open.
        The order for «Miss Taylor» went to the wrong lab.
        «MR GARCIA» IS IN THE SYSTEM TWICE
        Dr. «Patel» still wants referrals by fax.
        Dr «Feldman-Ross» does not see our notes.
        Doctor «Abara» cannot e-prescribe.
        Prof. «Lindqvist» got no login.
        Nurse «Kelly» has the key.
        «Frau Schneider» hat zwei Akten.
        «Herr Dr. Weber» findet den Befund nicht.
        «Herrn Krüger» fehlt die Karte.
        «Sra. Fernández» llamó tres veces.
        «Mme Lefèvre» attend son ordonnance.
        «M. Dupont» attend depuis une heure.
        Insurance of Mrs. «van der Berg» was rejected.
        The visit of Mr. «J. Whitfield» cannot be closed.
    """,
    "patient by name": """
        Baby girl «Ortega» has no record.
        patient «Delacroix» is here again without ID
        Patient «Garcia» has no coverage on file.
        I could not find patient «Thompson» by date.
        The pt «Jones» was charged twice.
        patient named «olivia» came in for a shot
        Patient: «Henderson, Paul» needs a new referral.
        A patient called «Petrova» has three charts.
        Patient's name is «Delgado», the label says something else.
        Our client «Baptiste» cannot log in to the portal.
    """,
    "unknown person by full name": """
        The lady at ten, «Beatrix Holloway», had two charts
        Please see the chart of «Gwendolyn Pratt-Hughes»
        Mom of «Tyler Benson» called
        Insurance card for «Lucille B. Marsh» expired
        RX for «Harriet Nwosu» refilled twice
        spoke to «Anders Holm» from the vendor
        The refill for «Harold Jenkins» went to the old pharmacy.
        «Emily Carter» called about her results again.
        Where do I put the form of «Nguyen Thi Lan»?
        Yesterday «Robert McAllister» had no labels.
        «Guadalupe Reyes» is booked twice on Tuesday.
        Results for «Anna-Lena Vogel» never arrived.
        I merged «John Q. Abernathy» with his son.
        «J. Fitzgerald» is missing from the schedule.
        The claim of «Ludwig van Beuren» was rejected.
        Labels for «Marie DUPONT» print twice.
        Could somebody call «Samuel Osei-Bonsu» back?
        When «Fatima Al-Sayed» checked in, the screen froze.
        «Tom Baker» was on the list at the desk.
        We lost the referral of «Ana de la Cruz».
        Insurance says «Deborah Kim» is not covered.
        The lab called about «Oscar Lindgren»'s potassium.
        «Mark Brown» has two birthdays in the system.
        Her daughter «Chloe Martin» is on the wrong account.
        (ask «Dwayne Robinson» at the other site)
        Consent from «Ivana Novakova» is on paper only.
    """,
    "mention": """
        «@maria» can you look at this
        Please ask «@Harold Jenkins» about it.
        «<@U02ABCDEF>» told us to wait
        cc «<@W123|harold>» for the labels
        «<at>Nora Petit</at>» said the queue is full
        «@j.smith» knows the trick
        it was «@desk-lead_2» who showed me
        «<!subteam^S0123|@desk>» are all stuck
    """,
    "e-mail": """
        Send it to «h.jenkins@example.org» as always.
        «maria.lopez+labels@riverside.example.com» gets all the faxes
        Her address is «nora_petit@mail.example.co.uk», not the one on file.
        mail («desk@practice.example») bounces
        <«billing@riverside.example»> is the shared one
    """,
    "phone": """
        Reach me at «617.555.0101»
        my cell «(617)555-0101»
        call back «+44 7700 900123»
        Call me at «555-123-4567» when it works.
        Her number «(555) 123-4567» is wrong in the chart.
        The portal shows «+1 555 123 4567» twice.
        His cell is «555.123.4567».
        call «5551234567» before you book
        The pharmacy is «1-800-555-0199 ext. 12».
        ring «555 0142» for the key... or «555-0142»
        UK line: «+44 20 7946 0958»
        or «020 7946 0958» from here
        In Berlin «+49 30 901820» works.
        Tel. «030/9018-2020» is always busy.
        mobile «0171 2345678»
        «+33 1 23 45 67 89» is the French lab.
        Le labo: «01 23 45 67 89»
        Su móvil es «612 345 678».
        «+34 612 34 56 78» does not answer
        text her on «+15551234567»
        fax «(0555) 123456» is dead
    """,
    "record number": """
        acct «99182734» shows no balance
        record «AB-203948» is locked
        Member no: «9988 7766 55»
        MRN «1234567» will not open.
        mrn: «00482913» has two charts
        MRN# «48-29-13» is locked
        chart # «88231» is somebody else's
        Chart number «4471902» is empty.
        the record «20931845» was merged by mistake
        account no. «778120345» is blocked
        Member ID «W123456789» is not found.
        member number is «XYH 4455 6677»
        patient id «553201» shows the wrong name
        pt #«90211» needs a new label
        policy «87-6543210» ended in June
        claim «202600918» came back
        Medical record number for the patient is «662817».
        SSN «123-45-6789» is on the form
        he wrote «123-45-6789» on the paper list
        NHS number «943 476 5919» is rejected
        Fallnummer «4711998» ist weg
        encounter «100482913» cannot be closed
        «84930211» opens the wrong chart
    """,
    "date of birth": """
        DOB of «7/4/76» is not the one on the card
        the patient born «Aug 2, 1999»
        «12/01/1944» pulls up somebody else
        DOB «03/14/1952» is wrong in the chart.
        dob «3-14-52» does not match
        D.O.B. «14.03.1952» on the card
        born «March 14, 1952», but the system says 1925
        She was born on «14 March 1952».
        born «1952», no card
        date of birth: «1952-03-14»
        Date of birth is «Mar 14th, 1952» on the form.
        birthday «14th of March» is missing
        birth date «03141952» was typed without dashes
        The one from «03/14/1952» has no insurance.
        two people with «14 March 1952» in the list
        «1952-03-14» finds nobody
        geb. «14.03.1952» steht auf der Karte
        geboren am «14. März 1952»
        nacida el «14 de marzo de 1952»
        née le «14 mars 1952»
        date de naissance «14/03/52»
        the twins of «Sept. 9, 2011» share a chart
        «Nov 3 1987» comes up twice
    """,
}

HARMLESS = """
    The refill queue is slow and I keep a paper list.
    Where do I enter the second insurance?
    A walk-in has no card. What comes first?
    I can't find the Coverage tab since Tuesday.
    Northstar EHR logs me out every 10 minutes.
    The Front Desk has no printer in Room 2.
    Open Encounters shows 14 visits that I closed.
    Why does the Refill Queue empty itself at 5:30 pm?
    We go live on March 2, 2026 and nobody has a login.
    Training was on 02/16/2026 and I was on leave.
    Labels print twice, then not at all.
    I wait 3 to 4 minutes for each chart.
    Riverside Family Practice is not in the list of sites.
    Can the Billing team see the Patient Portal messages?
    Prior Authorization takes 12 clicks now.
    The Blue Cross Blue Shield plan is missing.
    Medicare Advantage comes up as Self Pay.
    Since Monday the Lab Results Inbox is empty.
    Who owns the step after Check In?
    What do I do when the scanner says Error 0x80070005?
    Ticket 10023456 has been open for a week.
    Version 10.2.33.1 broke the Print button.
    CPT 99213 and ICD E11.9 are not in my favorites.
    I need 2 screens, not 1.
    Between 8:00 and 10:30 nothing works.
    It takes 5-10 clicks, or 20 if the patient is new.
    Will we get a second printer?
    Will the old system stay open?
    May I keep my list until Friday?
    Mark it as done and it comes back.
    Bill the visit first, then close it.
    Hope this gets fixed soon.
    I will ask at the huddle.
    In May we will be used to it.
    By grace of the old system we got through.
    The page says the bill is closed.
    Best Practice Advisories pop up all day.
    I print everything, just in case.
    My colleagues seem fine with it.
    Nobody told us about the new Fax Queue.
    Please show us the Quick Order button again.
    The nurse has to walk to the front desk each time.
    Doctor says no, system says yes.
    Patients wait longer than before.
    The patient said the portal works at home.
    Patient Care Summary will not print.
    When Northstar is down we write on paper.
    I use the old system for referrals.
    Sticky notes are faster.
    We text each other when a result comes in.
    I don't know which Visit Type to pick.
    Two Visit Types have the same name.
    There is no place for the interpreter.
    How do I undo a merge?
    HIPAA form: paper or tablet?
    The EHR and the PDF do not match.
    THIS DOES NOT WORK AT ALL
    NOT SURE WHAT TO DO NEXT
    Why can't I see the schedule of the other site?
    My login works on one device only.
    The tablet in room 4 has no Wi-Fi.
    I skip the allergy step when we are full.
    Copying the note from the last visit saves time.
    I enter vitals at the end of the day.
    Vaccine lot numbers have to be typed by hand.
    Lot 4521A is not accepted.
    The co-pay field is read only.
    We were told on Thursday, live on Monday.
    I was on leave 2026-03-09 to 2026-03-13.
    Day 4 and I still look for the back button.
    9 of 10 faxes go to the wrong inbox.
    It froze 3 times today.
    Is it 1 or 2 labels per tube?
    We have 42 people and 5 printers.
    The chart opens after 30 seconds.
    Room 12, 14 and 16 have no scanner.
    New York office uses another form.
    Quest Diagnostics results come by fax.
    Walgreens and CVS bounce the refills.
    Microsoft Teams rings while I check in.
    Google Chrome works, Microsoft Edge does not.
    I liked Excel better.
    MyChart messages go nowhere.
    PowerScribe and DocuSign ask for a password.
    What is the difference between Save and Sign?
    After Sign Off the note disappears.
    Before Lunch the queue is at 60.
    On Friday Afternoon nobody answers the help line.
    Super User means I do two jobs.
    The Help Desk closes at 5.
    I asked in the huddle and got no answer.
    Who covers results when the doctor is away?
    Referral letters go out without the address.
    The interface is in English only.
    Some labels are in Spanish.
    I'd rather write it down.
    She's faster on paper, and so am I.
    They're asking us for the same thing twice.
    e.g. the fee for forms is not there
    i.e. nothing was saved
    Step 1: open the visit. Step 2: wait.
    - Labels
    - Faxes
    * Printer in the back
    Plan B. Then we use paper.
    Option A or option B?
    Everything takes longer & nobody says why.
    50 % of the claims come back.
    It costs $25 and the field takes 2 digits.
    1,250 open items in the inbox
    10/12 visits were closed yesterday
    3/4 of my day is clicking
    24/7 help would be good
    8-5 is not when we need help
    The total was 1 200 300 clicks, I think.
    😀 the new screen is nicer
    The schedule is ok, thank you!
    Thanks for fixing the printer in room 2.
    Happy with the new refill page.
    The dark mode is easier on my eyes.
    I got through my work, barely.
    Same as yesterday.
    no
    The order of the steps makes no sense.
    Form 1500 comes out blank.
    Rule 25 blocks the claim.
    The account page has 3 tabs.
    Is there a rule for late arrivals after 15 minutes?
    Immunization Records do not match the State Registry.
    Telehealth Visits open in the wrong window.
    The Daily Schedule and the Waiting Room view differ.
    Check In Desk has no chairs
    The Sunday Backup ran late
    Why is the Vitals Flowsheet hidden under More Activities
    Prescription Renewal Requests go to Pool 3
    Our Xerox WorkCentre is offline
    Dragon Medical One types nonsense
    Adobe Acrobat opens instead of the viewer
    I had 17 In Basket messages at 7:45
    United Healthcare denied 12 claims in a row
    we started 9/1 and it is now 10/15
    On hold for 25 minutes with support
    Good Morning, the printer is dead
    Great Job on the new template
    ICD-10 codes Z00.00 and I10 are missing
    order 55123 was sent to the wrong lab
    since 2023 we have used the paper form
    The Annual Wellness Visit has no template
    Nothing in the Knowledge Base explains it
    The Zebra label printer eats paper
    Hit F5 and it logs you out
    Kaiser Permanente referrals bounce
    I asked IT and they sent a PDF
    Meaningful Use reports are gone
    The Superbill Screen is blank
    Walk In patients have no slot type
    Chief Complaint cannot be edited
    After 5 pm no one picks up
    Diabetes Registry numbers look wrong
    Home Health forms need a wet signature
    Dymo labels are too small
""".strip().splitlines()


def planted() -> list[tuple[str, str, list[str]]]:
    """Kind, sentence, what must not be left of it."""
    lines = [(kind, line.strip()) for kind, block in PLANTED.items() for line in block.strip().splitlines()]
    return [(kind, re.sub("[«»]", "", line), re.findall("«(.*?)»", line)) for kind, line in lines]


def is_left(identifier: str, text: str) -> bool:
    """Whether any telling word of it still stands in the text."""
    text = re.sub(r"\[[a-z -]+\]", "", text)
    telling = [word for word in re.findall(r"[\w'’-]+", identifier) if len(word) >= 2 or word.isdigit()]
    title = {"mr", "mrs", "ms", "miss", "dr", "prof", "frau", "herr", "herrn", "sra", "mme", "of", "ext", "de"}
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in telling if word.lower() not in title)


def test_the_corpora_are_large_enough() -> None:
    assert sum(len(identifiers) for _, _, identifiers in planted()) >= 120
    assert len(HARMLESS) >= 120


def test_planted_identifiers_are_found() -> None:
    """Measured: 166 of 167; the one left is a name that is also a word, in small letters."""
    found, missed = defaultdict(list), []
    for kind, sentence, identifiers in planted():
        text = mask(sentence, names=ROSTER, allowed=ALLOWED).text
        for identifier in identifiers:
            found[kind].append(not is_left(identifier, text))
            missed += [f"{identifier} in {text!r}"] if is_left(identifier, text) else []
    assert {kind: sum(hits) / len(hits) for kind, hits in found.items() if sum(hits) < 0.9 * len(hits)} == {}, missed
    everything = [hit for hits in found.values() for hit in hits]
    assert sum(everything) >= 0.98 * len(everything), missed


def test_harmless_sentences_are_left_alone() -> None:
    """Measured: 0.0 % of the characters of 161 sentences masked; the bar is 0.5 %."""
    sentences = [sentence.strip() for sentence in HARMLESS]
    touched = [sentence for sentence in sentences if mask(sentence, names=ROSTER, allowed=ALLOWED).text != sentence]
    assert sum(map(len, touched)) <= 0.005 * sum(map(len, sentences)), touched


@pytest.mark.parametrize("kind", ["patient by name", "record number", "date of birth"])
def test_a_patient_is_noticed(kind: str) -> None:
    missed = [text for one, text, _ in planted() if one == kind and not mask(text, names=ROSTER).patient]
    assert missed == []


def test_a_colleague_is_not_taken_for_a_patient() -> None:
    colleagues = [text for kind, text, _ in planted() if kind == "colleague on the roster"]
    taken = [text for text in colleagues if mask(text, names=ROSTER).patient]
    assert taken == []


@pytest.mark.parametrize(
    ("text", "masked", "kinds", "patient"),
    [
        ("Mrs. Lopez can print", "Mrs. [name] can print", {"name"}, False),
        ("Mrs. Hale can wait", "Mrs. [name] can wait", {"name"}, True),
        ("Dr. Patel faxes", "Dr. [name] faxes", {"name"}, False),
        ("Maria and Will, or Jo Ng", "[name] and [name], or [name]", {"name"}, False),
        ("Lopez, Maria is out", "[name] is out", {"name"}, False),
        ("MRN 1234567", "MRN [record number]", {"record number"}, True),
        ("DOB 3/14/52", "DOB [date]", {"date"}, True),
        ("a@b.example", "[e-mail]", {"e-mail"}, False),
        ("@maria hi", "[name] hi", {"mention"}, False),
        ("call 555-123-4567 x12 now", "call [phone] now", {"phone"}, False),
        ("@here and @channel", "@here and @channel", set(), False),
        ("", "", set(), False),
        ("visit 12345 is open", "visit 12345 is open", set(), False),
        ("MRN 123 is short", "MRN 123 is short", set(), False),
        ("ring 49171234567", "ring [phone]", {"phone"}, False),
        ("is it 49171234567", "is it [phone]", {"phone"}, False),
        ("invoice 84930211 is open", "invoice 84930211 is open", set(), False),
        ("patient of Dr. Patel", "patient of Dr. [name]", {"name"}, False),
        ("the patient is Ali", "the patient is [name]", {"name"}, True),
        ("ms excel and mr", "ms excel and mr", set(), False),
        ("Miss Northstar? I miss it", "Miss Northstar? I miss it", set(), False),
        ("may I ask May? In May, yes", "may I ask [name]? In May, yes", {"name"}, False),
    ],
)
def test_what_is_masked_leaves_its_kind(text: str, masked: str, kinds: set[str], *, patient: bool) -> None:
    result = mask(text, names=ROSTER, allowed=ALLOWED)
    assert (result.text, result.kinds, result.patient) == (masked, kinds, patient)


@pytest.mark.parametrize(
    "text",
    ["Ma\u200bria", "Ma\u00adria", "M\u202earia", "\uff2d\uff41\uff52\uff49\uff41", "Ma\x00ria", "Mari\u0061\u200d"],
)
def test_a_name_does_not_hide_behind_what_cannot_be_seen(text: str) -> None:
    assert mask(text, names=ROSTER).text == "[name]"


def test_an_accent_written_apart_is_the_same_name() -> None:
    assert mask("Jose\u0301", names=ROSTER).text == "[name]"


def test_emoji_keep_their_joiners() -> None:
    assert visible("👩\u200d⚕\ufe0f") == "👩\u200d⚕\ufe0f"


def test_lines_end_in_one_way() -> None:
    assert visible("a\r\nb\rc\n") == "a\nb\nc\n"


def test_the_words_of_the_golive_are_no_names() -> None:
    assert mask("We miss Amber Ledger here.", names=(), allowed=("Amber Ledger",)).text == "We miss Amber Ledger here."


def test_a_roster_of_places_masks_no_places() -> None:
    text = "The front desk and the nurse in room 2 wait for billing."
    assert mask(text, names=("Front desk 1", "Nurse 2", "Billing 3")).text == text


def test_names_may_come_from_any_iterable() -> None:
    assert mask("ask maria", names=iter(["Maria"])).text == "ask [name]"


ADVERSARIAL = [
    "a", "a@", "1 ", "1", "A. ", "Maria Lopez ", "van ", "@A ", "MRN ", "<at>", "<at ", "<@", "born ", "born on ",
    "id: ", "Jan 1 ", "'", "a-", "1.", "+1(", "mr ", "patient ", "Aa ", "a.b", "12/", "A ", "name is ", "Ab de ",
    "- ", "12 12 ", "Dr. ", "MRN number is the ", "\u200d", "e\u0301", "\u0301", "Mr. A. ", "call 1 ", "ext. 1",
    "x@y.", ".", " ", "\n", "1-1-", "(1", "id id ", "ticket 1234567 ", "Front ", "O'", "Nurse Maria ", "dob 1/",
    "patient named ",
]  # fmt: skip


@pytest.mark.parametrize("bit", ADVERSARIAL)
def test_a_text_of_100_kb_takes_no_longer_than_its_length(bit: str) -> None:
    """Processor time, ten times what the slowest needs: a pattern that backtracks would take minutes."""
    text = (bit * 100_000)[:100_000] + "!"
    began = time.process_time()
    mask(text, names=ROSTER)
    assert time.process_time() - began < 5


def test_thousands_of_texts_are_masked_in_a_second() -> None:
    """Measured: 40 000 a second on one core; the bar is for busy machines."""
    began = time.process_time()
    for sentence in HARMLESS * 10:
        mask(sentence, names=ROSTER, allowed=ALLOWED)
    assert len(HARMLESS) * 10 / (time.process_time() - began) > 2000


@given(st.text(max_size=300))
def test_any_text_comes_back_without_what_cannot_be_seen(text: str) -> None:
    masked = mask(text, names=ROSTER).text
    assert masked == visible(masked)


PIECES = (
    "Mrs. patient MRN DOB 3/14/52 1234567 Will and the Tab ask Hale @here 555-123-4567 a@b.example O'Brien's named - ."
)
words = st.sampled_from([*" ".join(ROSTER).split(), *PIECES.split()])


@given(st.lists(words, max_size=12).map(" ".join))
def test_no_name_survives_among_any_words(text: str) -> None:
    once = mask(text, names=ROSTER).text
    assert not re.search(r"(?i)\b(maria|lopez|priya|1234567|wong)\b|@b\.example", once)


@given(st.lists(words, max_size=12).map(" ".join))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text, names=ROSTER).text
    assert mask(once, names=ROSTER).text == once


@given(st.lists(words, max_size=12).map(" ".join), st.sampled_from(ROSTER[:10]))
def test_a_full_name_never_survives_wherever_it_stands(text: str, name: str) -> None:
    assert name not in mask(f"{text} {name} {text}", names=ROSTER).text
