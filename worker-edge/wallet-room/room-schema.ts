/** The tables of a room. A room that was made by an older version brings itself up to date when it wakes. */

/** Each entry brings the schema from its index to the next version. Entries are never changed, only added. */
const MIGRATIONS = [
  // The first rooms did not count versions: what they have already is left as it is.
  `CREATE TABLE IF NOT EXISTS wallet (only INTEGER PRIMARY KEY CHECK (only = 1), device_identity BLOB NOT NULL);
   CREATE TABLE IF NOT EXISTS sessions (
     session_id TEXT PRIMARY KEY, opening TEXT NOT NULL UNIQUE, answer TEXT NOT NULL, device_identity BLOB NOT NULL,
     state TEXT NOT NULL, due_at INTEGER NOT NULL
   );
   CREATE TABLE IF NOT EXISTS envelopes (
     session_id TEXT NOT NULL, round INTEGER NOT NULL, sender INTEGER NOT NULL, receiver INTEGER NOT NULL,
     hash BLOB NOT NULL, body BLOB NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (session_id, round, sender, receiver)
   );
   CREATE TABLE IF NOT EXISTS relayed (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, round INTEGER NOT NULL, sender INTEGER NOT NULL, part INTEGER NOT NULL,
     bytes INTEGER NOT NULL, hash BLOB NOT NULL
   );
   CREATE TABLE IF NOT EXISTS events (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, phase TEXT NOT NULL, at INTEGER NOT NULL, request_id TEXT NOT NULL
   );`,
  // Sessions know their protocol and epoch. Ceremonies that are under way meanwhile are begun anew by their device.
  `DROP TABLE sessions;
   DELETE FROM envelopes;
   CREATE TABLE sessions (
     session_id TEXT PRIMARY KEY, protocol INTEGER NOT NULL, epoch INTEGER NOT NULL, opening TEXT NOT NULL UNIQUE, answer TEXT NOT NULL,
     device_identity BLOB NOT NULL, state TEXT NOT NULL, due_at INTEGER NOT NULL
   );
   CREATE TABLE releases (
     session_id TEXT NOT NULL, round INTEGER NOT NULL, receiver INTEGER NOT NULL, hash BLOB NOT NULL, answer BLOB, due_at INTEGER NOT NULL,
     PRIMARY KEY (session_id, round, receiver)
   );`,
];

export function migrate(sql: SqlStorage): void {
  sql.exec('CREATE TABLE IF NOT EXISTS schema (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL)');
  const version = Number(sql.exec('SELECT version FROM schema').toArray()[0]?.['version'] ?? 0);
  if (version === MIGRATIONS.length) return;
  for (const migration of MIGRATIONS.slice(version)) sql.exec(migration);
  sql.exec(
    'INSERT INTO schema (only, version) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET version = excluded.version',
    MIGRATIONS.length,
  );
}
