import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { requirePermission } from '../domain/auth'
import { deleteDocument } from '../domain/document-deletion'
import { DOCUMENT_SOURCES, DocumentRecord, fileKeys, ParsedDocument } from '../domain/documents'
import { AppError } from '../domain/error'
import { commitDocument } from '../domain/intake'
import type { RunView } from '../domain/runs'
import type { DoorPorts } from '../domain/stores'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { answerFile } from './download'
import { etagOf } from './etag'
import { guard } from './guard'
import { keyReused, runIdOf } from './idempotent'
import { PageQuery, pageSchema, TimeQuery } from './lists'
import { RunSchema } from './run-schemas'
import { findWorkflowToStart, startRun } from './start-run'
import { readUpload } from './upload'

const DocumentSchema = DocumentRecord.meta({ id: 'Document' })
const UploadAnswer = z.object({
  document: DocumentSchema,
  duplicate: z.boolean().describe('True when the same bytes were stored before; `document` is then the earlier one.'),
  run: RunSchema.optional().describe('The run, when a workflow was named.'),
})
const DocumentQuery = PageQuery.extend(TimeQuery.shape).extend({
  source: z
    .enum(DOCUMENT_SOURCES)
    .optional()
    .describe('`part`: the further parts of long documents, which are not listed unless they are asked for.'),
  parentId: z.string().optional().describe('Only files found in this mail or archive, and further parts of this long document.'),
})
const EXAMPLE = {
  id: 'doc_019350a1b2c37d4e8f90a1b2c3d4e5f6',
  name: 'invoice-42.pdf',
  mediaType: 'application/pdf',
  size: 54_391,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  source: 'upload',
  fileKey: 'documents/doc_019350a1b2c37d4e8f90a1b2c3d4e5f6/original',
  createdAt: '2026-11-21T09:30:00.000Z',
}

const LIST = documented({
  tag: 'Documents',
  summary: 'List documents, newest first',
  answers: {
    200: { description: 'A page of documents.', body: { schema: pageSchema(DocumentSchema), example: { items: [EXAMPLE] } } },
  },
  refuses: ['invalid'],
})

const READ = documented({
  tag: 'Documents',
  summary: 'One document',
  answers: { 200: { description: 'Its row, without the bytes.', body: { schema: DocumentSchema, example: EXAMPLE } } },
  refuses: ['not_found'],
})

const DOWNLOAD = documented({
  tag: 'Documents',
  summary: 'Download the original',
  description: 'The bytes as they came in, always as an attachment; for a part, those of the document that it is a part of.',
  answers: {
    200: {
      description: 'The file.',
      body: { mediaType: 'application/octet-stream', description: 'With the media type that its content shows.' },
    },
  },
  refuses: ['not_found'],
})

const PARSED = documented({
  tag: 'Documents',
  summary: 'The document as ingestion read it',
  description: 'Pages with text and positions, blocks, tables, metadata, embedded files. `not_found` until a run has read the document.',
  answers: { 200: { description: 'The document model.', body: { schema: ParsedDocument.meta({ id: 'ParsedDocument' }) } } },
  refuses: ['not_found'],
})

const REMOVE = documented({
  tag: 'Documents',
  summary: 'Delete a document',
  description:
    'With what was found in it (attachments, members of archives): rows, files, what ingestion read, passages, vectors and graph edges in every collection, cached answers that saw it and cached vectors. Nothing of it is found any more once this answers. What runs recorded and reports say of it stays with them. Refused while a run that was started for it is at work. A deletion that broke off is finished by asking again, or by itself within minutes.',
  answers: {
    200: {
      description: 'Deleted.',
      body: {
        schema: z
          .object({
            documents: z.array(z.string()).describe('The document and what was found in it.'),
            collections: z.array(z.string()).describe('Collections out of which passages were taken.'),
          })
          .meta({ id: 'DeletedDocument' }),
      },
    },
  },
  refuses: ['not_found', 'conflict', 'unavailable'],
})

