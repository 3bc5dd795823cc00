"""Words that are written like names and are none, and names that are also words."""

from typing import Final


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Begin a sentence, or stand capitalised in a heading.
STARTERS: Final = _listed(
    """
    a about above across actually add after again ago all almost already also although always am an and another any
    anybody anyone anything apart are aren't around as asap ask asked asking at attach avoid back be because been
    before being below besides best better between both bring but by call called calling came can can't cannot
    change check cheers choose clear click close come confirm copy correct could couldn't create cut day days dear
    delete did didn't do does doesn't doing don't done down due during each easier either else email enter entering
    even ever every everybody everyone everything except explain fax few file fill find fine first fix follow for
    found from further fyi get gets getting give given go goes going good got great had half happy has hasn't have
    haven't having he he's hello help her here hers hey hi his hold honestly how however i i'd i'll i'm i've if in
    instead into is isn't it it's its just keep kept know last late lately later leave less let let's like likes
    list log look looked lots made make makes making many maybe me might mine more most move much must my myself
    near need needs neither never new next no nobody none nor not note nothing notice now of off often ok okay old
    on once one only open opened or other others our ours out over own people perhaps pick please possibly press
    print printed pull push put question quick quickly quite rather reach reached read really regards remember
    reminder remove reset right run said same save saw say says scan scanned search see seen select send sending
    sent set several she she's should shouldn't show shows since sincerely skip so some somebody someone something
    sometimes soon sorry start started starting still stop stopped such sure switch take takes tell than thank
    thanks that that's the their theirs them then there there's these they they're thing things think this those
    though three through till to today together told tomorrow tonight too took toward tried try trying turn twice
    two type under unless until up update upon us use used using usually very via view wait waiting want wants was
    wasn't watch we we'd we'll we're we've welcome well were weren't what what's when where which while who who's
    whom whose why with within without won't work worked working works would wouldn't write wrote yes yesterday yet
    you you're your yours
    """
)

# What systems, rooms, jobs, forms, days and firms of the trade are called.
TRADE: Final = _listed(
    """
    accept access accident account accounts acrobat activities activity acute addendum address adjustment
    adjustments admin administration admission admissions adobe adult advanced aetna african afternoon aid alert
    alerts allergies allergy allow allscripts amazon america american android angeles annual app appeal appeals
    apple apply appointment appointments approval approve april archive asian assessment assistant assistants
    associate asthma athena august authorisation authorization auto autoclave availity backlog badge balance bank
    banner base basic basket batch batches bed benefit benefits billing bills blood blue board book booking box
    british brother button cabinet calendar california call canada canadian cancel canon card cardiology cards care
    carolina case cash census center central centre cerner certificate change charge charges chart charts chat check
    check-in checkbox checkin checkout chief child christmas chrome cigna citrix city claim claims class clearing
    clearinghouse clerk clinic clinical clinician clinicians clock cloud cloverleaf co-sign code codes coding
    collect collections comment community comp complaint complaints complete computer consent consult contact
    contacts coordinator copay copy corner cosign county coverage covid crash credit cross current customer daily
    dakota dashboard data date day day's debit december default dell delta demo demographics denial denials dental
    deny department departments deposit desk details device diabetes diagnosis diagnostic diagnostics dictation
    diego digital director discard discharge dismiss doc docs doctor doctors document documents dragon drawer
    drchrono drive dropdown drug drugs due duo duplicate dymo easter eclinicalworks edge edit eligibility emergency
    employee encounter encounters end english entry epic epic's error estimate ethnicity europe european evening
    exam excel exchange export express extension face facebook family fast favorites favourites faxes february
    federal fee fees fever field filter final finance find firefox flag florida flow flowsheet flowsheets flu folder
    food footer form forms francisco freezer french friday fridge front general german go-live golive good google
    green group guarantor guardian guide hall hampshire handoff header health healthcare hearing help helpdesk high
    history hl7 holiday home hospital hospitals hour hours house hub huddle human humana hypertension icon id
    imaging immunisation immunization import inbox incident index info information inpatient insert insurance
    insurances intake interface internal internet interpreter inventory invoice ipad iphone island issue item
    january jersey job july june kaiser kareo key kin kingdom kiosk knowledge lab labcorp label labels laboratory
    labs language laptop large las latin lead ledger legal lenovo letter letters level lexmark line link list lists
    live local location log login lookup los low lunch macro mail main maintenance mammogram management manager
    managers manual map march marital master match may medicaid medical medicare medicare's medication medications
    medicine meditech meds meeting member memorial menu merge message messages messenger mexican mexico microsoft
    mobile mode modmed module monday monitor month morning name national network new nextgen night north northern
    note notes notice november now number nurse nurses nursing october office officer okta old one online open
    option options optum order orders outlook outpatient outreach overview owner page pane panel paper parent part
    party password past pathology patient patient's patients pay payer payers payment payments payroll pdf pediatric
    pediatrics pending permanente pharmacist pharmacy phone phones photocopier phrase phrases physical physician
    physicians plan plans plus point policy pool popup portal post posting practice praxis pre preferences preferred
    prescriber prescribing prescription prescriptions preventive preview primary print printer printers prior
    private pro problem procedure procedures process profile program progress project pronouns provider providers
    proxy public quest queue quick race radiology reader recall receipt recent reception receptionist reconciliation
    record records red redo refer referral referrals refill refills refund refunds region register registration
    registry reject rejected relationship release remit remittance renewal renewals report reports request requests
    research reset resource resources responsible result results return review rite room rooms rounding rounds rule
    rules rx safari safety sales same sample samples san santa saturday save scan scanner schedule schedules
    scheduling screen screens script scripts search second secondary section secure security self send senior
    september server service services session set sets settings setup sex share sharepoint sheet shield shift
    shingles shop short sick side sidebar sign signature signed site slack slot slots small smart smoke social
    software sort south southern spanish special specialist specialists specialty spirometry sport sports spring
    staff stage standard start state statement statements states station status stay step steps sticky stock stop
    store street student submit suite summary sunday super superbill superuser supervisor supplies supply support
    surescripts surgery surgical swipe synopsis system systems tab table tablet tabs tag task tasks tdap team teams
    tebra tech technician technology telehealth template templates test tests texas thanksgiving third thursday
    ticket tile time timeline timeout title to-do today today's tool toolbar tools total tower town training
    transcription transfer travel triage tricare tuesday type ultrasound undo unit united university unmerge up
    update upload urgent urine user vaccine vaccines valley vendor verification version video view virginia virtual
    vision visit visits vitals vmware voicemail waiting walgreens walk walk-in wall ward warning waystar web
    wednesday week weekend welcome wellness west western whatsapp white whiteboard widget wifi window windows wing
    winter women women's word work workcenter workcentre workers workflow worklist worklists world x-ray xerox xray
    year yellow yes york zebra zone zoom
    """
)

