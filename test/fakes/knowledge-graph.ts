import type { IndexedDocument } from '../../workers/domain/knowledge'
import { entityKey, type GraphEntity, type GraphPage, type GraphRequest } from '../../workers/domain/knowledge-graph'

/** The graph of documents in memory: stated relations only, and no communities. */
export function graphOf(documents: readonly IndexedDocument[], { limit, entity, cursor }: GraphRequest): GraphPage {
  const entities = new Map<string, GraphEntity>()
  const edges = new Map<string, GraphPage['edges'][number]>()
  for (const { graph } of documents) {
    const ids = (graph?.entities ?? []).map(({ name, type, mentions }) => {
      const key = entityKey(name)
      const known = entities.get(key) ?? { id: entities.size + 1, name, type, mentions: 0, passages: 0 }
      known.mentions += mentions.length
      known.passages += new Set(mentions.map(({ chunk }) => chunk)).size
      entities.set(key, known)
      return known.id
    })
    for (const { head, tail, type, confidence } of graph?.relations ?? []) {
      const [source = 0, target = 0] = [ids[head], ids[tail]]
      const edge = edges.get(`${source} ${type} ${target}`) ?? { source, target, type, weight: 0, passages: 0 }
      edges.set(`${source} ${type} ${target}`, { ...edge, weight: edge.weight + confidence, passages: edge.passages + 1 })
    }
  }
  const all = [...edges.values()]
  const center = entity === undefined ? undefined : entities.get(entityKey(entity))?.id
  const near = ({ id }: GraphEntity) =>
    entity === undefined ||
    id === center ||
    all.some(({ source, target }) => [source, target].includes(id) && [source, target].includes(center ?? 0))
  const ordered = [...entities.values()].filter(near).sort((a, b) => b.mentions - a.mentions || a.id - b.id)
  const from = Number(cursor ?? 0)
  const shown = ordered.slice(from, from + limit)
  const ids = new Set(shown.map(({ id }) => id))
  return {
    entities: shown,
    edges: all.filter(({ source, target }) => ids.has(source) && ids.has(target)),
    communities: [],
    totals: { entities: entities.size, edges: edges.size, communities: 0 },
    isBuilding: false,
    ...(from + limit < ordered.length && { nextCursor: String(from + limit) }),
  }
}
