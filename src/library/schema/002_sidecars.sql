-- Runs whose run.json is older than what is known of them. A trigger fills it, so that neither a forgotten call nor
-- the end of the program between a change and its file leaves a folder that does not tell its story.
CREATE TABLE sidecars_due (
    run INTEGER PRIMARY KEY REFERENCES runs (key) ON DELETE CASCADE
);

CREATE TRIGGER runs_sidecar
    AFTER UPDATE OF stage, cost_state, cost_micros, saved, completed_ms, error_code, folder ON runs
    WHEN NEW.folder IS NOT NULL AND NEW.stage IN ('done', 'failed')
BEGIN
    INSERT OR IGNORE INTO sidecars_due (run) VALUES (NEW.key);
END;

-- Once for those that are there: the files of the first version do not say enough to rebuild a library from.
INSERT INTO sidecars_due SELECT key FROM runs WHERE folder IS NOT NULL AND stage IN ('done', 'failed');
