import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { etagOf, expectedTags, staleEdit } from './etag'
import { guard } from './guard'
import { listSchema } from './lists'

const KIND = z.enum(['chat', 'embed', 'rerank'])
const ModelStatus = z
  .object({
    model: z.string(),
    provider: z.string(),
    kind: KIND,
    isConfigured: z.boolean().describe('Its address, key or binding is there.'),
    isExternal: z.boolean().describe('Texts leave the installation; `maskPii` masks personal data before.'),
    breaker: z.enum(['closed', 'open', 'trial']).describe('`open`: it failed several times and is left alone for a while.'),
    latencyMs: z.number().optional().describe('Of its answers, averaged, as this machine saw them.'),
  })
  .meta({ id: 'ModelStatus' })
const ModelsSchema = z
  .object({
    source: z.string().describe('The YAML text.'),
    isDefault: z.boolean().describe('The shipped one: the tenant has set nothing.'),
    revision: z.int(),
    maskPii: z.boolean(),
    purposes: z.record(
      z.string(),
      z.object({ use: z.array(z.string()), strategy: z.string(), deadline: z.number().describe('Milliseconds.') }),
    ),
    models: z.array(ModelStatus),
  })
  .meta({ id: 'Models' })
const ProbedModel = z
  .object({
    model: z.string(),
    provider: z.string(),
    kind: KIND,
    status: z.enum(['answered', 'failed', 'not_configured']),
    latencyMs: z.number().optional(),
    can: z.array(z.object({ capability: z.string(), works: z.boolean(), message: z.string().optional() })).optional(),
    message: z.string().optional(),
  })
  .meta({ id: 'ProbedModel' })
const CacheCount = z
  .object({ purpose: z.string(), exactHits: z.int(), semanticHits: z.int(), misses: z.int(), hitRate: z.number().min(0).max(1) })
  .meta({ id: 'ModelCacheCount' })

const EXAMPLE_SOURCE = `providers:
  ollama: { protocol: openai, url: https://ollama.example.com/v1, key: { secret: ollama-key } }
models:
  own: { provider: ollama, name: llama3.3, context: 32768, can: [tools, json] }
purposes:
  default: { use: [own, workers-ai-small] }
`

const READ = documented({
  tag: 'Models',
  summary: 'Which models answer what',
  description: 'The text of models.yaml with what it comes to: the shipped one, and what the tenant has put on top of it.',
  answers: { 200: { description: 'As it holds now.', body: { schema: ModelsSchema }, headers: { ETag: 'The revision.' } } },
  refuses: [],
})

const SAVE = documented({
  tag: 'Models',
  summary: 'Set the models',
  description:
    'The body is the YAML text. Its providers, models and purposes stand on top of the shipped ones; one of the same name takes its place. It is checked as a whole; each problem comes with line and column. Keys are secrets of the tenant, by name. `If-Match` refuses to overwrite a change of somebody else (412).',
  headers: { 'If-Match': 'ETag of the text that was edited.' },
  requestBody: { 'application/yaml': { schema: { type: 'string' }, example: EXAMPLE_SOURCE } },
  answers: { 200: { description: 'Saved; it holds within seconds.', body: { schema: ModelsSchema }, headers: { ETag: 'The revision.' } } },
  refuses: ['invalid', 'conflict', 'too_large'],
})

const RESET = documented({
  tag: 'Models',
  summary: 'Go back to the shipped models',
  answers: { 204: { description: "The tenant's own text is gone." } },
  refuses: [],
})

const TEST = documented({
  tag: 'Models',
  summary: 'Probe models',
  description:
    'Asks each named model (all, when none is named) something small of each thing that it is said to do. It costs a few tokens.',
  answers: { 200: { description: 'What each did.', body: { schema: listSchema(ProbedModel) } } },
  refuses: ['invalid', 'not_found', 'too_large'],
})

const CACHE = documented({
  tag: 'Models',
  summary: 'Hit rate of earlier answers',
  answers: { 200: { description: 'By purpose, since the cache was last emptied.', body: { schema: listSchema(CacheCount) } } },
  refuses: [],
})

const CLEAR_CACHE = documented({
  tag: 'Models',
  summary: 'Forget earlier answers',
  description: 'Removes cached answers and vectors, and sets the counts to nothing.',
  answers: { 204: { description: 'Empty.' } },
  refuses: [],
})

/** Models of the tenant: which answer what, whether they do, and what the cache spared. */
export function modelRoutes(deps: ApiDeps) {
  const desk = (c: Context<ApiEnv>) => deps.models(c.get('principal').tenantId)
  return new Hono<ApiEnv>()
    .get('/', READ, guard(deps, 'settings:read'), (c) => view(deps, c))
    .put('/', SAVE, guard(deps, 'settings:write'), async (c) => {
      const expected = revisionOf(c.req.header('If-Match'))
      const { source: before } = await desk(c).read()
      const after = await c.req.text()
      if ((await desk(c).save(after, expected)) === undefined) throw staleEdit()
      noteChange(c, { before, after })
      return await view(deps, c)
    })
    .delete('/', RESET, guard(deps, 'settings:write'), async (c) => {
      const { source: before } = await desk(c).read()
      await desk(c).reset()
      noteChange(c, { before })
      return c.body(null, 204)
    })
    .post(
      '/test',
      TEST,
      guard(deps, 'settings:write'),
      check('json', z.object({ models: z.array(z.string()).min(1).optional() })),
      async (c) => c.json({ items: await desk(c).probe(c.req.valid('json').models) }),
    )
    .get('/cache', CACHE, guard(deps, 'settings:read'), async (c) =>
      c.json({ items: (await desk(c).cacheCounts()).map((count) => ({ ...count, hitRate: hitRate(count) })) }),
    )
    .delete('/cache', CLEAR_CACHE, guard(deps, 'settings:write'), async (c) => {
      await desk(c).clearCache()
      return c.body(null, 204)
    })
}

async function view(deps: ApiDeps, c: Context<ApiEnv>) {
  const { source, isDefault, revision, settings, models } = await deps.models(c.get('principal').tenantId).read()
  const purposes = Object.fromEntries(
    Object.entries(settings.purposes).map(([name, { use, strategy, deadline }]) => [name, { use, strategy, deadline }]),
  )
  return c.json({ source, isDefault, revision, maskPii: settings.maskPii, purposes, models }, 200, { ETag: etagOf(revision) })
}

/** The revision that was edited; a tag that is no revision matches none. */
function revisionOf(header: string | undefined): number | undefined {
  const tags = expectedTags(header)
  if (tags === undefined) return undefined
  const revision = tags.map(Number).find(Number.isInteger)
  if (revision === undefined) throw staleEdit()
  return revision
}

const hitRate = ({ exactHits, semanticHits, misses }: { exactHits: number; semanticHits: number; misses: number }): number => {
  const lookups = exactHits + semanticHits + misses
  return lookups === 0 ? 0 : (exactHits + semanticHits) / lookups
}
