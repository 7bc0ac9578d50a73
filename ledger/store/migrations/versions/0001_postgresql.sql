-- The first schema on postgresql: tables, indexes, append-only triggers and bookkeeping rules.
-- Frozen: a later change is a later migration. Statements stand apart by lines `-- next`.

-- next

CREATE TABLE record (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    data BYTEA NOT NULL,
    leaf BYTEA NOT NULL,
    PRIMARY KEY (book_id, idx),
    CHECK (idx >= 0)
)

-- next

CREATE TABLE node (
    book_id TEXT COLLATE "C" NOT NULL,
    level BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (book_id, level, idx),
    CHECK (level >= 1)
)

-- next

CREATE TABLE blob_chunk (
    book_id TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (book_id, digest, n),
    CHECK (n >= 0)
)

-- next

CREATE TABLE private_value (
    book_id TEXT COLLATE "C" NOT NULL,
    commitment TEXT COLLATE "C" NOT NULL,
    salt BYTEA NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (book_id, commitment)
)

-- next

CREATE TABLE source_row (
    book_id TEXT COLLATE "C" NOT NULL,
    file_idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    salt BYTEA NOT NULL,
    cells TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, file_idx, n)
)

-- next

CREATE INDEX source_row_key ON source_row (book_id, key)

-- next

CREATE TABLE person (
    person TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    disabled BIGINT NOT NULL,
    must_change BIGINT NOT NULL,
    PRIMARY KEY (person),
    UNIQUE (login)
)

-- next

CREATE TABLE sealed_key (
    key_id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (key_id)
)

-- next

CREATE INDEX sealed_key_person ON sealed_key (person)

-- next

CREATE TABLE web_session (
    token_hash TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C",
    data TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash)
)

-- next

CREATE INDEX web_session_person ON web_session (person)

-- next

CREATE TABLE throttle (
    subject TEXT COLLATE "C" NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (subject)
)

-- next

CREATE TABLE draft (
    book_id TEXT COLLATE "C" NOT NULL,
    draft TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    drafter TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    file_idx BIGINT,
    poster TEXT COLLATE "C",
    posted_idx BIGINT,
    note TEXT COLLATE "C",
    PRIMARY KEY (book_id, draft)
)

-- next

CREATE INDEX draft_state ON draft (book_id, state)

-- next

CREATE TABLE record_head (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX record_head_kind ON record_head (book_id, kind)

-- next

CREATE TABLE book (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    name_zh TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C" NOT NULL,
    county_zh TEXT COLLATE "C" NOT NULL,
    county_en TEXT COLLATE "C" NOT NULL,
    nonce TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id)
)

-- next

CREATE TABLE chart (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    definition TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE attachment (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    media TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE entry (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    date TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    summary TEXT COLLATE "C" NOT NULL,
    amount_fen BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    broadcast TEXT COLLATE "C",
    account TEXT COLLATE "C",
    charity TEXT COLLATE "C",
    drafter TEXT COLLATE "C" NOT NULL,
    poster TEXT COLLATE "C" NOT NULL,
    attachments BIGINT NOT NULL,
    reverses BIGINT,
    corrects BIGINT,
    reason TEXT COLLATE "C",
    facts TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, period, seq),
    UNIQUE (book_id, reverses),
    CHECK (seq >= 1)
)

-- next

CREATE INDEX entry_broadcast ON entry (book_id, broadcast)

-- next

CREATE TABLE posting (
    book_id TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    dc TEXT COLLATE "C" NOT NULL,
    fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, period, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (dc IN ('D', 'C'))
)

-- next

CREATE INDEX posting_account ON posting (book_id, account, period)

-- next

CREATE UNIQUE INDEX posting_record ON posting (book_id, idx, n)

-- next

CREATE TABLE duty (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    statement TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, idx, party)
)

-- next

CREATE TABLE opening (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    drafter TEXT COLLATE "C" NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id)
)

-- next

CREATE TABLE opening_line (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    fen BIGINT NOT NULL,
    since TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (part IN ('balance', 'item', 'year'))
)

-- next

CREATE TABLE signoff (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    entry_idx BIGINT NOT NULL,
    entry TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    previous TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    batch TEXT COLLATE "C" NOT NULL,
    leaf TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, entry_idx, party, previous)
)

-- next

CREATE TABLE reply (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    signoff_idx BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE erasure (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    commitment TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, commitment)
)

-- next

CREATE TABLE live_account (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    handle TEXT COLLATE "C" NOT NULL,
    owner_kind TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, account)
)

-- next

CREATE TABLE filing (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    filed_with TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    filed_on TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (filed_with IN ('leaders', 'discipline'))
)

-- next

