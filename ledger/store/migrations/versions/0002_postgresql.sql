-- Reconciliation, spending and the close on postgresql: tables, indexes, triggers, one rule.
-- Frozen: a later change is a later migration. Statements stand apart by lines `-- next`.

-- next

CREATE TABLE held_upload (
    book_id TEXT COLLATE "C" NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    data BYTEA NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, token)
)

-- next

CREATE TABLE source_leaf (
    book_id TEXT COLLATE "C" NOT NULL,
    file_idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    leaf BYTEA NOT NULL,
    PRIMARY KEY (book_id, file_idx, n)
)

-- next

CREATE TABLE activity_goods (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    quantity BIGINT NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE activity_hours (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE activity_spending (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    entry_idx BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX activity_spending_entry ON activity_spending (book_id, entry_idx)

-- next

CREATE TABLE added_evidence (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    record_idx BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX added_evidence_record ON added_evidence (book_id, record_idx)

-- next

CREATE TABLE agreement (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    agreement TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    signed_on TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C",
    accounts TEXT COLLATE "C" NOT NULL,
    share_bp BIGINT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX agreement_number ON agreement (book_id, agreement)

-- next

CREATE TABLE balance_shown (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    balance_fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX balance_shown_account ON balance_shown (book_id, account, day)

-- next

CREATE TABLE bank_profile (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    reader TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE calendar_year (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    year BIGINT NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    "off" TEXT COLLATE "C" NOT NULL,
    work TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE closed_sum (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    debit_fen BIGINT NOT NULL,
    credit_fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (part IN ('balance', 'year', 'total'))
)

-- next

CREATE INDEX closed_sum_period ON closed_sum (book_id, period, part)

-- next

CREATE TABLE cost (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    broadcast TEXT COLLATE "C",
    day TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    amount_fen BIGINT NOT NULL,
    bearer TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX cost_day ON cost (book_id, day)

-- next

CREATE TABLE disclosure (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    duty TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    done_on TEXT COLLATE "C" NOT NULL,
    link TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX disclosure_duty ON disclosure (book_id, duty, subject)

-- next

CREATE TABLE exception_outcome (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    facts TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX exception_outcome_subject ON exception_outcome (book_id, rule, subject)

-- next

CREATE TABLE goods_selection (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    broadcast TEXT COLLATE "C" NOT NULL,
    goods TEXT COLLATE "C" NOT NULL,
    seller TEXT COLLATE "C" NOT NULL,
    relation TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    slot_fee_fen BIGINT NOT NULL,
    commission_bp BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX goods_selection_broadcast ON goods_selection (book_id, broadcast)

-- next

CREATE TABLE handover (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    through TEXT COLLATE "C" NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    host_person TEXT COLLATE "C",
    withdrawn_fen BIGINT NOT NULL,
    handed_over_fen BIGINT NOT NULL,
    in_hands_fen BIGINT NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX handover_through ON handover (book_id, through)

-- next

CREATE TABLE judgement (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    side TEXT COLLATE "C" NOT NULL,
    source BIGINT NOT NULL,
    line BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    expected TEXT COLLATE "C",
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX judgement_account ON judgement (book_id, account, period)

-- next

CREATE INDEX judgement_source ON judgement (book_id, side, source, line)

-- next

CREATE TABLE line_match (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    how TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX line_match_account ON line_match (book_id, account, period)

-- next

CREATE TABLE line_match_part (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    side TEXT COLLATE "C" NOT NULL,
    source BIGINT NOT NULL,
    line BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    CHECK (side IN ('statement', 'book'))
)

-- next

CREATE INDEX line_match_part_source ON line_match_part (book_id, side, source, line)

-- next

CREATE TABLE line_match_undone (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    match_idx BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, match_idx)
)

-- next

CREATE TABLE month_closed (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    drafter TEXT COLLATE "C" NOT NULL,
    confirmer TEXT COLLATE "C" NOT NULL,
    checklist TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, period)
)

-- next

CREATE TABLE outside_event (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    handle TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    promise TEXT COLLATE "C" NOT NULL,
    expected_fen BIGINT,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, event)
)

-- next

CREATE TABLE receipt (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    entry_idx BIGINT NOT NULL,
    charity TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    check_code TEXT COLLATE "C" NOT NULL,
    issued_on TEXT COLLATE "C" NOT NULL,
    received_on TEXT COLLATE "C" NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, code, number)
)

-- next

CREATE INDEX receipt_entry ON receipt (book_id, entry_idx)

-- next

CREATE TABLE receipt_review (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    receipt_idx BIGINT NOT NULL,
    charity TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX receipt_review_receipt ON receipt_review (book_id, receipt_idx)

-- next

CREATE TABLE relation (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    entry_idx BIGINT NOT NULL,
    relation TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C",
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX relation_entry ON relation (book_id, entry_idx)

-- next

CREATE TABLE resolution (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    resolution TEXT COLLATE "C" NOT NULL,
    passed_on TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, resolution)
)

-- next

CREATE TABLE resolution_share (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    resolution TEXT COLLATE "C" NOT NULL,
    charity TEXT COLLATE "C" NOT NULL,
    fen BIGINT NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE TABLE statement_place (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    file_idx BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    opening_fen BIGINT NOT NULL,
    closing_fen BIGINT NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx),
    UNIQUE (book_id, file_idx)
)

-- next

CREATE INDEX statement_place_account ON statement_place (book_id, account, last_day)

-- next

CREATE TABLE warning_override (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    entry_idx BIGINT NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX warning_override_entry ON warning_override (book_id, entry_idx)

-- next

CREATE TABLE welfare_activity (
    book_id TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    organisers TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    beneficiaries BIGINT NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    payee TEXT COLLATE "C",
    intent TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    PRIMARY KEY (book_id, idx, n),
    FOREIGN KEY(book_id, idx) REFERENCES record (book_id, idx)
)

-- next

CREATE INDEX welfare_activity_day ON welfare_activity (book_id, day)

-- next

CREATE INDEX welfare_activity_number ON welfare_activity (book_id, activity)

-- next

CREATE TRIGGER calendar_year_append_only_row BEFORE UPDATE OR DELETE ON calendar_year FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER calendar_year_append_only_statement BEFORE TRUNCATE ON calendar_year FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER bank_profile_append_only_row BEFORE UPDATE OR DELETE ON bank_profile FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER bank_profile_append_only_statement BEFORE TRUNCATE ON bank_profile FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER statement_place_append_only_row BEFORE UPDATE OR DELETE ON statement_place FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER statement_place_append_only_statement BEFORE TRUNCATE ON statement_place FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER line_match_append_only_row BEFORE UPDATE OR DELETE ON line_match FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER line_match_append_only_statement BEFORE TRUNCATE ON line_match FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER line_match_part_append_only_row BEFORE UPDATE OR DELETE ON line_match_part FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER line_match_part_append_only_statement BEFORE TRUNCATE ON line_match_part FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER line_match_undone_append_only_row BEFORE UPDATE OR DELETE ON line_match_undone FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER line_match_undone_append_only_statement BEFORE TRUNCATE ON line_match_undone FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER judgement_append_only_row BEFORE UPDATE OR DELETE ON judgement FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER judgement_append_only_statement BEFORE TRUNCATE ON judgement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER balance_shown_append_only_row BEFORE UPDATE OR DELETE ON balance_shown FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER balance_shown_append_only_statement BEFORE TRUNCATE ON balance_shown FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER handover_append_only_row BEFORE UPDATE OR DELETE ON handover FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER handover_append_only_statement BEFORE TRUNCATE ON handover FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER exception_outcome_append_only_row BEFORE UPDATE OR DELETE ON exception_outcome FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER exception_outcome_append_only_statement BEFORE TRUNCATE ON exception_outcome FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER warning_override_append_only_row BEFORE UPDATE OR DELETE ON warning_override FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER warning_override_append_only_statement BEFORE TRUNCATE ON warning_override FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER month_closed_append_only_row BEFORE UPDATE OR DELETE ON month_closed FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER month_closed_append_only_statement BEFORE TRUNCATE ON month_closed FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER closed_sum_append_only_row BEFORE UPDATE OR DELETE ON closed_sum FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER closed_sum_append_only_statement BEFORE TRUNCATE ON closed_sum FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER disclosure_append_only_row BEFORE UPDATE OR DELETE ON disclosure FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER disclosure_append_only_statement BEFORE TRUNCATE ON disclosure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER agreement_append_only_row BEFORE UPDATE OR DELETE ON agreement FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER agreement_append_only_statement BEFORE TRUNCATE ON agreement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER resolution_append_only_row BEFORE UPDATE OR DELETE ON resolution FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER resolution_append_only_statement BEFORE TRUNCATE ON resolution FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER resolution_share_append_only_row BEFORE UPDATE OR DELETE ON resolution_share FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER resolution_share_append_only_statement BEFORE TRUNCATE ON resolution_share FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER receipt_append_only_row BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER receipt_append_only_statement BEFORE TRUNCATE ON receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER receipt_review_append_only_row BEFORE UPDATE OR DELETE ON receipt_review FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER receipt_review_append_only_statement BEFORE TRUNCATE ON receipt_review FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER goods_selection_append_only_row BEFORE UPDATE OR DELETE ON goods_selection FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER goods_selection_append_only_statement BEFORE TRUNCATE ON goods_selection FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER cost_append_only_row BEFORE UPDATE OR DELETE ON cost FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER cost_append_only_statement BEFORE TRUNCATE ON cost FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER outside_event_append_only_row BEFORE UPDATE OR DELETE ON outside_event FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER outside_event_append_only_statement BEFORE TRUNCATE ON outside_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER welfare_activity_append_only_row BEFORE UPDATE OR DELETE ON welfare_activity FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER welfare_activity_append_only_statement BEFORE TRUNCATE ON welfare_activity FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER activity_goods_append_only_row BEFORE UPDATE OR DELETE ON activity_goods FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER activity_goods_append_only_statement BEFORE TRUNCATE ON activity_goods FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER activity_hours_append_only_row BEFORE UPDATE OR DELETE ON activity_hours FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER activity_hours_append_only_statement BEFORE TRUNCATE ON activity_hours FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER activity_spending_append_only_row BEFORE UPDATE OR DELETE ON activity_spending FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER activity_spending_append_only_statement BEFORE TRUNCATE ON activity_spending FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER relation_append_only_row BEFORE UPDATE OR DELETE ON relation FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER relation_append_only_statement BEFORE TRUNCATE ON relation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER added_evidence_append_only_row BEFORE UPDATE OR DELETE ON added_evidence FOR EACH ROW EXECUTE FUNCTION refuse_change()

-- next

CREATE TRIGGER added_evidence_append_only_statement BEFORE TRUNCATE ON added_evidence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- next

CREATE FUNCTION entry_open_month() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM month_closed WHERE book_id = NEW.book_id AND period >= NEW.period) THEN RAISE EXCEPTION 'rule: entry_open_month' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$; CREATE TRIGGER entry_open_month BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_open_month()
