-- Reconciliation, spending and the close on sqlite: tables, indexes, triggers, one rule.
-- Frozen: a later change is a later migration. Statements stand apart by lines `-- next`.

-- next

CREATE TABLE held_upload (
    book_id TEXT NOT NULL,
    token TEXT NOT NULL,
    person TEXT NOT NULL,
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (book_id, token)
)
 STRICT

-- next

CREATE TABLE source_leaf (
    book_id TEXT NOT NULL,
    file_idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (book_id, file_idx, n)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE activity_goods (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE activity_hours (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE activity_spending (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    entry_idx INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX activity_spending_entry ON activity_spending (book_id, entry_idx)

-- next

CREATE TABLE added_evidence (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    record_idx INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX added_evidence_record ON added_evidence (book_id, record_idx)

-- next

CREATE TABLE agreement (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    agreement TEXT NOT NULL,
    party TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT,
    accounts TEXT NOT NULL,
    share_bp INTEGER NOT NULL,
    scope TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX agreement_number ON agreement (book_id, agreement)

-- next

CREATE TABLE balance_shown (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    balance_fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX balance_shown_account ON balance_shown (book_id, account, day)

-- next

CREATE TABLE bank_profile (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    name TEXT NOT NULL,
    reader TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE calendar_year (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    year INTEGER NOT NULL,
    region TEXT NOT NULL,
    off TEXT NOT NULL,
    work TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE closed_sum (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    period TEXT NOT NULL,
    part TEXT NOT NULL,
    account TEXT NOT NULL,
    debit_fen INTEGER NOT NULL,
    credit_fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (part IN ('balance', 'year', 'total'))
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX closed_sum_period ON closed_sum (book_id, period, part)

-- next

CREATE TABLE cost (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    broadcast TEXT,
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    bearer TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX cost_day ON cost (book_id, day)

-- next

CREATE TABLE disclosure (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    duty TEXT NOT NULL,
    subject TEXT NOT NULL,
    done_on TEXT NOT NULL,
    link TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX disclosure_duty ON disclosure (book_id, duty, subject)

-- next

CREATE TABLE exception_outcome (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    period TEXT NOT NULL,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    facts TEXT NOT NULL,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX exception_outcome_subject ON exception_outcome (book_id, rule, subject)

-- next

CREATE TABLE goods_selection (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    broadcast TEXT NOT NULL,
    goods TEXT NOT NULL,
    seller TEXT NOT NULL,
    relation TEXT NOT NULL,
    detail TEXT NOT NULL,
    slot_fee_fen INTEGER NOT NULL,
    commission_bp INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX goods_selection_broadcast ON goods_selection (book_id, broadcast)

-- next

CREATE TABLE handover (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    through TEXT NOT NULL,
    host TEXT NOT NULL,
    host_person TEXT,
    withdrawn_fen INTEGER NOT NULL,
    handed_over_fen INTEGER NOT NULL,
    in_hands_fen INTEGER NOT NULL,
    method TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX handover_through ON handover (book_id, through)

-- next

CREATE TABLE judgement (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL,
    period TEXT NOT NULL,
    side TEXT NOT NULL,
    source INTEGER NOT NULL,
    line INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    expected TEXT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX judgement_account ON judgement (book_id, account, period)

-- next

CREATE INDEX judgement_source ON judgement (book_id, side, source, line)

-- next

CREATE TABLE line_match (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    account TEXT NOT NULL,
    period TEXT NOT NULL,
    how TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX line_match_account ON line_match (book_id, account, period)

-- next

CREATE TABLE line_match_part (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    side TEXT NOT NULL,
    source INTEGER NOT NULL,
    line INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (side IN ('statement', 'book'))
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX line_match_part_source ON line_match_part (book_id, side, source, line)

-- next

CREATE TABLE line_match_undone (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    match_idx INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, match_idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE month_closed (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    period TEXT NOT NULL,
    drafter TEXT NOT NULL,
    confirmer TEXT NOT NULL,
    checklist TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, period)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE outside_event (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    event TEXT NOT NULL,
    title TEXT NOT NULL,
    day TEXT NOT NULL,
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    owner TEXT NOT NULL,
    promise TEXT NOT NULL,
    expected_fen INTEGER,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, event)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE receipt (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    entry_idx INTEGER NOT NULL,
    charity TEXT NOT NULL,
    code TEXT NOT NULL,
    number TEXT NOT NULL,
    check_code TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    received_on TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, code, number)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX receipt_entry ON receipt (book_id, entry_idx)

-- next

CREATE TABLE receipt_review (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    receipt_idx INTEGER NOT NULL,
    charity TEXT NOT NULL,
    decision TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX receipt_review_receipt ON receipt_review (book_id, receipt_idx)

-- next

CREATE TABLE relation (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    entry_idx INTEGER NOT NULL,
    relation TEXT NOT NULL,
    detail TEXT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX relation_entry ON relation (book_id, entry_idx)

-- next

CREATE TABLE resolution (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    resolution TEXT NOT NULL,
    passed_on TEXT NOT NULL,
    body TEXT NOT NULL,
    purpose TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, resolution)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE resolution_share (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    resolution TEXT NOT NULL,
    charity TEXT NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE TABLE statement_place (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    file_idx INTEGER NOT NULL,
    account TEXT NOT NULL,
    opening_fen INTEGER NOT NULL,
    closing_fen INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, file_idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX statement_place_account ON statement_place (book_id, account, last_day)

-- next

CREATE TABLE warning_override (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    entry_idx INTEGER NOT NULL,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX warning_override_entry ON warning_override (book_id, entry_idx)

-- next

CREATE TABLE welfare_activity (
    book_id TEXT NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    activity TEXT NOT NULL,
    title TEXT NOT NULL,
    organisers TEXT NOT NULL,
    day TEXT NOT NULL,
    place TEXT NOT NULL,
    beneficiaries INTEGER NOT NULL,
    who TEXT NOT NULL,
    payee TEXT,
    intent TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)
 WITHOUT ROWID,
 STRICT

-- next

CREATE INDEX welfare_activity_day ON welfare_activity (book_id, day)

-- next

CREATE INDEX welfare_activity_number ON welfare_activity (book_id, activity)

-- next

CREATE TRIGGER calendar_year_no_update BEFORE UPDATE ON calendar_year BEGIN SELECT RAISE(ABORT, 'append-only: calendar_year'); END

-- next

CREATE TRIGGER calendar_year_no_delete BEFORE DELETE ON calendar_year BEGIN SELECT RAISE(ABORT, 'append-only: calendar_year'); END

-- next

CREATE TRIGGER calendar_year_no_replace BEFORE INSERT ON calendar_year WHEN EXISTS (SELECT 1 FROM calendar_year WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: calendar_year'); END

-- next

CREATE TRIGGER bank_profile_no_update BEFORE UPDATE ON bank_profile BEGIN SELECT RAISE(ABORT, 'append-only: bank_profile'); END

-- next

CREATE TRIGGER bank_profile_no_delete BEFORE DELETE ON bank_profile BEGIN SELECT RAISE(ABORT, 'append-only: bank_profile'); END

-- next

CREATE TRIGGER bank_profile_no_replace BEFORE INSERT ON bank_profile WHEN EXISTS (SELECT 1 FROM bank_profile WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: bank_profile'); END

-- next

CREATE TRIGGER statement_place_no_update BEFORE UPDATE ON statement_place BEGIN SELECT RAISE(ABORT, 'append-only: statement_place'); END

-- next

CREATE TRIGGER statement_place_no_delete BEFORE DELETE ON statement_place BEGIN SELECT RAISE(ABORT, 'append-only: statement_place'); END

-- next

CREATE TRIGGER statement_place_no_replace BEFORE INSERT ON statement_place WHEN EXISTS (SELECT 1 FROM statement_place WHERE "book_id" = NEW."book_id" AND "file_idx" = NEW."file_idx") OR EXISTS (SELECT 1 FROM statement_place WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: statement_place'); END

-- next

CREATE TRIGGER line_match_no_update BEFORE UPDATE ON line_match BEGIN SELECT RAISE(ABORT, 'append-only: line_match'); END

-- next

CREATE TRIGGER line_match_no_delete BEFORE DELETE ON line_match BEGIN SELECT RAISE(ABORT, 'append-only: line_match'); END

-- next

CREATE TRIGGER line_match_no_replace BEFORE INSERT ON line_match WHEN EXISTS (SELECT 1 FROM line_match WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: line_match'); END

-- next

CREATE TRIGGER line_match_part_no_update BEFORE UPDATE ON line_match_part BEGIN SELECT RAISE(ABORT, 'append-only: line_match_part'); END

-- next

CREATE TRIGGER line_match_part_no_delete BEFORE DELETE ON line_match_part BEGIN SELECT RAISE(ABORT, 'append-only: line_match_part'); END

-- next

CREATE TRIGGER line_match_part_no_replace BEFORE INSERT ON line_match_part WHEN EXISTS (SELECT 1 FROM line_match_part WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: line_match_part'); END

-- next

CREATE TRIGGER line_match_undone_no_update BEFORE UPDATE ON line_match_undone BEGIN SELECT RAISE(ABORT, 'append-only: line_match_undone'); END

-- next

CREATE TRIGGER line_match_undone_no_delete BEFORE DELETE ON line_match_undone BEGIN SELECT RAISE(ABORT, 'append-only: line_match_undone'); END

-- next

CREATE TRIGGER line_match_undone_no_replace BEFORE INSERT ON line_match_undone WHEN EXISTS (SELECT 1 FROM line_match_undone WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM line_match_undone WHERE "book_id" = NEW."book_id" AND "match_idx" = NEW."match_idx") BEGIN SELECT RAISE(ABORT, 'append-only: line_match_undone'); END

-- next

CREATE TRIGGER judgement_no_update BEFORE UPDATE ON judgement BEGIN SELECT RAISE(ABORT, 'append-only: judgement'); END

-- next

CREATE TRIGGER judgement_no_delete BEFORE DELETE ON judgement BEGIN SELECT RAISE(ABORT, 'append-only: judgement'); END

-- next

CREATE TRIGGER judgement_no_replace BEFORE INSERT ON judgement WHEN EXISTS (SELECT 1 FROM judgement WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: judgement'); END

-- next

CREATE TRIGGER balance_shown_no_update BEFORE UPDATE ON balance_shown BEGIN SELECT RAISE(ABORT, 'append-only: balance_shown'); END

-- next

CREATE TRIGGER balance_shown_no_delete BEFORE DELETE ON balance_shown BEGIN SELECT RAISE(ABORT, 'append-only: balance_shown'); END

-- next

CREATE TRIGGER balance_shown_no_replace BEFORE INSERT ON balance_shown WHEN EXISTS (SELECT 1 FROM balance_shown WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: balance_shown'); END

-- next

CREATE TRIGGER handover_no_update BEFORE UPDATE ON handover BEGIN SELECT RAISE(ABORT, 'append-only: handover'); END

-- next

CREATE TRIGGER handover_no_delete BEFORE DELETE ON handover BEGIN SELECT RAISE(ABORT, 'append-only: handover'); END

-- next

CREATE TRIGGER handover_no_replace BEFORE INSERT ON handover WHEN EXISTS (SELECT 1 FROM handover WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: handover'); END

-- next

CREATE TRIGGER exception_outcome_no_update BEFORE UPDATE ON exception_outcome BEGIN SELECT RAISE(ABORT, 'append-only: exception_outcome'); END

-- next

CREATE TRIGGER exception_outcome_no_delete BEFORE DELETE ON exception_outcome BEGIN SELECT RAISE(ABORT, 'append-only: exception_outcome'); END

-- next

CREATE TRIGGER exception_outcome_no_replace BEFORE INSERT ON exception_outcome WHEN EXISTS (SELECT 1 FROM exception_outcome WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: exception_outcome'); END

-- next

CREATE TRIGGER warning_override_no_update BEFORE UPDATE ON warning_override BEGIN SELECT RAISE(ABORT, 'append-only: warning_override'); END

-- next

CREATE TRIGGER warning_override_no_delete BEFORE DELETE ON warning_override BEGIN SELECT RAISE(ABORT, 'append-only: warning_override'); END

-- next

CREATE TRIGGER warning_override_no_replace BEFORE INSERT ON warning_override WHEN EXISTS (SELECT 1 FROM warning_override WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: warning_override'); END

-- next

CREATE TRIGGER month_closed_no_update BEFORE UPDATE ON month_closed BEGIN SELECT RAISE(ABORT, 'append-only: month_closed'); END

-- next

CREATE TRIGGER month_closed_no_delete BEFORE DELETE ON month_closed BEGIN SELECT RAISE(ABORT, 'append-only: month_closed'); END

-- next

CREATE TRIGGER month_closed_no_replace BEFORE INSERT ON month_closed WHEN EXISTS (SELECT 1 FROM month_closed WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM month_closed WHERE "book_id" = NEW."book_id" AND "period" = NEW."period") BEGIN SELECT RAISE(ABORT, 'append-only: month_closed'); END

-- next

CREATE TRIGGER closed_sum_no_update BEFORE UPDATE ON closed_sum BEGIN SELECT RAISE(ABORT, 'append-only: closed_sum'); END

-- next

CREATE TRIGGER closed_sum_no_delete BEFORE DELETE ON closed_sum BEGIN SELECT RAISE(ABORT, 'append-only: closed_sum'); END

-- next

CREATE TRIGGER closed_sum_no_replace BEFORE INSERT ON closed_sum WHEN EXISTS (SELECT 1 FROM closed_sum WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: closed_sum'); END

-- next

CREATE TRIGGER disclosure_no_update BEFORE UPDATE ON disclosure BEGIN SELECT RAISE(ABORT, 'append-only: disclosure'); END

-- next

CREATE TRIGGER disclosure_no_delete BEFORE DELETE ON disclosure BEGIN SELECT RAISE(ABORT, 'append-only: disclosure'); END

-- next

CREATE TRIGGER disclosure_no_replace BEFORE INSERT ON disclosure WHEN EXISTS (SELECT 1 FROM disclosure WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: disclosure'); END

-- next

CREATE TRIGGER agreement_no_update BEFORE UPDATE ON agreement BEGIN SELECT RAISE(ABORT, 'append-only: agreement'); END

-- next

CREATE TRIGGER agreement_no_delete BEFORE DELETE ON agreement BEGIN SELECT RAISE(ABORT, 'append-only: agreement'); END

-- next

CREATE TRIGGER agreement_no_replace BEFORE INSERT ON agreement WHEN EXISTS (SELECT 1 FROM agreement WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: agreement'); END

-- next

CREATE TRIGGER resolution_no_update BEFORE UPDATE ON resolution BEGIN SELECT RAISE(ABORT, 'append-only: resolution'); END

-- next

CREATE TRIGGER resolution_no_delete BEFORE DELETE ON resolution BEGIN SELECT RAISE(ABORT, 'append-only: resolution'); END

-- next

CREATE TRIGGER resolution_no_replace BEFORE INSERT ON resolution WHEN EXISTS (SELECT 1 FROM resolution WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") OR EXISTS (SELECT 1 FROM resolution WHERE "book_id" = NEW."book_id" AND "resolution" = NEW."resolution") BEGIN SELECT RAISE(ABORT, 'append-only: resolution'); END

-- next

CREATE TRIGGER resolution_share_no_update BEFORE UPDATE ON resolution_share BEGIN SELECT RAISE(ABORT, 'append-only: resolution_share'); END

-- next

CREATE TRIGGER resolution_share_no_delete BEFORE DELETE ON resolution_share BEGIN SELECT RAISE(ABORT, 'append-only: resolution_share'); END

-- next

CREATE TRIGGER resolution_share_no_replace BEFORE INSERT ON resolution_share WHEN EXISTS (SELECT 1 FROM resolution_share WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: resolution_share'); END

-- next

CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'append-only: receipt'); END

-- next

CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'append-only: receipt'); END

-- next

CREATE TRIGGER receipt_no_replace BEFORE INSERT ON receipt WHEN EXISTS (SELECT 1 FROM receipt WHERE "book_id" = NEW."book_id" AND "code" = NEW."code" AND "number" = NEW."number") OR EXISTS (SELECT 1 FROM receipt WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: receipt'); END

-- next

CREATE TRIGGER receipt_review_no_update BEFORE UPDATE ON receipt_review BEGIN SELECT RAISE(ABORT, 'append-only: receipt_review'); END

-- next

CREATE TRIGGER receipt_review_no_delete BEFORE DELETE ON receipt_review BEGIN SELECT RAISE(ABORT, 'append-only: receipt_review'); END

-- next

CREATE TRIGGER receipt_review_no_replace BEFORE INSERT ON receipt_review WHEN EXISTS (SELECT 1 FROM receipt_review WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: receipt_review'); END

-- next

CREATE TRIGGER goods_selection_no_update BEFORE UPDATE ON goods_selection BEGIN SELECT RAISE(ABORT, 'append-only: goods_selection'); END

-- next

CREATE TRIGGER goods_selection_no_delete BEFORE DELETE ON goods_selection BEGIN SELECT RAISE(ABORT, 'append-only: goods_selection'); END

-- next

CREATE TRIGGER goods_selection_no_replace BEFORE INSERT ON goods_selection WHEN EXISTS (SELECT 1 FROM goods_selection WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: goods_selection'); END

-- next

CREATE TRIGGER cost_no_update BEFORE UPDATE ON cost BEGIN SELECT RAISE(ABORT, 'append-only: cost'); END

-- next

CREATE TRIGGER cost_no_delete BEFORE DELETE ON cost BEGIN SELECT RAISE(ABORT, 'append-only: cost'); END

-- next

CREATE TRIGGER cost_no_replace BEFORE INSERT ON cost WHEN EXISTS (SELECT 1 FROM cost WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: cost'); END

-- next

CREATE TRIGGER outside_event_no_update BEFORE UPDATE ON outside_event BEGIN SELECT RAISE(ABORT, 'append-only: outside_event'); END

-- next

CREATE TRIGGER outside_event_no_delete BEFORE DELETE ON outside_event BEGIN SELECT RAISE(ABORT, 'append-only: outside_event'); END

-- next

CREATE TRIGGER outside_event_no_replace BEFORE INSERT ON outside_event WHEN EXISTS (SELECT 1 FROM outside_event WHERE "book_id" = NEW."book_id" AND "event" = NEW."event") OR EXISTS (SELECT 1 FROM outside_event WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: outside_event'); END

-- next

CREATE TRIGGER welfare_activity_no_update BEFORE UPDATE ON welfare_activity BEGIN SELECT RAISE(ABORT, 'append-only: welfare_activity'); END

-- next

CREATE TRIGGER welfare_activity_no_delete BEFORE DELETE ON welfare_activity BEGIN SELECT RAISE(ABORT, 'append-only: welfare_activity'); END

-- next

CREATE TRIGGER welfare_activity_no_replace BEFORE INSERT ON welfare_activity WHEN EXISTS (SELECT 1 FROM welfare_activity WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: welfare_activity'); END

-- next

CREATE TRIGGER activity_goods_no_update BEFORE UPDATE ON activity_goods BEGIN SELECT RAISE(ABORT, 'append-only: activity_goods'); END

-- next

CREATE TRIGGER activity_goods_no_delete BEFORE DELETE ON activity_goods BEGIN SELECT RAISE(ABORT, 'append-only: activity_goods'); END

-- next

CREATE TRIGGER activity_goods_no_replace BEFORE INSERT ON activity_goods WHEN EXISTS (SELECT 1 FROM activity_goods WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: activity_goods'); END

-- next

CREATE TRIGGER activity_hours_no_update BEFORE UPDATE ON activity_hours BEGIN SELECT RAISE(ABORT, 'append-only: activity_hours'); END

-- next

CREATE TRIGGER activity_hours_no_delete BEFORE DELETE ON activity_hours BEGIN SELECT RAISE(ABORT, 'append-only: activity_hours'); END

-- next

CREATE TRIGGER activity_hours_no_replace BEFORE INSERT ON activity_hours WHEN EXISTS (SELECT 1 FROM activity_hours WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: activity_hours'); END

-- next

CREATE TRIGGER activity_spending_no_update BEFORE UPDATE ON activity_spending BEGIN SELECT RAISE(ABORT, 'append-only: activity_spending'); END

-- next

CREATE TRIGGER activity_spending_no_delete BEFORE DELETE ON activity_spending BEGIN SELECT RAISE(ABORT, 'append-only: activity_spending'); END

-- next

CREATE TRIGGER activity_spending_no_replace BEFORE INSERT ON activity_spending WHEN EXISTS (SELECT 1 FROM activity_spending WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: activity_spending'); END

-- next

CREATE TRIGGER relation_no_update BEFORE UPDATE ON relation BEGIN SELECT RAISE(ABORT, 'append-only: relation'); END

-- next

CREATE TRIGGER relation_no_delete BEFORE DELETE ON relation BEGIN SELECT RAISE(ABORT, 'append-only: relation'); END

-- next

CREATE TRIGGER relation_no_replace BEFORE INSERT ON relation WHEN EXISTS (SELECT 1 FROM relation WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: relation'); END

-- next

CREATE TRIGGER added_evidence_no_update BEFORE UPDATE ON added_evidence BEGIN SELECT RAISE(ABORT, 'append-only: added_evidence'); END

-- next

CREATE TRIGGER added_evidence_no_delete BEFORE DELETE ON added_evidence BEGIN SELECT RAISE(ABORT, 'append-only: added_evidence'); END

-- next

CREATE TRIGGER added_evidence_no_replace BEFORE INSERT ON added_evidence WHEN EXISTS (SELECT 1 FROM added_evidence WHERE "book_id" = NEW."book_id" AND "idx" = NEW."idx" AND "n" = NEW."n") BEGIN SELECT RAISE(ABORT, 'append-only: added_evidence'); END

-- next

CREATE TRIGGER entry_open_month BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM month_closed WHERE book_id = NEW.book_id AND period >= NEW.period) BEGIN SELECT RAISE(ABORT, 'rule: entry_open_month'); END
