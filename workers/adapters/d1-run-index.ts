import { and, eq, getTableColumns } from 'drizzle-orm'
import { decodeCursor, pageOf } from '../domain/pages'
import type { PageRequest } from '../domain/ports'
import type { RunSummary } from '../domain/runs'
import type { RunListing } from '../domain/stores'
import { openD1, withoutNulls } from './d1'
import { runs } from './schema'

type Row = typeof runs.$inferSelect
/** A part of a WHERE with its parameters. */
type Condition = [text: string, ...parameters: (string | number)[]]

/**
 * Projected rows of one tenant's runs in D1. A row of a lower revision never replaces one of a higher, in whatever order they come.
 * The statements are written by hand: every run and every list goes through here, and a query builder takes longer than the query.
 */
export function createD1RunIndex(binding: D1Database, tenantId: string): RunListing {
  const db = openD1(binding)
  const select = async ({ limit, cursor }: PageRequest, wanted: Condition[]) => {
    const conditions: Condition[] = [['tenant_id = ?', tenantId], ...wanted, ...(cursor === undefined ? [] : [isAfter(cursor)])]
    const where = conditions.map(([text]) => text).join(' and ')
    const parameters = conditions.flatMap(([, ...values]) => values)
    const { results } = await binding
      .prepare(`select ${SUMMARY} as summary from runs where ${where} order by created_at desc, id desc limit ?`)
      .bind(...parameters, limit + 1)
      .all<{ summary: string }>()
    // Our own row, written by `upsert`.
    const rows = results.map(({ summary }) => JSON.parse(summary) as RunSummary)
    return pageOf(rows, limit, (run) => ({ at: run.createdAt, id: run.id }))
  }
  return {
    upsert: async (summaries) => {
      const statement = binding.prepare(UPSERT)
      const rows = summaries.map((summary): Row => ({ ...EMPTY, ...summary, tenantId }))
      if (rows.length > 0) await binding.batch(rows.map((row) => statement.bind(...COLUMNS.map(([key]) => row[key]))))
    },
    find: async (id) => {
      const [row] = await db
        .select()
        .from(runs)
        .where(and(eq(runs.tenantId, tenantId), eq(runs.id, id)))
        .limit(1)
      return row && toSummary(row)
    },
    list: (request) => select(request, isWanted(request)),
    listOpenApprovals: (page) => select(page, [['open_approvals > 0']]),
  }
}

const isWanted = ({ workflow, status, createdFrom, createdTo }: Parameters<RunListing['list']>[0]): Condition[] => [
  ...(workflow === undefined ? [] : [['workflow = ?', workflow] satisfies Condition]),
  ...(status === undefined ? [] : [['status = ?', status] satisfies Condition]),
  ...(createdFrom === undefined ? [] : [['created_at >= ?', createdFrom] satisfies Condition]),
  ...(createdTo === undefined ? [] : [['created_at < ?', createdTo] satisfies Condition]),
]

/** A projection names every column, so that one that is gone (an error after a resume) does not linger. */
const EMPTY = { documentId: null, title: null, errorMessage: null, endedAt: null, sweptAt: null }

const COLUMNS = Object.entries(getTableColumns(runs)).map(([key, column]) => [key as keyof Row, column.name] as const)
const OWN_COLUMNS = COLUMNS.filter(([key]) => key !== 'tenantId' && key !== 'sweptAt')

const UPSERT = `insert into runs (${COLUMNS.map(([, name]) => name).join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})
  on conflict (tenant_id, id) do update set ${COLUMNS.filter(([key]) => key !== 'tenantId' && key !== 'id')
    .map(([, name]) => `${name} = excluded.${name}`)
    .join(', ')}
  where excluded.revision > runs.revision`

/** The row as JSON of a RunSummary: patching an empty object leaves out what is null. */
const SUMMARY = `json_patch('{}', json_object(${OWN_COLUMNS.map(([key, name]) => `'${key}', ${name}`).join(', ')}))`

function isAfter(cursor: string): Condition {
  const { at, id } = decodeCursor(cursor)
  return ['(created_at < ? or (created_at = ? and id < ?))', at, at, id]
}

function toSummary({ tenantId: _tenant, sweptAt: _swept, ...row }: Row): RunSummary {
  return withoutNulls(row)
}
