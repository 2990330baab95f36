/** The number of the schema below; a file with another one is not ours to write to. */
export const schemaVersion = 1

/** `last_version` outlives versions and removals: a number is never used for two versions of one plugin. */
export const schema = `
CREATE TABLE last_version (plugin TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE version (
  plugin TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,
  settings TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
  PRIMARY KEY (plugin, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE live (
  plugin TEXT PRIMARY KEY, version INTEGER NOT NULL,
  FOREIGN KEY (plugin, version) REFERENCES version (plugin, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE activation (
  number INTEGER PRIMARY KEY, plugin TEXT NOT NULL, version INTEGER, at INTEGER NOT NULL, by TEXT NOT NULL
) STRICT;
CREATE INDEX activation_of_plugin ON activation (plugin, number);
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL, "from" TEXT NOT NULL,
  action TEXT NOT NULL, plugin TEXT, digest TEXT, outcome TEXT NOT NULL
) STRICT`
