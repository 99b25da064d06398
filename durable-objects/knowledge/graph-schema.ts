/**
 * Tables of a collection's graph. Nothing here repeats a text of a document, save the names of entities.
 *
 * 1. An entity is known by its key; its labels count how often documents call it what. One without labels is gone.
 * 2. An edge belongs to the chunk that it was read from and goes with it; `near` has the lower id as its source.
 * 3. Communities of a build are shown once all of it is summarised, and then alone. A sentence of a summary goes with its chunk.
 * 4. `graph_state.version` counts changes of the graph; communities are of version `built`; `building` is the version being made.
 */
export const GRAPH_SCHEMA = `
  CREATE TABLE IF NOT EXISTS entities (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, type TEXT NOT NULL,
    mentions INTEGER NOT NULL, chunks INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS entities_by_mentions ON entities (mentions DESC, key);
  CREATE TABLE IF NOT EXISTS entity_labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, entity INTEGER NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
    mentions INTEGER NOT NULL, chunks INTEGER NOT NULL, UNIQUE (entity, type, name)
  );
  CREATE TABLE IF NOT EXISTS entity_mentions (
    chunk INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, entity INTEGER NOT NULL, label INTEGER NOT NULL,
    PRIMARY KEY (chunk, first, entity)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entity_mentions_by_entity ON entity_mentions (entity, chunk);
  CREATE TABLE IF NOT EXISTS entity_edges (
    source INTEGER NOT NULL, target INTEGER NOT NULL, type TEXT NOT NULL, chunk INTEGER NOT NULL, weight REAL NOT NULL,
    PRIMARY KEY (source, target, type, chunk)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entity_edges_by_target ON entity_edges (target, source);
  CREATE INDEX IF NOT EXISTS entity_edges_by_chunk ON entity_edges (chunk);
  CREATE TABLE IF NOT EXISTS communities (
    id INTEGER PRIMARY KEY AUTOINCREMENT, build INTEGER NOT NULL, size INTEGER NOT NULL, is_summarised INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX IF NOT EXISTS communities_by_build ON communities (build, is_summarised);
  CREATE TABLE IF NOT EXISTS community_members (
    community INTEGER NOT NULL, entity INTEGER NOT NULL, degree REAL NOT NULL, PRIMARY KEY (community, entity)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS community_members_by_entity ON community_members (entity);
  CREATE TABLE IF NOT EXISTS community_sentences (
    community INTEGER NOT NULL, position INTEGER NOT NULL, chunk INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (community, position)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS community_sentences_by_chunk ON community_sentences (chunk);
  CREATE TABLE IF NOT EXISTS graph_state (
    one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, built INTEGER NOT NULL, building INTEGER
  );
  INSERT INTO graph_state (one, version, built) VALUES (1, 0, 0) ON CONFLICT DO NOTHING;
`
