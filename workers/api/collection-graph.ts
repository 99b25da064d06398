import { Hono } from 'hono'
import * as z from 'zod'
import { GraphPage, MAX_GRAPH_ENTITIES } from '../domain/knowledge-graph'
import { check } from './check'
import { findCollection } from './collections'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'

const DEFAULT_ENTITIES = 50

const GraphQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_GRAPH_ENTITIES)
    .default(DEFAULT_ENTITIES)
    .describe(`Entities of a page, at most ${MAX_GRAPH_ENTITIES}.`),
  cursor: z.string().max(300).optional().describe('`nextCursor` of the page before; leave it out for the first page.'),
  entity: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Only this entity, however it is written, and those that it is connected with.'),
})

const GRAPH = documented({
  tag: 'Collections',
  summary: 'The entities of a collection and how they are connected',
  description:
    'Entities by their number of mentions, the edges among those of the page (`near`: close to each other in a passage; else a relation that a sentence states, from `source` to `target`) and the communities that they belong to. ' +
    'A community says nothing of its own: its title are its best connected entities, its summary are relations and sentences of the sources with their places. `isBuilding` is true while communities are made anew after a change.',
  answers: { 200: { description: 'A page of the graph.', body: { schema: GraphPage.meta({ id: 'CollectionGraph' }) } } },
  refuses: ['invalid', 'not_found', 'unavailable'],
})

/** The graph of what a collection holds. */
export function collectionGraphRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get('/:id/graph', GRAPH, guard(deps, 'collections:read'), check('query', GraphQuery), async (c) => {
    const ports = c.get('ports')
    const { name } = await findCollection(ports, c.req.param('id'))
    return c.json(await ports.knowledge.graph(name, c.req.valid('query')))
  })
}
