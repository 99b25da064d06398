import { COMMUNITIES, isBuilding, readGraphState } from './graph-state'
import { summarise } from './graph-summaries'
import type { UpkeepTask } from './upkeep'

/** The heaviest connections that are partitioned: the library holds about half a kilobyte for each. */
const MAX_PAIRS = 60_000
/** Two entities that are connected are an edge, not a community. */
const LEAST_MEMBERS = 3
/** Smaller communities are left out of very large graphs: a question is held against all of them. */
const MAX_COMMUNITIES = 300
const SUMMARIES_PER_PART = 10
/** Any fixed seed: the same graph has the same communities. */
const SEED = 20_261_121

interface Pair {
  a: string
  b: string
  weight: number
}

interface Built {
  members: { key: string; degree: number }[]
  weight: number
}

/**
 * Makes the collection's communities anew after its graph has changed: first all of them at once by the Louvain method, then their
 * summaries part by part. Those that are there are shown until the new ones are whole; what died in the middle goes on where it was.
 */
export function createCommunities(storage: DurableObjectStorage): UpkeepTask {
  const { sql } = storage
  return {
    name: COMMUNITIES,
    isPending: () => isBuilding(readGraphState(sql)),
    async run() {
      const { building, version } = readGraphState(sql)
      if (building === null) {
        const communities = await partition(readPairs(sql))
        // A change while the library was loaded is seen by the version: it stays pending.
        storage.transactionSync(() => writeCommunities(sql, version, communities))
        return true
      }
      const open = sql
        .exec<{ id: number }>(
          'SELECT id FROM communities WHERE build = ? AND is_summarised = 0 ORDER BY id LIMIT ?',
          building,
          SUMMARIES_PER_PART,
        )
        .toArray()
      storage.transactionSync(() => {
        for (const { id } of open) summarise(sql, id)
        if (open.length === 0) showCommunities(sql, building)
      })
      // After a build others get their turn: a collection that is being filled changes all the time.
      return open.length > 0
    },
  }
}

/** Connections by keys and in their order, so that ids, which change when a document is replaced, decide nothing. */
function readPairs(sql: SqlStorage): Pair[] {
  const rows = sql
    .exec<{ a: string; b: string; weight: number }>(
      `SELECT s.key AS a, t.key AS b, p.weight FROM (
         SELECT min(source, target) AS one, max(source, target) AS two, sum(weight) AS weight FROM entity_edges
         GROUP BY one, two ORDER BY weight DESC LIMIT ?
       ) p JOIN entities s ON s.id = p.one JOIN entities t ON t.id = p.two`,
      MAX_PAIRS,
    )
    .toArray()
  const ordered = rows.map(({ a, b, weight }) => (a < b ? { a, b, weight } : { a: b, b: a, weight }))
  return ordered.sort((x, y) => (x.a === y.a ? compare(x.b, y.b) : compare(x.a, y.a)))
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** Communities by the weight of their inner connections, the heaviest first; members by theirs. */
export async function partition(pairs: readonly Pair[]): Promise<Built[]> {
  if (pairs.length === 0) return []
  const [{ UndirectedGraph }, { default: louvain }] = await Promise.all([import('graphology'), import('graphology-communities-louvain')])
  const graph = new UndirectedGraph()
  for (const { a, b, weight } of pairs) {
    graph.mergeNode(a)
    graph.mergeNode(b)
    graph.mergeEdge(a, b, { weight })
  }
  const of = louvain(graph, { getEdgeWeight: 'weight', rng: seeded(SEED) })
  const degrees = new Map<string, number>()
  for (const { a, b, weight } of pairs) if (of[a] === of[b]) for (const key of [a, b]) degrees.set(key, (degrees.get(key) ?? 0) + weight)
  const groups = Map.groupBy(Object.entries(of), ([, community]) => community)
  const built = [...groups.values()].map((group) => {
    const members = group.map(([key]) => ({ key, degree: degrees.get(key) ?? 0 }))
    members.sort((x, y) => y.degree - x.degree || compare(x.key, y.key))
    return { members, weight: members.reduce((sum, { degree }) => sum + degree, 0) }
  })
  return built
    .filter(({ members }) => members.length >= LEAST_MEMBERS)
    .sort((x, y) => y.weight - x.weight || compare(x.members[0]?.key ?? '', y.members[0]?.key ?? ''))
    .slice(0, MAX_COMMUNITIES)
}

/** Mulberry32: 32 bits of state are enough to shuffle nodes. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function writeCommunities(sql: SqlStorage, version: number, communities: readonly Built[]): void {
  for (const { members } of communities) {
    const { id } = sql
      .exec<{ id: number }>('INSERT INTO communities (build, size) VALUES (?, ?) RETURNING id', version, members.length)
      .one()
    // An entity that has gone meanwhile is no member.
    sql.exec(
      `INSERT INTO community_members (community, entity, degree)
       SELECT ?, e.id, json_extract(m.value, '$.degree') FROM json_each(?) m JOIN entities e ON e.key = json_extract(m.value, '$.key')`,
      id,
      JSON.stringify(members),
    )
  }
  sql.exec('UPDATE graph_state SET building = ?', version)
}

function showCommunities(sql: SqlStorage, build: number): void {
  const others = 'SELECT id FROM communities WHERE build <> ?'
  for (const table of ['community_members', 'community_sentences']) sql.exec(`DELETE FROM ${table} WHERE community IN (${others})`, build)
  sql.exec('DELETE FROM communities WHERE build <> ?', build)
  sql.exec('UPDATE graph_state SET built = ?, building = NULL', build)
}
