-- The first schema on sqlite: tables, indexes, append-only triggers and bookkeeping rules.
-- Frozen: a later change is a later migration. Statements stand apart by lines `-- next`.

-- next

CREATE TABLE record (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    data BLOB NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (book_id, idx),
    CHECK (idx >= 0)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE node (
    book_id TEXT NOT NULL,
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (book_id, level, idx),
    CHECK (level >= 1)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE blob_chunk (
    book_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    n INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (book_id, digest, n),
    CHECK (n >= 0)
)
 STRICT

-- next

CREATE TABLE private_value (
    book_id TEXT NOT NULL,
    commitment TEXT NOT NULL,
    salt BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (book_id, commitment)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE source_row (
    book_id TEXT NOT NULL,
    file_idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    salt BLOB NOT NULL,
    cells TEXT NOT NULL,
    PRIMARY KEY (book_id, file_idx, n)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX source_row_key ON source_row (book_id, "key")

-- next

CREATE TABLE person (
    person TEXT NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    must_change INTEGER NOT NULL,
    PRIMARY KEY (person),
    UNIQUE (login)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE sealed_key (
    key_id TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (key_id)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX sealed_key_person ON sealed_key (person)

-- next

CREATE TABLE web_session (
    token_hash TEXT NOT NULL,
    person TEXT,
    data TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (token_hash)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX web_session_person ON web_session (person)

-- next

CREATE TABLE throttle (
    subject TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (subject)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE draft (
    book_id TEXT NOT NULL,
    draft TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    digest TEXT NOT NULL,
    drafter TEXT NOT NULL,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL,
    file_idx INTEGER,
    poster TEXT,
    posted_idx INTEGER,
    note TEXT,
    PRIMARY KEY (book_id, draft)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX draft_state ON draft (book_id, state)

-- next

CREATE TABLE record_head (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX record_head_kind ON record_head (book_id, kind)

-- next

CREATE TABLE book (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    county_zh TEXT NOT NULL,
    county_en TEXT NOT NULL,
    nonce TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE chart (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE attachment (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE entry (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    period TEXT NOT NULL,
    seq INTEGER NOT NULL,
    number TEXT NOT NULL,
    date TEXT NOT NULL,
    type TEXT NOT NULL,
    summary TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    broadcast TEXT,
    account TEXT,
    charity TEXT,
    drafter TEXT NOT NULL,
    poster TEXT NOT NULL,
    attachments INTEGER NOT NULL,
    reverses INTEGER,
    corrects INTEGER,
    reason TEXT,
    facts TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, period, seq),
    UNIQUE (book_id, reverses),
    CHECK (seq >= 1)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX entry_broadcast ON entry (book_id, broadcast)

-- next

CREATE TABLE posting (
    book_id TEXT NOT NULL,
    period TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL,
    dc TEXT NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, period, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (dc IN ('D', 'C'))
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX posting_account ON posting (book_id, account, period)

-- next

CREATE UNIQUE INDEX posting_record ON posting (book_id, idx, n)

-- next

CREATE TABLE duty (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    party TEXT NOT NULL,
    part TEXT NOT NULL,
    statement TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, idx, party)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE opening (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    period TEXT NOT NULL,
    drafter TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE opening_line (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    part TEXT NOT NULL,
    account TEXT NOT NULL,
    fen INTEGER NOT NULL,
    since TEXT,
    detail TEXT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (part IN ('balance', 'item', 'year'))
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE signoff (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    entry_idx INTEGER NOT NULL,
    entry TEXT NOT NULL,
    party TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT,
    previous TEXT NOT NULL,
    method TEXT NOT NULL,
    key_id TEXT NOT NULL,
    batch TEXT NOT NULL,
    leaf TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, entry_idx, party, previous)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE reply (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    signoff_idx INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE erasure (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    commitment TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, commitment)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE live_account (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL,
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, account)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE filing (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL,
    filed_with TEXT NOT NULL,
    number TEXT NOT NULL,
    filed_on TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (filed_with IN ('leaders', 'discipline'))
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE account_pause (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL,
    paused INTEGER NOT NULL,
    on_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE broadcast (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    broadcast TEXT NOT NULL,
    title TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    month TEXT NOT NULL,
    department TEXT NOT NULL,
    host TEXT NOT NULL,
    host_person TEXT,
    amended TEXT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX broadcast_number ON broadcast (book_id, broadcast)

-- next

CREATE INDEX broadcast_month ON broadcast (book_id, month)

-- next

CREATE TABLE broadcast_leg (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    broadcast TEXT NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX broadcast_leg_account ON broadcast_leg (book_id, account)

-- next

CREATE TABLE audience (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    broadcast TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    value INTEGER NOT NULL,
    captured_at TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX audience_broadcast ON audience (book_id, broadcast)

-- next

CREATE TABLE declaration (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    broadcast TEXT NOT NULL,
    account TEXT NOT NULL,
    zero INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    units INTEGER,
    captured_at TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX declaration_broadcast ON declaration (book_id, broadcast)

-- next

CREATE TABLE explanation (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    broadcast TEXT NOT NULL,
    account TEXT NOT NULL,
    difference_fen INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX explanation_broadcast ON explanation (book_id, broadcast)

-- next

CREATE TABLE source_file (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    reader TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    platform TEXT NOT NULL,
    header TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    encoding TEXT NOT NULL,
    rows INTEGER NOT NULL,
    root TEXT NOT NULL,
    controls TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX source_file_digest ON source_file (book_id, digest)

-- next

CREATE TABLE file_discard (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    file_idx INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, file_idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE row_claim (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    file_idx INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    use TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, file_idx, first, use),
    CHECK (use IN ('booked', 'memo', 'unassigned', 'repeated', 'newer')),
    CHECK (first <= last)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE memo_sum (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    period TEXT NOT NULL,
    broadcast TEXT,
    kind TEXT NOT NULL,
    shop TEXT NOT NULL,
    product TEXT NOT NULL,
    orders INTEGER NOT NULL,
    gmv_fen INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    fee_fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX memo_sum_broadcast ON memo_sum (book_id, broadcast)

-- next

CREATE TABLE policy (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE party (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    party TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, party)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE membership (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    person TEXT NOT NULL,
    party TEXT NOT NULL,
    role TEXT NOT NULL,
    post TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX membership_person ON membership (book_id, person)

-- next

CREATE TABLE membership_end (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    member_idx INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, member_idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE substitute (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    party TEXT NOT NULL,
    absent TEXT NOT NULL,
    person TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE signing_key (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    person TEXT NOT NULL,
    method TEXT NOT NULL,
    public TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, key_id)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE signing_key_end (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, key_id)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TRIGGER record_no_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'append-only: record'); END

-- next

CREATE TRIGGER record_no_delete BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'append-only: record'); END

-- next

CREATE TRIGGER record_no_replace BEFORE INSERT ON record WHEN EXISTS (SELECT 1 FROM record WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx") BEGIN SELECT RAISE(ABORT, 'append-only: record'); END

-- next

CREATE TRIGGER node_no_update BEFORE UPDATE ON node BEGIN SELECT RAISE(ABORT, 'append-only: node'); END

-- next

CREATE TRIGGER node_no_delete BEFORE DELETE ON node BEGIN SELECT RAISE(ABORT, 'append-only: node'); END

-- next

CREATE TRIGGER node_no_replace BEFORE INSERT ON node WHEN EXISTS (SELECT 1 FROM node WHERE "book_id" = NEW."book_id" AND "level" = NEW."level" AND "idx" = NEW."idx") BEGIN SELECT RAISE(ABORT, 'append-only: node'); END

-- next

CREATE TRIGGER blob_chunk_no_update BEFORE UPDATE ON blob_chunk BEGIN SELECT RAISE(ABORT, 'append-only: blob_chunk'); END

-- next

CREATE TRIGGER blob_chunk_no_delete BEFORE DELETE ON blob_chunk BEGIN SELECT RAISE(ABORT, 'append-only: blob_chunk'); END

-- next

CREATE TRIGGER blob_chunk_no_replace BEFORE INSERT ON blob_chunk WHEN EXISTS (SELECT 1 FROM blob_chunk WHERE "book_id" = NEW."book_id" AND "digest" = NEW."digest" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: blob_chunk'); END

-- next

CREATE TRIGGER record_head_no_update BEFORE UPDATE ON record_head BEGIN SELECT RAISE(ABORT, 'append-only: record_head'); END

-- next

CREATE TRIGGER record_head_no_delete BEFORE DELETE ON record_head BEGIN SELECT RAISE(ABORT, 'append-only: record_head'); END

-- next

CREATE TRIGGER record_head_no_replace BEFORE INSERT ON record_head WHEN EXISTS (SELECT 1 FROM record_head WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: record_head'); END

-- next

CREATE TRIGGER book_no_update BEFORE UPDATE ON book BEGIN SELECT RAISE(ABORT, 'append-only: book'); END

-- next

CREATE TRIGGER book_no_delete BEFORE DELETE ON book BEGIN SELECT RAISE(ABORT, 'append-only: book'); END

-- next

CREATE TRIGGER book_no_replace BEFORE INSERT ON book WHEN EXISTS (SELECT 1 FROM book WHERE "book_id" = NEW."book_id") OR EXISTS (SELECT 1 FROM book WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: book'); END

-- next

CREATE TRIGGER chart_no_update BEFORE UPDATE ON chart BEGIN SELECT RAISE(ABORT, 'append-only: chart'); END

-- next

CREATE TRIGGER chart_no_delete BEFORE DELETE ON chart BEGIN SELECT RAISE(ABORT, 'append-only: chart'); END

-- next

CREATE TRIGGER chart_no_replace BEFORE INSERT ON chart WHEN EXISTS (SELECT 1 FROM chart WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: chart'); END

-- next

CREATE TRIGGER policy_no_update BEFORE UPDATE ON policy BEGIN SELECT RAISE(ABORT, 'append-only: policy'); END

-- next

CREATE TRIGGER policy_no_delete BEFORE DELETE ON policy BEGIN SELECT RAISE(ABORT, 'append-only: policy'); END

-- next

CREATE TRIGGER policy_no_replace BEFORE INSERT ON policy WHEN EXISTS (SELECT 1 FROM policy WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: policy'); END

-- next

CREATE TRIGGER party_no_update BEFORE UPDATE ON party BEGIN SELECT RAISE(ABORT, 'append-only: party'); END

-- next

CREATE TRIGGER party_no_delete BEFORE DELETE ON party BEGIN SELECT RAISE(ABORT, 'append-only: party'); END

-- next

CREATE TRIGGER party_no_replace BEFORE INSERT ON party WHEN EXISTS (SELECT 1 FROM party WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM party WHERE "book_id" = NEW."book_id" AND "party" = NEW."party") BEGIN SELECT RAISE(ABORT, 'append-only: party'); END

-- next

CREATE TRIGGER membership_no_update BEFORE UPDATE ON membership BEGIN SELECT RAISE(ABORT, 'append-only: membership'); END

-- next

CREATE TRIGGER membership_no_delete BEFORE DELETE ON membership BEGIN SELECT RAISE(ABORT, 'append-only: membership'); END

-- next

CREATE TRIGGER membership_no_replace BEFORE INSERT ON membership WHEN EXISTS (SELECT 1 FROM membership WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: membership'); END

-- next

CREATE TRIGGER membership_end_no_update BEFORE UPDATE ON membership_end BEGIN SELECT RAISE(ABORT, 'append-only: membership_end'); END

-- next

CREATE TRIGGER membership_end_no_delete BEFORE DELETE ON membership_end BEGIN SELECT RAISE(ABORT, 'append-only: membership_end'); END

-- next

CREATE TRIGGER membership_end_no_replace BEFORE INSERT ON membership_end WHEN EXISTS (SELECT 1 FROM membership_end WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM membership_end WHERE "book_id" = NEW."book_id" AND "member_idx" = NEW."member_idx") BEGIN SELECT RAISE(ABORT, 'append-only: membership_end'); END

-- next

CREATE TRIGGER substitute_no_update BEFORE UPDATE ON substitute BEGIN SELECT RAISE(ABORT, 'append-only: substitute'); END

-- next

CREATE TRIGGER substitute_no_delete BEFORE DELETE ON substitute BEGIN SELECT RAISE(ABORT, 'append-only: substitute'); END

-- next

CREATE TRIGGER substitute_no_replace BEFORE INSERT ON substitute WHEN EXISTS (SELECT 1 FROM substitute WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: substitute'); END

-- next

CREATE TRIGGER signing_key_no_update BEFORE UPDATE ON signing_key BEGIN SELECT RAISE(ABORT, 'append-only: signing_key'); END

-- next

CREATE TRIGGER signing_key_no_delete BEFORE DELETE ON signing_key BEGIN SELECT RAISE(ABORT, 'append-only: signing_key'); END

-- next

CREATE TRIGGER signing_key_no_replace BEFORE INSERT ON signing_key WHEN EXISTS (SELECT 1 FROM signing_key WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM signing_key WHERE "book_id" = NEW."book_id" AND "key_id" = NEW."key_id") BEGIN SELECT RAISE(ABORT, 'append-only: signing_key'); END

-- next

CREATE TRIGGER signing_key_end_no_update BEFORE UPDATE ON signing_key_end BEGIN SELECT RAISE(ABORT, 'append-only: signing_key_end'); END

-- next

CREATE TRIGGER signing_key_end_no_delete BEFORE DELETE ON signing_key_end BEGIN SELECT RAISE(ABORT, 'append-only: signing_key_end'); END

-- next

CREATE TRIGGER signing_key_end_no_replace BEFORE INSERT ON signing_key_end WHEN EXISTS (SELECT 1 FROM signing_key_end WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM signing_key_end WHERE "book_id" = NEW."book_id" AND "key_id" = NEW."key_id") BEGIN SELECT RAISE(ABORT, 'append-only: signing_key_end'); END

-- next

CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment BEGIN SELECT RAISE(ABORT, 'append-only: attachment'); END

-- next

CREATE TRIGGER attachment_no_delete BEFORE DELETE ON attachment BEGIN SELECT RAISE(ABORT, 'append-only: attachment'); END

-- next

CREATE TRIGGER attachment_no_replace BEFORE INSERT ON attachment WHEN EXISTS (SELECT 1 FROM attachment WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: attachment'); END

-- next

CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only: entry'); END

-- next

CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only: entry'); END

-- next

CREATE TRIGGER entry_no_replace BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM entry WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM entry WHERE "book_id" = NEW."book_id" AND "period" = NEW."period" AND "seq" = NEW."seq") OR EXISTS (SELECT 1 FROM entry WHERE "book_id" = NEW."book_id" AND "reverses" = NEW."reverses") BEGIN SELECT RAISE(ABORT, 'append-only: entry'); END

-- next

CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END

-- next

CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END

-- next

CREATE TRIGGER posting_no_replace BEFORE INSERT ON posting WHEN EXISTS (SELECT 1 FROM posting WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM posting WHERE "book_id" = NEW."book_id" AND "period" = NEW."period" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END

-- next

CREATE TRIGGER duty_no_update BEFORE UPDATE ON duty BEGIN SELECT RAISE(ABORT, 'append-only: duty'); END

-- next

CREATE TRIGGER duty_no_delete BEFORE DELETE ON duty BEGIN SELECT RAISE(ABORT, 'append-only: duty'); END

-- next

CREATE TRIGGER duty_no_replace BEFORE INSERT ON duty WHEN EXISTS (SELECT 1 FROM duty WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM duty WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "party" = NEW."party") BEGIN SELECT RAISE(ABORT, 'append-only: duty'); END

-- next

CREATE TRIGGER opening_no_update BEFORE UPDATE ON opening BEGIN SELECT RAISE(ABORT, 'append-only: opening'); END

-- next

CREATE TRIGGER opening_no_delete BEFORE DELETE ON opening BEGIN SELECT RAISE(ABORT, 'append-only: opening'); END

-- next

CREATE TRIGGER opening_no_replace BEFORE INSERT ON opening WHEN EXISTS (SELECT 1 FROM opening WHERE "book_id" = NEW."book_id") OR EXISTS (SELECT 1 FROM opening WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: opening'); END

-- next

CREATE TRIGGER opening_line_no_update BEFORE UPDATE ON opening_line BEGIN SELECT RAISE(ABORT, 'append-only: opening_line'); END

-- next

CREATE TRIGGER opening_line_no_delete BEFORE DELETE ON opening_line BEGIN SELECT RAISE(ABORT, 'append-only: opening_line'); END

-- next

CREATE TRIGGER opening_line_no_replace BEFORE INSERT ON opening_line WHEN EXISTS (SELECT 1 FROM opening_line WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: opening_line'); END

-- next

CREATE TRIGGER signoff_no_update BEFORE UPDATE ON signoff BEGIN SELECT RAISE(ABORT, 'append-only: signoff'); END

-- next

CREATE TRIGGER signoff_no_delete BEFORE DELETE ON signoff BEGIN SELECT RAISE(ABORT, 'append-only: signoff'); END

-- next

CREATE TRIGGER signoff_no_replace BEFORE INSERT ON signoff WHEN EXISTS (SELECT 1 FROM signoff WHERE "book_id" = NEW."book_id" AND "entry_idx" = NEW."entry_idx" AND "party" = NEW."party" AND "previous" = NEW."previous") OR EXISTS (SELECT 1 FROM signoff WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: signoff'); END

-- next

CREATE TRIGGER reply_no_update BEFORE UPDATE ON reply BEGIN SELECT RAISE(ABORT, 'append-only: reply'); END

-- next

CREATE TRIGGER reply_no_delete BEFORE DELETE ON reply BEGIN SELECT RAISE(ABORT, 'append-only: reply'); END

-- next

CREATE TRIGGER reply_no_replace BEFORE INSERT ON reply WHEN EXISTS (SELECT 1 FROM reply WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: reply'); END

-- next

CREATE TRIGGER erasure_no_update BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, 'append-only: erasure'); END

-- next

CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'append-only: erasure'); END

-- next

CREATE TRIGGER erasure_no_replace BEFORE INSERT ON erasure WHEN EXISTS (SELECT 1 FROM erasure WHERE "book_id" = NEW."book_id" AND "commitment" = NEW."commitment") OR EXISTS (SELECT 1 FROM erasure WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: erasure'); END

-- next

CREATE TRIGGER live_account_no_update BEFORE UPDATE ON live_account BEGIN SELECT RAISE(ABORT, 'append-only: live_account'); END

-- next

CREATE TRIGGER live_account_no_delete BEFORE DELETE ON live_account BEGIN SELECT RAISE(ABORT, 'append-only: live_account'); END

-- next

CREATE TRIGGER live_account_no_replace BEFORE INSERT ON live_account WHEN EXISTS (SELECT 1 FROM live_account WHERE "book_id" = NEW."book_id" AND "account" = NEW."account") OR EXISTS (SELECT 1 FROM live_account WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: live_account'); END

-- next

CREATE TRIGGER filing_no_update BEFORE UPDATE ON filing BEGIN SELECT RAISE(ABORT, 'append-only: filing'); END

-- next

CREATE TRIGGER filing_no_delete BEFORE DELETE ON filing BEGIN SELECT RAISE(ABORT, 'append-only: filing'); END

-- next

CREATE TRIGGER filing_no_replace BEFORE INSERT ON filing WHEN EXISTS (SELECT 1 FROM filing WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: filing'); END

-- next

CREATE TRIGGER account_pause_no_update BEFORE UPDATE ON account_pause BEGIN SELECT RAISE(ABORT, 'append-only: account_pause'); END

-- next

CREATE TRIGGER account_pause_no_delete BEFORE DELETE ON account_pause BEGIN SELECT RAISE(ABORT, 'append-only: account_pause'); END

-- next

CREATE TRIGGER account_pause_no_replace BEFORE INSERT ON account_pause WHEN EXISTS (SELECT 1 FROM account_pause WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: account_pause'); END

-- next

CREATE TRIGGER broadcast_no_update BEFORE UPDATE ON broadcast BEGIN SELECT RAISE(ABORT, 'append-only: broadcast'); END

-- next

CREATE TRIGGER broadcast_no_delete BEFORE DELETE ON broadcast BEGIN SELECT RAISE(ABORT, 'append-only: broadcast'); END

-- next

CREATE TRIGGER broadcast_no_replace BEFORE INSERT ON broadcast WHEN EXISTS (SELECT 1 FROM broadcast WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: broadcast'); END

-- next

CREATE TRIGGER broadcast_leg_no_update BEFORE UPDATE ON broadcast_leg BEGIN SELECT RAISE(ABORT, 'append-only: broadcast_leg'); END

-- next

CREATE TRIGGER broadcast_leg_no_delete BEFORE DELETE ON broadcast_leg BEGIN SELECT RAISE(ABORT, 'append-only: broadcast_leg'); END

-- next

CREATE TRIGGER broadcast_leg_no_replace BEFORE INSERT ON broadcast_leg WHEN EXISTS (SELECT 1 FROM broadcast_leg WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: broadcast_leg'); END

-- next

CREATE TRIGGER audience_no_update BEFORE UPDATE ON audience BEGIN SELECT RAISE(ABORT, 'append-only: audience'); END

-- next

CREATE TRIGGER audience_no_delete BEFORE DELETE ON audience BEGIN SELECT RAISE(ABORT, 'append-only: audience'); END

-- next

CREATE TRIGGER audience_no_replace BEFORE INSERT ON audience WHEN EXISTS (SELECT 1 FROM audience WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: audience'); END

-- next

CREATE TRIGGER declaration_no_update BEFORE UPDATE ON declaration BEGIN SELECT RAISE(ABORT, 'append-only: declaration'); END

-- next

CREATE TRIGGER declaration_no_delete BEFORE DELETE ON declaration BEGIN SELECT RAISE(ABORT, 'append-only: declaration'); END

-- next

CREATE TRIGGER declaration_no_replace BEFORE INSERT ON declaration WHEN EXISTS (SELECT 1 FROM declaration WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: declaration'); END

-- next

CREATE TRIGGER explanation_no_update BEFORE UPDATE ON explanation BEGIN SELECT RAISE(ABORT, 'append-only: explanation'); END

-- next

CREATE TRIGGER explanation_no_delete BEFORE DELETE ON explanation BEGIN SELECT RAISE(ABORT, 'append-only: explanation'); END

-- next

CREATE TRIGGER explanation_no_replace BEFORE INSERT ON explanation WHEN EXISTS (SELECT 1 FROM explanation WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: explanation'); END

-- next

CREATE TRIGGER source_file_no_update BEFORE UPDATE ON source_file BEGIN SELECT RAISE(ABORT, 'append-only: source_file'); END

-- next

CREATE TRIGGER source_file_no_delete BEFORE DELETE ON source_file BEGIN SELECT RAISE(ABORT, 'append-only: source_file'); END

-- next

CREATE TRIGGER source_file_no_replace BEFORE INSERT ON source_file WHEN EXISTS (SELECT 1 FROM source_file WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: source_file'); END

-- next

CREATE TRIGGER file_discard_no_update BEFORE UPDATE ON file_discard BEGIN SELECT RAISE(ABORT, 'append-only: file_discard'); END

-- next

CREATE TRIGGER file_discard_no_delete BEFORE DELETE ON file_discard BEGIN SELECT RAISE(ABORT, 'append-only: file_discard'); END

-- next

CREATE TRIGGER file_discard_no_replace BEFORE INSERT ON file_discard WHEN EXISTS (SELECT 1 FROM file_discard WHERE "book_id" = NEW."book_id" AND "file_idx" = NEW."file_idx") OR EXISTS (SELECT 1 FROM file_discard WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: file_discard'); END

-- next

CREATE TRIGGER row_claim_no_update BEFORE UPDATE ON row_claim BEGIN SELECT RAISE(ABORT, 'append-only: row_claim'); END

-- next

CREATE TRIGGER row_claim_no_delete BEFORE DELETE ON row_claim BEGIN SELECT RAISE(ABORT, 'append-only: row_claim'); END

-- next

CREATE TRIGGER row_claim_no_replace BEFORE INSERT ON row_claim WHEN EXISTS (SELECT 1 FROM row_claim WHERE "book_id" = NEW."book_id" AND "file_idx" = NEW."file_idx" AND "first" = NEW."first" AND "use" = NEW."use") OR EXISTS (SELECT 1 FROM row_claim WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: row_claim'); END

-- next

CREATE TRIGGER memo_sum_no_update BEFORE UPDATE ON memo_sum BEGIN SELECT RAISE(ABORT, 'append-only: memo_sum'); END

-- next

CREATE TRIGGER memo_sum_no_delete BEFORE DELETE ON memo_sum BEGIN SELECT RAISE(ABORT, 'append-only: memo_sum'); END

-- next

CREATE TRIGGER memo_sum_no_replace BEFORE INSERT ON memo_sum WHEN EXISTS (SELECT 1 FROM memo_sum WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: memo_sum'); END

-- next

CREATE TRIGGER record_gapless BEFORE INSERT ON record WHEN NEW.idx <> (SELECT COALESCE(MAX(idx), -1) + 1 FROM record WHERE book_id = NEW.book_id) BEGIN SELECT RAISE(ABORT, 'rule: record_gapless'); END

-- next

CREATE TRIGGER entry_gapless BEFORE INSERT ON entry WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entry WHERE book_id = NEW.book_id AND period = NEW.period) BEGIN SELECT RAISE(ABORT, 'rule: entry_gapless'); END

-- next

CREATE TRIGGER entry_balanced BEFORE INSERT ON entry WHEN (SELECT COUNT(*) FROM posting WHERE book_id = NEW.book_id AND period = NEW.period AND idx = NEW.idx) <> NEW.lines OR (SELECT COALESCE(SUM(CASE dc WHEN 'D' THEN fen ELSE -fen END), 0) FROM posting WHERE book_id = NEW.book_id AND period = NEW.period AND idx = NEW.idx) <> 0 OR (SELECT COALESCE(SUM(CASE dc WHEN 'D' THEN fen ELSE 0 END), 0) FROM posting WHERE book_id = NEW.book_id AND period = NEW.period AND idx = NEW.idx) <> NEW.amount_fen BEGIN SELECT RAISE(ABORT, 'rule: entry_balanced'); END

-- next

CREATE TRIGGER posting_in_time BEFORE INSERT ON posting WHEN EXISTS (SELECT 1 FROM entry WHERE book_id = NEW.book_id AND idx = NEW.idx) BEGIN SELECT RAISE(ABORT, 'rule: posting_in_time'); END
