import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { partsOf } from '../domain/document-parts'
import { fileKeys } from '../domain/documents'
import { AppError, unwrap } from '../domain/error'
import { refuseHeld } from '../domain/legal-holds'
import type { DoorPorts } from '../domain/stores'
import { DEFAULT_RETRY, type WorkflowVersion } from '../domain/workflows'
import { check } from './check'
import { nameOfCollection } from './collections'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { findDocument } from './documents'
import { START_ANSWER } from './executions'
import { guard } from './guard'
import { runIdOf } from './idempotent'
import { PageQuery, pageSchema } from './lists'

/** As the collection takes them. */
const MAX_FACTS = 60
const MAX_TAGS = 200
const MAX_FACT_CHARACTERS = 2_000
const Fact = z.string().max(MAX_FACT_CHARACTERS)
const Facts = z
  .record(Fact, z.union([Fact, z.array(Fact).max(MAX_TAGS)]))
  .refine((facts) => Object.keys(facts).length <= MAX_FACTS, `at most ${MAX_FACTS} facts`)

const HeldSchema = z
  .object({ documentId: z.string(), name: z.string(), metadata: Facts, chunks: z.int().describe('Passages.') })
  .meta({ id: 'CollectionDocument' })
const IndexBody = z.object({
  documentId: z.string().min(1).max(200).describe('A document that was uploaded or came by mail.'),
  metadata: Facts.default({}).describe(
    'Facts to filter on, one text or several tags each; dates as ISO 8601, for ranges. `source`, `mediaType` and `createdAt` are added unless given.',
  ),
})

const LIST = documented({
  tag: 'Collections',
  summary: 'List the documents of a collection',
  description: 'In order of their ids, with the facts that searches can filter on.',
  answers: { 200: { description: 'A page of documents.', body: { schema: pageSchema(HeldSchema) } } },
  refuses: ['invalid', 'not_found', 'unavailable'],
})
const INDEX = documented({
  tag: 'Collections',
  summary: 'Index a document into a collection',
  description:
    'Starts a run that reads the document, if none has, cuts it into passages and makes them searchable. Doing it again replaces the passages. For many documents use a workflow with the step `analysis.index`.',
  answers: START_ANSWER,
  refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget', 'unavailable'],
})
const REMOVE = documented({
  tag: 'Collections',
  summary: 'Remove a document from a collection',
  description:
    'Its passages, vectors and graph edges in this collection, those of its further parts as well. The document itself stays; `DELETE /api/v1/documents/{id}` deletes it. Refused while it is on legal hold (`legal_hold`).',
  answers: { 204: { description: 'Removed: no search finds it any more.' } },
  refuses: ['not_found', 'conflict', 'unavailable'],
})

/** What a collection holds, document by document. Mounted beside `collectionRoutes`. */
export function collectionDocumentRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/:id/documents', LIST, guard(deps, 'collections:read'), check('query', PageQuery), async (c) => {
      const name = await nameOfCollection(c.get('ports'), c.req.param('id'))
      return c.json(await c.get('ports').collectionDocuments.list(name, c.req.valid('query')))
    })
    .post('/:id/documents', INDEX, guard(deps, 'collections:write'), check('json', IndexBody), (c) =>
      index(deps, c, c.req.param('id'), c.req.valid('json')),
    )
    .delete('/:id/documents/:documentId', REMOVE, guard(deps, 'collections:write'), async (c) => {
      const ports = c.get('ports')
      const name = await nameOfCollection(ports, c.req.param('id'))
      const id = c.req.param('documentId')
      refuseHeld(await ports.deletions.findHold([id]))
      for await (const part of partsOf(ports.documents, id)) await ports.knowledge.remove(name, part.id)
      const { removed } = await ports.knowledge.remove(name, id)
      if (!removed) throw new AppError('not_found', `The collection '${name}' does not hold that document.`)
      return c.body(null, 204)
    })
}

async function index(deps: ApiDeps, c: Context<ApiEnv>, id: string, { documentId, metadata }: z.output<typeof IndexBody>) {
  const ports = c.get('ports')
  const collection = await nameOfCollection(ports, id)
  const document = await findDocument(ports, documentId)
  const workflow = indexingWorkflow(deps, await isParsed(ports, documentId))
  const order = {
    ...{ runId: runIdOf(c), workflow, input: { documentId, collection, metadata }, trigger: 'api' as const },
    ...{ documentId, title: `${document.name} → ${collection}` },
  }
  return c.json(unwrap(await c.get('runs').start(order)), 202)
}

async function isParsed({ files }: Pick<DoorPorts, 'files'>, documentId: string): Promise<boolean> {
  const parsed = await files.stream(fileKeys.parsed(documentId))
  await parsed?.body.cancel()
  return parsed !== undefined
}

/** The input is only referred to: its texts must not be read as templates. */
function indexingWorkflow(deps: Pick<ApiDeps, 'credentials' | 'clock'>, parsed: boolean): WorkflowVersion {
  const step = (id: string, agent: string, operation: string, fields: string[]) => ({
    ...{ id, kind: 'agent' as const, agent, operation, retry: DEFAULT_RETRY, onError: { kind: 'fail' as const } },
    input: Object.fromEntries(fields.map((field) => [field, `\${{ input.${field} }}`])),
  })
  const definition = {
    name: 'index-document',
    title: 'Index a document',
    description: 'Makes a document searchable in a collection.',
    input: {},
    vars: {},
    steps: [
      ...(parsed ? [] : [step('read', 'ingestion', 'parse', ['documentId'])]),
      step('index', 'analysis', 'index', ['documentId', 'collection', 'metadata']),
    ],
    outputs: '${{ steps.index.output }}',
  }
  const source = JSON.stringify(definition, null, 2)
  const version = deps.credentials.hash(source).slice(0, 16)
  return { name: definition.name, version, source, definition, createdAt: deps.clock.now().toISOString(), builtIn: true }
}
