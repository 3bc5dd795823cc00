"""What is taken out of a copy of the code, one at a time, and which tests must then fail. A new promise adds a line."""

from dataclasses import dataclass

PROMISES = "tests/promises/"
SQLITE, POSTGRES, EITHER = "not postgres", "postgres", ""


@dataclass(frozen=True, slots=True)
class Weakening:
    """One mechanism, gone."""

    what: str  #: in a sentence
    file: str
    old: str  #: stands there exactly once
    new: str
    tests: tuple[str, ...]
    only: str = SQLITE  #: what pytest selects with -k
    also: tuple[tuple[str, str], ...] = ()  #: further changes to the same file, so that it still runs


def promise(name: str) -> tuple[str, ...]:
    return (f"{PROMISES}test_{name}.py",)


WEAKENINGS = (
    Weakening(
        "Whoever reads anything of a go-live sets up another",
        "bot/who_sets_up.py",
        '.where(is_at(sender), Reader.role == "lead")',
        ".where(is_at(sender))",
        promise("access"),
    ),
    Weakening(
        "Whoever said stop is asked all the same",
        "surveys/roster.py",
        "            ~col(Participant.opted_out),\n",
        "",
        promise("any_order"),
        only=EITHER,
    ),
    Weakening(
        "An invitation can be settled again and again",
        "surveys/invitations.py",
        "col(Invitation.key) == key, col(Invitation.disposition) == Disposition.PENDING)",
        "col(Invitation.key) == key)",
        promise("answering_once"),
    ),
    Weakening(
        "Answers could be written with a person",
        "surveys/responses.py",
        "answers: Sequence[Answer], remarks: Sequence[Remark]\n) -> None:",
        "answers: Sequence[Answer], remarks: Sequence[Remark], person: int = 0\n) -> None:",
        promise("signatures"),
    ),
    Weakening(
        "A response leads to a person",
        "surveys/responses.py",
        '    stratum_id: int = Field(foreign_key="stratum.id")\n\n\nclass GivenAnswer',
        '    stratum_id: int = Field(foreign_key="stratum.id")\n'
        '    person: int | None = Field(default=None, foreign_key="participant.id")\n\n\nclass GivenAnswer',
        ("tests/promises/test_schema.py::test_no_path_leads_from_here_to_a_person",),
    ),
    Weakening(
        "Sealing writes the rows again as they came",
        "surveys/sealing.py",
        "    shuffled.shuffle(keys)\n",
        "",
        promise("linkage"),
        only=POSTGRES,
    ),
    Weakening(
        "Sealing writes nothing again, so keys and transactions stay",
        "surveys/sealing.py",
        "    responses: dict[str, list[tuple[str, str]]] = defaultdict(list)\n",
        "    count_and_forget(session, wave_id)\n    wave.state = WaveState.SEALED\n    return\n"
        "    responses: dict[str, list[tuple[str, str]]] = defaultdict(list)\n",
        promise("linkage"),
        only=POSTGRES,
    ),
    Weakening(
        "Who answered stays in the table of invitations",
        "surveys/invitations.py",
        "    session.exec(delete(Invitation).where(col(Invitation.wave_id) == wave_id))\n",
        "",
        promise("sealing"),
    ),
    Weakening(
        "After sealing SQLite's log stays as it is",
        "bot/storage/database.py",
        '            if self.is_sqlite:\n                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))\n',
        "            if self.is_sqlite:\n                pass\n",
        promise("linkage"),
    ),
    Weakening(
        "After sealing PostgreSQL's log stays as it is",
        "bot/storage/database.py",
        "    let_log_go(connection)\n\n\ndef",
        "\n\ndef",
        promise("linkage"),
        only=POSTGRES,
    ),
    Weakening(
        "Sealing keeps the messages of the outbox",
        "bot/insight/detection.py",
        '    withdraw(session, f"wave:{wave_id}:")\n',
        "",
        promise("sealing"),
    ),
    Weakening(
        "Sealing keeps the messages of the web chat",
        "bot/insight/detection.py",
        "    session.exec(delete(ChatMessage).where(",
        "    session.exec(select(ChatMessage).where(",
        promise("sealing"),
    ),
    Weakening(
        "Texts are kept with the second in which they were written",
        "surveys/secrecy.py",
        "encrypt_at_time(raw, 0)",
        "encrypt(raw)",
        ("tests/unit/surveys/test_secrecy.py", *promise("keys")),
    ),
    Weakening(
        "Texts are kept as long as they are",
        "surveys/secrecy.py",
        '    raw += b"\\x00" * (-len(raw) % BLOCK)\n',
        "",
        promise("linkage"),
    ),
    Weakening(
        "Texts are kept as they were written",
        "surveys/secrecy.py",
        "    return labelled(drawer, token)\n\n\ndef reveal",
        "    return labelled(drawer, text.encode())\n\n\ndef reveal",
        promise("texts"),
        also=(
            (
                '    return keyring(session).opens(drawer).decrypt(token).rstrip(b"\\x00")[:-1].decode()',
                "    return token.decode()",
            ),
        ),
    ),
    Weakening(
        "A question that was set aside is still shown to everybody",
        "surveys/questions.py",
        "question.sealed_reply = question.published_reply = question.solved = None",
        "question.sealed_reply = question.solved = None",
        promise("moderation"),
    ),
    Weakening(
        "Questions are released one by one",
        "surveys/questions.py",
        "BATCH = 3 ",
        "BATCH = 1 ",
        ("tests/unit/surveys/test_questions.py",),
    ),
    Weakening(
        "Questions are released in the order in which they came",
        "surveys/questions.py",
        "    random.SystemRandom().shuffle(batch)\n",
        "    batch.sort(key=lambda question: reveal(session, question.text))\n",
        ("tests/unit/surveys/test_questions.py",),
    ),
    Weakening(
        "Comments are kept with the names in them",
        "bot/conversation/pulses.py",
        "kept = await masked(turn, turn.written(name), longest=LONGEST_REMARK)",
        "kept = Kept(turn.written(name), changed=False)",
        ("tests/integration/test_pulse.py",),
        also=(("from bot.conversation.masking import masked", "from bot.conversation.masking import Kept"),),
    ),
    Weakening(
        "Questions are kept with the names in them",
        "bot/conversation/asking.py",
        "kept = await masked(turn, turn.written(FIELD), longest=MAX_LENGTH)",
        "kept = Kept(turn.written(FIELD), changed=False)",
        promise("masking"),
    ),
    Weakening(
        "The log prints every field",
        "bot/logs.py",
        '    return {**kept, "dropped": dropped} if dropped else kept\n',
        "    return {**event, 'dropped': dropped}\n",
        (*promise("logs_rehearsal"), *promise("logs")),
    ),
    Weakening(
        "The log prints what libraries say of whom",
        "bot/logs.py",
        'return {**event, "event": template if template and template in source else at, "where": at}',
        "return event",
        promise("logs_rehearsal"),
    ),
    Weakening(
        "Who asked how often stands in memory by account",
        "bot/conversation/limits.py",
        "return hashlib.blake2b(text, key=self._key, digest_size=16).digest()",
        "return text",
        ("tests/unit/bot/test_limits.py",),
    ),
    Weakening(
        "Any four words find a question",
        "surveys/questions.py",
        "select(Question).where(Question.mailbox == mailbox)).one_or_none()",
        "select(Question)).first()",
        ("tests/integration/test_questions_chat.py::test_wrong_words_open_nothing",),
    ),
    Weakening(
        "The digest shows numbers under the minimum",
        "bot/insight/digest.py",
        "    if total.is_hidden:\n",
        "    if not total.asked:\n",
        ("tests/integration/test_digest.py",),
    ),
    Weakening(
        "The minimum can be lowered while a go-live runs",
        "bot/loading.py",
        "        raise Locked(minimum=golive.group_minimum)\n",
        "        pass\n",
        promise("threshold"),
    ),
    Weakening(
        "Small teams are left out and nothing else",
        "analytics/publication.py",
        "    parts = _coarsened(parts, minimum=minimum)\n",
        "",
        promise("disclosure"),
    ),
    Weakening(
        "Nobody looks at what earlier waves told",
        "analytics/ledger.py",
        "    if steps[-1].high is None:\n",
        "    if steps:\n",
        promise("disclosure"),
    ),
    Weakening(
        "Forged links open a chat",
        "adapters/web/links.py",
        "loads(token, max_age=int(max_age.total_seconds()))",
        "loads_unsafe(token)[1]",
        promise("access_web"),
    ),
    Weakening(
        "Another page can press for somebody",
        "adapters/web/routes.py",
        "        if not from_our_page(request.headers):\n",
        "        if from_our_page is None:\n",
        promise("access_web"),
    ),
    Weakening(
        "Whoever has a chat may read every chat",
        "adapters/web/routes.py",
        "return account if account is not None and links.chat_id(self._secret, account) == chat else None",
        "return account",
        promise("access_web"),
    ),
    Weakening(
        "Browsers are told nothing of what pages may load",
        "adapters/web/headers.py",
        "found.setdefault(name, value)",
        "continue",
        promise("access_web"),
        also=(("HEADERS = {\n", "HEADERS = {}\n_OTHERS = {\n"),),
    ),
    Weakening(
        "What is for leads is for everybody",
        "bot/conversation/listen.py",
        "if sender.is_lead else not_yours",
        "if sender else not_yours",
        promise("access"),
    ),
    Weakening(
        "A lead can act on the alerts of another go-live",
        "bot/leading.py",
        "    if alert is None or alert.golive_id != by.golive_id:\n",
        "    if alert is None:\n",
        promise("access"),
    ),
    Weakening(
        "A wave is published without a look at what was published before",
        "bot/insight/publishing.py",
        "        ledger=ledger_of(session, wave.golive_id),\n",
        "        ledger=Ledger(),\n",
        promise("published_once"),
    ),
    Weakening(
        "Pages tell how many of a small team answered",
        "analytics/wave_figures.py",
        "    if coarse:\n",
        "    if False:\n",
        ("tests/unit/analytics/test_wave_figures.py", *promise("published_numbers")),
    ),
    Weakening(
        "The dashboard shows every go-live to whoever leads one",
        "bot/dashboard/routes.py",
        "if not is_number(number) or not (visitor.administrator or visitor.place(int(number))):",
        "if not is_number(number):",
        promise("access_dashboard"),
    ),
    Weakening(
        "The dashboard takes presses that another page made",
        "bot/dashboard/routes.py",
        "            check_csrf(form, visitor.csrf)\n",
        "",
        promise("access_dashboard"),
    ),
    Weakening(
        "A sign-in link opens again and again",
        "bot/dashboard/sign_in.py",
        "    if taken.rowcount == 0 or not in_time:",
        "    session.rollback()\n    if not in_time:",
        promise("access_dashboard"),
    ),
    Weakening(
        "Remarks stay for ever",
        "bot/retention_rules.py",
        '    Rule("remarks", lambda keep: keep.texts, remark_ages, remove_remarks),\n',
        "",
        promise("retention"),
    ),
    Weakening(
        "Keys outlive the texts that they open",
        "bot/retention.py",
        "        database.keychain.change(partial(without_drawer, drawer=name))\n",
        "        pass\n",
        promise("retention"),
    ),
    Weakening(
        "Erasing somebody leaves their address",
        "bot/erasure.py",
        "        session.exec(delete(Contact).where(col(Contact.id) == one.contact.id))\n",
        "",
        promise("erasure"),
    ),
    Weakening(
        "Whom the bot has erased can be looked up",
        "bot/erasure.py",
        'return hmac.new(pepper, f"{golive.id}\\0{at.platform}\\0{at.account}".encode(), sha256).hexdigest()',
        'return sha256(f"{golive.id}\\0{at.platform}\\0{at.account}".encode()).hexdigest()',
        promise("erasure"),
    ),
    Weakening(
        "Entries of the audit log do not vouch for each other",
        "bot/audit.py",
        "hmac.digest(secret, bytes(before) + json.dumps(fields).encode(), sha256)",
        "hmac.digest(b'', json.dumps(fields).encode(), sha256)",
        promise("audit_log"),
    ),
    Weakening(
        "Old keys stay after a rotation",
        "bot/storage/rotation.py",
        "    keychain.change(with_newest_alone)\n",
        "",
        promise("keys"),
    ),
    Weakening(
        "Only the wish that changes is written anew",
        "surveys/return_addresses.py",
        "            kept = change(question, opens(session, question))\n",
        "            kept = change(question, opens(session, question))\n"
        "            if kept == opens(session, question):\n                continue\n",
        promise("return_address"),
    ),
    Weakening(
        "Metrics count answers while their wave is open",
        "bot/metrics.py",
        "sealed.where(Wave.state != WaveState.OPEN)",
        "sealed",
        promise("metrics"),
    ),
    Weakening(
        "Metrics count those who are told that a reply is there",
        "bot/metrics.py",
        "return col(Delivery.kind) != DeliveryKind.NOTICE",
        "return col(Delivery.id) > 0",
        promise("metrics"),
    ),
    Weakening(
        "Teams may speak for any organisation",
        "adapters/teams/authentication.py",
        '    if tenant != letter.registration.tenant:\n        raise Refused("another_tenant")\n',
        "",
        ("tests/integration/test_teams_endpoint.py",),
    ),
    Weakening(
        "A token of Teams need not name the address that a body names",
        "adapters/teams/authentication.py",
        '    if service_url.rstrip("/") != letter.service_url.rstrip("/"):\n        raise Refused("another_address")\n',
        "",
        ("tests/integration/test_teams_endpoint.py",),
    ),
    Weakening(
        "A receipt is sent as a message, which Teams keeps",
        "adapters/teams/turns.py",
        "        sender, hint = incoming.sender, self._words.group_hint\n",
        "        sender, hint = incoming.sender, self._words.group_hint\n"
        "        await self._say(incoming, reply, place)\n",
        ("tests/integration/test_teams_chat.py",),
    ),
)
