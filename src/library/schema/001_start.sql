-- Everything of one source of techniques and runs (the studio, or FLORA at one origin).
CREATE TABLE profiles (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    kind           TEXT,
    base_url       TEXT,
    workspace_id   TEXT,
    workspace_name TEXT,
    role           TEXT,
    key_store      TEXT
);

-- The catalog as last seen, for a start without a network.
CREATE TABLE techniques (
    profile      INTEGER NOT NULL REFERENCES profiles (key),
    technique_id TEXT NOT NULL,
    position     INTEGER NOT NULL,
    name         TEXT NOT NULL,
    json         TEXT NOT NULL,
    PRIMARY KEY (profile, technique_id)
) WITHOUT ROWID;

-- The ledger: a row is on disk before anything is sent.
CREATE TABLE launches (
    launch_id     TEXT PRIMARY KEY,
    profile       INTEGER NOT NULL REFERENCES profiles (key),
    order_json    TEXT NOT NULL,
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    first_sent_ms INTEGER,
    last_sent_ms  INTEGER,
    request_id    TEXT,
    created_ms    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX launches_open ON launches (profile, created_ms)
    WHERE state NOT IN ('sent', 'settled', 'abandoned');

-- Keys are never used twice, so a late question about a forgotten row finds nothing rather than another row.
CREATE TABLE runs (
    key            INTEGER PRIMARY KEY AUTOINCREMENT,
    profile        INTEGER NOT NULL REFERENCES profiles (key),
    run_id         TEXT,
    launch_id      TEXT UNIQUE REFERENCES launches (launch_id),
    technique_id   TEXT NOT NULL,
    technique_name TEXT NOT NULL,
    workspace_id   TEXT,
    project_id     TEXT,
    stage          TEXT NOT NULL,
    -- FLORA's word; NULL until it said one.
    status         TEXT,
    -- 0 to 1.
    progress       REAL,
    -- Waits for a person: in doubt, or stopped by money or key.
    needs_you      INTEGER NOT NULL DEFAULT 0,
    summary        TEXT NOT NULL DEFAULT '',
    created_ms     INTEGER NOT NULL,
    started_ms     INTEGER,
    completed_ms   INTEGER,
    -- Millionths of a US dollar.
    listed_micros  INTEGER,
    quoted_micros  INTEGER,
    charged_micros INTEGER,
    -- 1 when FLORA was asked often enough for a charge that does not come.
    cost_closed    INTEGER NOT NULL DEFAULT 0,
    -- What the three amounts come to: unknown, quote, settling, charged.
    cost_state     TEXT NOT NULL DEFAULT 'unknown',
    cost_micros    INTEGER,
    output_count   INTEGER NOT NULL DEFAULT 0,
    -- NULL with nothing to keep, else 0 link dead, 1 cloud only, 2 partly, 3 on disk.
    saved          INTEGER,
    error_code     TEXT,
    error_message  TEXT,
    problem        TEXT,
    poll_url       TEXT,
    hidden         INTEGER NOT NULL DEFAULT 0,
    -- Relative to the library, with '/'; NULL until there is one.
    folder         TEXT,
    began_ms       INTEGER GENERATED ALWAYS AS
        (COALESCE(started_ms, CASE WHEN run_id IS NOT NULL THEN created_ms END)) VIRTUAL,
    duration_ms    INTEGER GENERATED ALWAYS AS (MAX(completed_ms - began_ms, 0)) VIRTUAL,
    UNIQUE (profile, run_id)
);

-- Answers the history's questions without touching the table: filters, sums and every order by number.
CREATE INDEX runs_question ON runs (
    profile, created_ms, stage, needs_you, technique_id, output_count, saved,
    began_ms, duration_ms, cost_state, cost_micros
) WHERE hidden = 0;

CREATE INDEX runs_technique ON runs (profile, technique_id, created_ms, hidden);

CREATE INDEX runs_live ON runs (profile, stage) WHERE stage NOT IN ('done', 'failed');

CREATE INDEX runs_settling ON runs (profile) WHERE cost_state = 'settling';

CREATE TABLE outputs (
    key       INTEGER PRIMARY KEY AUTOINCREMENT,
    run       INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    output_id TEXT NOT NULL,
    idx       INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    url       TEXT,
    excerpt   TEXT,
    -- remote, fetching, stored, failed, link_dead, missing.
    archive   TEXT NOT NULL,
    failure   TEXT,
    attempts  INTEGER NOT NULL DEFAULT 0,
    -- Relative to the library, with '/'.
    file      TEXT,
    sha256    TEXT,
    bytes     INTEGER,
    facts     TEXT,
    -- The whole of a text output; last, so that reading the columns above never walks through it.
    text      TEXT,
    UNIQUE (run, idx)
);

CREATE INDEX outputs_pictures ON outputs (run, idx) WHERE kind = 'image' AND archive = 'stored';

CREATE INDEX outputs_wanted ON outputs (run) WHERE archive = 'fetching';

-- What a launch was given: FLORA's own history keeps no inputs.
CREATE TABLE inputs (
    run      INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    idx      INTEGER NOT NULL,
    input_id TEXT NOT NULL,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    -- text, file, url, element.
    form     TEXT NOT NULL,
    value    TEXT NOT NULL,
    hash     TEXT,
    PRIMARY KEY (run, idx)
) WITHOUT ROWID;

-- Handed-in files, kept once per content.
CREATE TABLE input_files (
    hash  TEXT PRIMARY KEY,
    name  TEXT NOT NULL,
    kind  TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    facts TEXT NOT NULL,
    file  TEXT NOT NULL
) WITHOUT ROWID;

-- What was uploaded already, so that the same content is not sent twice to a workspace.
CREATE TABLE assets (
    profile      INTEGER NOT NULL REFERENCES profiles (key),
    workspace_id TEXT NOT NULL,
    hash         TEXT NOT NULL,
    asset_id     TEXT NOT NULL,
    url          TEXT NOT NULL,
    created_ms   INTEGER NOT NULL,
    PRIMARY KEY (profile, workspace_id, hash)
) WITHOUT ROWID;

CREATE TABLE drafts (
    profile      INTEGER NOT NULL REFERENCES profiles (key),
    technique_id TEXT NOT NULL,
    json         TEXT NOT NULL,
    updated_ms   INTEGER NOT NULL,
    PRIMARY KEY (profile, technique_id)
) WITHOUT ROWID;

-- Small facts with a name, such as how far the import has come.
CREATE TABLE marks (
    profile INTEGER NOT NULL REFERENCES profiles (key),
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (profile, name)
) WITHOUT ROWID;

-- Words of a run, by its key. The texts themselves are in the tables above.
CREATE VIRTUAL TABLE search USING fts5 (
    technique, summary, inputs, outputs,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
