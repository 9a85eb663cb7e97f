/** Of the tables below; kept in the file. */
export const JOURNAL_VERSION = 1;

/** Rows and evidence are only ever added: what a release rests on cannot be rewritten by agentctl either. */
export const JOURNAL_SCHEMA = `
  CREATE TABLE releases (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, service TEXT NOT NULL, plan TEXT NOT NULL,
    plan_hash TEXT NOT NULL, author TEXT NOT NULL, created_at TEXT NOT NULL, state TEXT NOT NULL,
    counters TEXT NOT NULL, baked_ms REAL NOT NULL, extended_ms REAL NOT NULL, since TEXT NOT NULL,
    is_live INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX one_live_release ON releases (service) WHERE is_live = 1;
  CREATE TABLE rows (
    seq INTEGER PRIMARY KEY, release_id TEXT NOT NULL REFERENCES releases (id), epoch INTEGER NOT NULL,
    at TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL,
    target_bps INTEGER, previous_bps INTEGER, salt TEXT, reason TEXT NOT NULL, evidence_hash TEXT,
    actor TEXT NOT NULL
  );
  CREATE INDEX rows_of_release ON rows (release_id, seq);
  CREATE TABLE evidence (hash TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER rows_no_update BEFORE UPDATE ON rows
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER rows_no_delete BEFORE DELETE ON rows
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TABLE leases (
    service TEXT PRIMARY KEY, holder TEXT, epoch INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, release_id TEXT NOT NULL REFERENCES releases (id), at TEXT NOT NULL,
    event TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL, is_open INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX one_open_request ON requests (release_id, event, state) WHERE is_open = 1;
  CREATE TABLE stable (service TEXT PRIMARY KEY, artefact TEXT NOT NULL) WITHOUT ROWID;
`;