CREATE TABLE account_pause (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    paused BIGINT NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE broadcast (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    broadcast TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    starts_at TEXT COLLATE "C" NOT NULL,
    ends_at TEXT COLLATE "C",
    month TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    host_person TEXT COLLATE "C",
    amended TEXT COLLATE "C",
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX broadcast_number ON broadcast (book_id, broadcast)

-- next

CREATE INDEX broadcast_month ON broadcast (book_id, month)

-- next

CREATE TABLE broadcast_leg (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    broadcast TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX broadcast_leg_account ON broadcast_leg (book_id, account)

-- next

CREATE TABLE audience (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    broadcast TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    captured_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX audience_broadcast ON audience (book_id, broadcast)

-- next

CREATE TABLE declaration (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    broadcast TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    zero BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    units BIGINT,
    captured_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX declaration_broadcast ON declaration (book_id, broadcast)

-- next

CREATE TABLE explanation (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    broadcast TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    difference_fen BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX explanation_broadcast ON explanation (book_id, broadcast)

-- next

CREATE TABLE source_file (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    reader TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    header TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    encoding TEXT COLLATE "C" NOT NULL,
    rows BIGINT NOT NULL,
    root TEXT COLLATE "C" NOT NULL,
    controls TEXT COLLATE "C" NOT NULL,
    first_at TEXT COLLATE "C" NOT NULL,
    last_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX source_file_digest ON source_file (book_id, digest)

-- next

CREATE TABLE file_discard (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    file_idx BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, file_idx)
)

-- next

CREATE TABLE row_claim (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    file_idx BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    use TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, file_idx, first, use),
    CHECK (use IN ('booked', 'memo', 'unassigned', 'repeated', 'newer')),
    CHECK (first <= last)
)

-- next

CREATE TABLE memo_sum (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    broadcast TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    shop TEXT COLLATE "C" NOT NULL,
    product TEXT COLLATE "C" NOT NULL,
    orders BIGINT NOT NULL,
    gmv_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX memo_sum_broadcast ON memo_sum (book_id, broadcast)

-- next

CREATE TABLE policy (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE party (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    name_zh TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, party)
)

-- next

CREATE TABLE membership (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    post TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX membership_person ON membership (book_id, person)

-- next

CREATE TABLE membership_end (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    member_idx BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, member_idx)
)

-- next

CREATE TABLE substitute (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    absent TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE signing_key (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    public TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, key_id)
)

-- next

CREATE TABLE signing_key_end (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, key_id)
)

-- next

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = '23001'; END $$

-- next

CREATE TRIGGER record_append_only_row BEFORE UPDATE OR DELETE ON record FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER record_append_only_statement BEFORE TRUNCATE ON record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER node_append_only_row BEFORE UPDATE OR DELETE ON node FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER node_append_only_statement BEFORE TRUNCATE ON node FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER blob_chunk_append_only_row BEFORE UPDATE OR DELETE ON blob_chunk FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER blob_chunk_append_only_statement BEFORE TRUNCATE ON blob_chunk FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER record_head_append_only_row BEFORE UPDATE OR DELETE ON record_head FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER record_head_append_only_statement BEFORE TRUNCATE ON record_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER book_append_only_row BEFORE UPDATE OR DELETE ON book FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER book_append_only_statement BEFORE TRUNCATE ON book FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER chart_append_only_row BEFORE UPDATE OR DELETE ON chart FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER chart_append_only_statement BEFORE TRUNCATE ON chart FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER policy_append_only_row BEFORE UPDATE OR DELETE ON policy FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER policy_append_only_statement BEFORE TRUNCATE ON policy FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER party_append_only_row BEFORE UPDATE OR DELETE ON party FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER party_append_only_statement BEFORE TRUNCATE ON party FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER membership_append_only_row BEFORE UPDATE OR DELETE ON membership FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER membership_append_only_statement BEFORE TRUNCATE ON membership FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER membership_end_append_only_row BEFORE UPDATE OR DELETE ON membership_end FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER membership_end_append_only_statement BEFORE TRUNCATE ON membership_end FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER substitute_append_only_row BEFORE UPDATE OR DELETE ON substitute FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER substitute_append_only_statement BEFORE TRUNCATE ON substitute FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER signing_key_append_only_row BEFORE UPDATE OR DELETE ON signing_key FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER signing_key_append_only_statement BEFORE TRUNCATE ON signing_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER signing_key_end_append_only_row BEFORE UPDATE OR DELETE ON signing_key_end FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER signing_key_end_append_only_statement BEFORE TRUNCATE ON signing_key_end FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER attachment_append_only_row BEFORE UPDATE OR DELETE ON attachment FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER attachment_append_only_statement BEFORE TRUNCATE ON attachment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER entry_append_only_row BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER entry_append_only_statement BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER posting_append_only_row BEFORE UPDATE OR DELETE ON posting FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER posting_append_only_statement BEFORE TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER duty_append_only_row BEFORE UPDATE OR DELETE ON duty FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER duty_append_only_statement BEFORE TRUNCATE ON duty FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER opening_append_only_row BEFORE UPDATE OR DELETE ON opening FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER opening_append_only_statement BEFORE TRUNCATE ON opening FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER opening_line_append_only_row BEFORE UPDATE OR DELETE ON opening_line FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER opening_line_append_only_statement BEFORE TRUNCATE ON opening_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER signoff_append_only_row BEFORE UPDATE OR DELETE ON signoff FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER signoff_append_only_statement BEFORE TRUNCATE ON signoff FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER reply_append_only_row BEFORE UPDATE OR DELETE ON reply FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER reply_append_only_statement BEFORE TRUNCATE ON reply FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER erasure_append_only_row BEFORE UPDATE OR DELETE ON erasure FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER erasure_append_only_statement BEFORE TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER live_account_append_only_row BEFORE UPDATE OR DELETE ON live_account FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER live_account_append_only_statement BEFORE TRUNCATE ON live_account FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER filing_append_only_row BEFORE UPDATE OR DELETE ON filing FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER filing_append_only_statement BEFORE TRUNCATE ON filing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER account_pause_append_only_row BEFORE UPDATE OR DELETE ON account_pause FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER account_pause_append_only_statement BEFORE TRUNCATE ON account_pause FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER broadcast_append_only_row BEFORE UPDATE OR DELETE ON broadcast FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER broadcast_append_only_statement BEFORE TRUNCATE ON broadcast FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER broadcast_leg_append_only_row BEFORE UPDATE OR DELETE ON broadcast_leg FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER broadcast_leg_append_only_statement BEFORE TRUNCATE ON broadcast_leg FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER audience_append_only_row BEFORE UPDATE OR DELETE ON audience FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER audience_append_only_statement BEFORE TRUNCATE ON audience FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER declaration_append_only_row BEFORE UPDATE OR DELETE ON declaration FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER declaration_append_only_statement BEFORE TRUNCATE ON declaration FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER explanation_append_only_row BEFORE UPDATE OR DELETE ON explanation FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER explanation_append_only_statement BEFORE TRUNCATE ON explanation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER source_file_append_only_row BEFORE UPDATE OR DELETE ON source_file FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER source_file_append_only_statement BEFORE TRUNCATE ON source_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER file_discard_append_only_row BEFORE UPDATE OR DELETE ON file_discard FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER file_discard_append_only_statement BEFORE TRUNCATE ON file_discard FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER row_claim_append_only_row BEFORE UPDATE OR DELETE ON row_claim FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER row_claim_append_only_statement BEFORE TRUNCATE ON row_claim FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER memo_sum_append_only_row BEFORE UPDATE OR DELETE ON memo_sum FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER memo_sum_append_only_statement BEFORE TRUNCATE ON memo_sum FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE FUNCTION record_gapless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.idx <> (SELECT COALESCE(MAX(idx), -1) + 1 FROM record WHERE book_id = NEW.book_id) THEN RAISE EXCEPTION 'rule: record_gapless' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$; CREATE TRIGGER record_gapless BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION record_gapless()

-- next

CREATE FUNCTION entry_gapless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entry WHERE book_id = NEW.book_id AND period = NEW.period) THEN RAISE EXCEPTION 'rule: entry_gapless' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$; CREATE TRIGGER entry_gapless BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_gapless()

-- next

CREATE FUNCTION entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT COUNT(*) FROM posting WHERE book_id = NEW.book_id AND period = NEW.period AND idx = NEW.idx) <> NEW.lines OR (SELECT COALESCE(SUM(CASE dc WHEN 'D' THEN fen ELSE -fen END), 0) FROM posting WHERE book_id = NEW.book_id AND period = NEW.period AND idx = NEW.idx) <> 0 OR (SELECT COALESCE(SUM(CASE dc WHEN 'D' THEN fen ELSE 0 END), 0) FROM posting WHERE book_id = NEW.book_id AND period = NEW.period AND idx = NEW.idx) <> NEW.amount_fen THEN RAISE EXCEPTION 'rule: entry_balanced' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$; CREATE TRIGGER entry_balanced BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_balanced()

-- next

CREATE FUNCTION posting_in_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM entry WHERE book_id = NEW.book_id AND idx = NEW.idx) THEN RAISE EXCEPTION 'rule: posting_in_time' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$; CREATE TRIGGER posting_in_time BEFORE INSERT ON posting FOR EACH ROW EXECUTE FUNCTION posting_in_time()
