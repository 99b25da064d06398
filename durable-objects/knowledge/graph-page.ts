import { CO_OCCURRENCE, entityKey, GraphEntity, type GraphPage, type GraphRequest } from '../../workers/domain/knowledge-graph'
import { neighboursOf } from './graph-search'
import { COMMUNITIES, isBuilding, readGraphState } from './graph-state'
import { readCommunities } from './graph-summaries'
import { lastErrorOf } from './upkeep'

const MAX_EDGES = 500
const MAX_COMMUNITIES = 20
const COLUMNS = 'id, name, type, mentions, chunks AS passages'

/** A page of the graph: entities by their number of mentions, or one with its neighbours by their connection. */
export function readGraphPage(sql: SqlStorage, request: GraphRequest): GraphPage {
  const { entities, nextCursor } = request.entity === undefined ? pageOf(sql, request) : around(sql, request.entity, request.limit)
  const ids = JSON.stringify(entities.map(({ id }) => id))
  const state = readGraphState(sql)
  const communities = sql
    .exec<{ id: number }>(
      `SELECT DISTINCT c.id FROM communities c JOIN community_members m ON m.community = c.id
       WHERE c.build = ? AND m.entity IN (SELECT value FROM json_each(?)) ORDER BY c.id LIMIT ?`,
      state.built,
      ids,
      MAX_COMMUNITIES,
    )
    .toArray()
    .map(({ id }) => id)
  const lastError = lastErrorOf(sql, COMMUNITIES)
  return {
    entities,
    edges: edgesAmong(sql, ids),
    communities: readCommunities(sql, communities),
    totals: totalsOf(sql, state.built),
    isBuilding: isBuilding(state),
    ...(lastError !== undefined && { lastError }),
    ...(nextCursor !== undefined && { nextCursor }),
  }
}

interface Entities {
  entities: GraphEntity[]
  nextCursor?: string
}

/** A cursor is the count and key of the last entity, so that a page neither repeats nor skips when others come. */
function pageOf(sql: SqlStorage, { limit, cursor }: GraphRequest): Entities {
  const [, mentions, after] = /^(\d{1,15}) (.*)$/su.exec(cursor ?? '') ?? []
  const rows = sql
    .exec(
      `SELECT ${COLUMNS}, key FROM entities ${mentions === undefined ? '' : 'WHERE mentions < ?3 OR (mentions = ?3 AND key > ?2)'}
       ORDER BY mentions DESC, key LIMIT ?1`,
      limit + 1,
      ...(mentions === undefined || after === undefined ? [] : [after, Number(mentions)]),
    )
    .toArray()
  const entities = rows.slice(0, limit).map((row) => GraphEntity.parse(row))
  const last = rows[limit - 1]
  return { entities, ...(rows.length > limit && last && { nextCursor: `${last.mentions} ${last.key}` }) }
}

function around(sql: SqlStorage, name: string, limit: number): Entities {
  const [center] = sql.exec(`SELECT ${COLUMNS} FROM entities WHERE key = ?`, entityKey(name)).toArray()
  if (center === undefined) return { entities: [] }
  const entity = GraphEntity.parse(center)
  const ids = neighboursOf(sql, entity.id, limit - 1).map((neighbour) => neighbour.entity)
  const rows = sql.exec(`SELECT ${COLUMNS} FROM entities WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids)).toArray()
  const found = new Map(rows.map((row) => [Number(row.id), GraphEntity.parse(row)]))
  return { entities: [entity, ...ids.flatMap((id) => found.get(id) ?? [])] }
}

const edgesAmong = (sql: SqlStorage, ids: string): GraphPage['edges'] =>
  sql
    .exec<{ source: number; target: number; type: string; weight: number; passages: number }>(
      `SELECT source, target, type, round(sum(weight), 3) AS weight, count(*) AS passages FROM entity_edges
       WHERE source IN (SELECT value FROM json_each(?1)) AND target IN (SELECT value FROM json_each(?1))
       GROUP BY source, target, type ORDER BY type = ?2, weight DESC, source, target LIMIT ?3`,
      ids,
      CO_OCCURRENCE,
      MAX_EDGES,
    )
    .toArray()

const totalsOf = (sql: SqlStorage, built: number): GraphPage['totals'] =>
  sql
    .exec<{ entities: number; edges: number; communities: number }>(
      `SELECT (SELECT count(*) FROM entities) AS entities, (SELECT count(*) FROM entity_edges) AS edges,
       (SELECT count(*) FROM communities WHERE build = ?) AS communities`,
      built,
    )
    .one()