# Given and family names that are everyday words: as words of the roster they count only when capitalised.
ALSO_WORDS: Final = _listed(
    """
    abbey amber angel april archer art ash august autumn baker ball bank banks bar barber basil bay bean beck bell
    berry best bill birch bird bishop black blank bloom blue bond booker bow bowman brand brook brooks brown buck
    bush butcher butler candy carol carpenter carter case cash castle chance chandler charity chase chip christian
    chuck church clay cliff close cole colt cook cooper cope cotton crane crisp cross crystal curt daisy dale
    daniels dawn day dean dee destiny dick dixie doe doll dolly don dove drew duke earl east eden ernest ever faith
    fall farmer fern field fields fish fisher fletcher flora flores flower ford forest foster fountain fox frank
    freeman frost gale garden gay gene ginger glass glen glory golden good grace grant gray green grey guy hale hall
    hand harmony harp hart hay hazel head heath heather heaven hill holly honey hood hook hope house hunt hunter
    iris ivy jack jade jasmine jay jean jewel jewels jimmy jo john joker joy jump june junior justice keen key king
    kit knight lake lance land lane larch lark laurel law lily little lock london long love low lucky lynx major
    mandy march marina mark marks marsh marshal marshall mason may mercy merry miles miller mills mine mist monk
    moon moore moss myrtle nick noble noel north nova ocean olive page palm paris park parker parks paste pat
    patience pearl penny pepper perry pike pine piper pitt polly poole poppy porter potter power price prince queen
    rain ramsey randy ray read reed reef rich river rivers rob robin rock rod rose rosemary ruby rush rusty sage
    sailor sally salt sandy sawyer scarlet sharp shepherd short singer singh skinner sky small smith snow sparks
    spring star steel sterling stern stone storm strange strong sue summer summers sunny swan swift taylor temple
    terry thorn tom tony trinity tucker turner van victor violet wade walker wall wallace wally ward warren waters
    weaver webb wells west wheeler white wild will willow wills wise wolf wood woods worth wren wright yang york
    young
    """
)

# Of those: the ones with which a sentence often begins, so that a capital says nothing there.
ALSO_FIRST_WORDS: Final = _listed(
    """
    best bill case chance chase close cook cope cross day drew ever fall field good grant hand head hope house hunt
    jump key land little lock long love low major march mark may mine page park paste pat price read rich rob rush
    salt sharp short small strange strong sue take wall ward white will wise worth young
    """
)

PARTICLES: Final = _listed(
    "al ap bin bint da das de del della der des di do dos du el ibn la las le los ten ter van vande vander von zu"
)