/** Stored documents: upload, lists, originals, and what ingestion read in them. */
export function documentRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/', UPLOAD, guard(deps, 'documents:write'), (c) => upload(deps, c))
    .get('/', LIST, guard(deps, 'documents:read'), check('query', DocumentQuery), async (c) =>
      c.json(await c.get('ports').documents.list(listed(c.req.valid('query')))),
    )
    .get('/:id', READ, guard(deps, 'documents:read'), async (c) => c.json(await findDocument(c.get('ports'), c.req.param('id'))))
    .delete('/:id', REMOVE, guard(deps, 'documents:delete'), async (c) => c.json(await deleteDocument(c.get('ports'), c.req.param('id'))))
    .get('/:id/content', DOWNLOAD, guard(deps, 'documents:read'), async (c) => {
      const { files } = c.get('ports')
      const { name, mediaType, sha256, fileKey } = await withBytes(c.get('ports'), c.req.param('id'))
      return await answerFile(files, fileKey, { name, mediaType, etag: etagOf(sha256) })
    })
    .get('/:id/parsed', PARSED, guard(deps, 'documents:read'), (c) => answerParsed(c.get('ports'), c.req.param('id')))
}

const UPLOAD = documented({
  tag: 'Documents',
  summary: 'Upload a document',
  description: `Send one file of at most 100 MB as multipart/form-data (\`curl -F file=@invoice.pdf\`) or as the bare body with its Content-Type and X-File-Name (percent-encoded). It is stored as it streams in. The type is decided by content. With \`workflow\` (in the query, or as a form field) a run of that workflow is started with input \`{ "documentId": … }\`; that takes the permission \`runs:write\` as well. With the same \`Idempotency-Key\` an upload counts as the same when bytes, name and fields are.`,
  query: { workflow: 'Name of the workflow to start, for example `document-intake`.' },
  headers: { 'X-File-Name': 'Name of a bare body, percent-encoded.' },
  requestBody: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        properties: { file: { type: 'string', format: 'binary' }, workflow: { type: 'string' } },
      },
    },
    'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
  },
  answers: {
    200: {
      description: 'The same bytes were stored before.',
      body: { schema: UploadAnswer, example: { document: EXAMPLE, duplicate: true } },
    },
    201: { description: 'Stored.', body: { schema: UploadAnswer, example: { document: EXAMPLE, duplicate: false } } },
  },
  refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget', 'unavailable'],
})

async function upload(deps: ApiDeps, c: Context<ApiEnv>) {
  const ports = c.get('ports')
  const named = c.req.query('workflow')
  // What cannot be started is told before the file is sent through.
  if (named !== undefined) await requireStartable(c, named)
  const intake = { ports, newDigest: deps.newDigest, maxUploadBytes: deps.limits.maxUploadBytes }
  const { staged, fields, sent } = await readUpload(intake, c.req.raw, async (name, value) => {
    if (name === 'workflow' && named === undefined) await requireStartable(c, value)
  })
  c.set('sent', sent)
  const workflow = named ?? fields.workflow
  const { document, isDuplicate } = await commitDocument(intake, staged)
  let run: RunView | undefined
  if (workflow !== undefined) {
    run = await startRun(ports, c.get('runs'), {
      runId: runIdOf(c),
      workflow,
      input: { documentId: document.id },
      trigger: 'upload',
      documentId: document.id,
      title: document.name,
    })
    // A try that broke off has started the run of an Idempotency-Key for another file; this one is stored and has none.
    if (run.documentId !== undefined && run.documentId !== document.id) throw keyReused()
  }
  return c.json({ document, duplicate: isDuplicate, ...(run && { run }) }, isDuplicate ? 200 : 201)
}

/** Storing a file is one permission, starting a run another. */
async function requireStartable(c: Context<ApiEnv>, workflow: string): Promise<void> {
  requirePermission(c.get('principal'), 'runs:write')
  await findWorkflowToStart(c.get('ports'), workflow)
}

export async function findDocument(ports: DoorPorts, id: string): Promise<DocumentRecord> {
  const document = await ports.documents.find(id)
  if (document === undefined) throw new AppError('not_found', 'There is no document with that id.')
  return document
}

/** Further parts are what somebody who lists documents did not send. */
const listed = (query: z.output<typeof DocumentQuery>) =>
  query.source === undefined && query.parentId === undefined ? { ...query, notSource: 'part' } : query

/** A part shares the bytes of the document that goes on in it. */
async function withBytes(ports: DoorPorts, id: string): Promise<DocumentRecord> {
  const document = await findDocument(ports, id)
  return document.source === 'part' && document.parentId !== undefined ? await withBytes(ports, document.parentId) : document
}

async function answerParsed(ports: DoorPorts, id: string): Promise<Response> {
  await findDocument(ports, id)
  const parsed = await ports.files.stream(fileKeys.parsed(id))
  if (parsed === undefined) throw new AppError('not_found', 'The document has not been read yet; start a run that ingests it.')
  return new Response(parsed.body, { headers: { 'Content-Type': 'application/json', 'Content-Length': String(parsed.size) } })
}
