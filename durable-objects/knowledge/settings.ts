const OWNER = 'tenant'

/** The tenant whose collection this is; undefined before its first document. An object does not know its own name. */
export const readOwner = (sql: SqlStorage): string | undefined =>
  sql.exec<{ value: string }>('SELECT value FROM settings WHERE name = ?', OWNER).toArray()[0]?.value

export const writeOwner = (sql: SqlStorage, tenantId: string): void =>
  void sql.exec('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', OWNER, tenantId)
