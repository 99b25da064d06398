import { and, eq, isNotNull, not, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { D1 } from './d1'
import { factorPurpose } from './d1-second-factors'
import { secretPurpose } from './d1-secrets'
import { identityProviders, secondFactors, secrets } from './schema'

/** A column that vaults of tenants seal. One that is not entered in `SEALED_COLUMNS` would be left behind by a rotation. */
interface SealedColumn {
  table: typeof secrets | typeof secondFactors | typeof identityProviders
  tenant: SQLiteColumn
  /** Tells the rows of a tenant apart. */
  id: SQLiteColumn
  column: SQLiteColumn
  /** What the values are bound to. */
  purpose(tenantId: string, id: string): string
}

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: secrets, tenant: secrets.tenantId, id: secrets.name, column: secrets.sealed, purpose: secretPurpose },
  { table: secondFactors, tenant: secondFactors.tenantId, id: secondFactors.userId, column: secondFactors.sealed, purpose: factorPurpose },
  {
    table: identityProviders,
    tenant: identityProviders.tenantId,
    id: identityProviders.name,
    column: identityProviders.sealedSecret,
    purpose: (tenantId, name) => `identity-provider/${tenantId}/${name}`,
  },
]

const beginsWith = (column: SQLiteColumn, header: string): SQL => sql`substr(${column}, 1, ${header.length}) = ${header}`

/** Values of a tenant that do not begin with `header`. */
export async function listOthers(db: D1, { table, tenant, id, column }: SealedColumn, tenantId: string, header: string, limit: number) {
  const others = and(eq(tenant, tenantId), isNotNull(column), not(beginsWith(column, header)))
  return await db
    .select({ id: sql<string>`${id}`, sealed: sql<string>`${column}` })
    .from(table)
    .where(others)
    .limit(limit)
}

/** How many values of a tenant begin with `header`. */
export const countSealed = (db: D1, { table, tenant, column }: SealedColumn, tenantId: string, header: string): Promise<number> =>
  db.$count(table, and(eq(tenant, tenantId), beginsWith(column, header))).then((count) => count)

/** Puts a value in the place of another, unless that has changed meanwhile. */
export async function replaceSealed(
  db: D1,
  { table, tenant, id, column }: SealedColumn,
  [tenantId, rowId]: [string, string],
  [before, after]: [string, string],
): Promise<void> {
  await db.run(
    sql`update ${table} set ${sql.identifier(column.name)} = ${after} where ${tenant} = ${tenantId} and ${id} = ${rowId} and ${column} = ${before}`,
  )
}

/** Holds when no column of the tenant has a value that begins with `header`: for the statement that deletes the key. */
export const nothingSealed = (tenantId: string, header: string): SQL =>
  sql.join(
    SEALED_COLUMNS.map(
      ({ table, tenant, column }) =>
        sql`not exists (select 1 from ${table} where ${tenant} = ${tenantId} and ${beginsWith(column, header)})`,
    ),
    sql` and `,
  )

/** Tenants that have values from before data keys had versions. */
export async function tenantsWithEarlierValues(db: D1, { table, tenant, column }: SealedColumn, limit: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ tenantId: sql<string>`${tenant}` })
    .from(table)
    .where(and(isNotNull(column), not(beginsWith(column, 't1.'))))
    .limit(limit)
  return rows.map(({ tenantId }) => tenantId)
}
