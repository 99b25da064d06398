import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { requirePermission } from '../domain/auth'
import { Certificate, certify, Finding, type OpenRequest, SubjectRequest, subjectKeys } from '../domain/data-subjects'
import { AppError } from '../domain/error'
import type { Privacy } from '../domain/privacy'
import { normalised, problemOf, SUBJECT_KINDS } from '../domain/subject-matching'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { contentDisposition } from './download'
import { guard } from './guard'
import { runLater } from './later'
import { listSchema } from './lists'
import { privacyOf } from './privacy-of'

const RequestSchema = SubjectRequest.meta({ id: 'DataSubjectRequest' })
const WithFindings = RequestSchema.extend({ findings: z.array(Finding).describe('In what the person was found, by reference.') })
const Order = z
  .object({
    kind: z.enum(SUBJECT_KINDS),
    identifier: z.string().min(3).max(320).describe('As typed; compared without regard to case, spacing and punctuation of numbers.'),
  })
  .superRefine((subject, context) => {
    const message = problemOf(subject)
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['identifier'], message })
  })
/** Keys of one listing of the parts of an export. */
const PARTS = 500

const start = (kind: OpenRequest['kind']) =>
  documented({
    tag: 'Privacy',
    summary: kind === 'export' ? 'Export what is kept of a person' : 'Erase what is kept of a person',
    description:
      kind === 'export'
        ? 'Searches documents (names, metadata, texts), collections, runs with what is sealed in them, reports, files, accounts and settings for one identifier, and gathers what it finds. In the background: ask `GET /data-subjects/{id}` until `status` is `done`. The file is there for seven days, sealed. Asks for `pii:read` too: sealed values stand in it in clear.'
        : 'Searches as an export does; then deletes the documents and runs in which the person was found, redacts accounts and datasets, and empties the caches of answers and vectors. What a legal hold or a run at work protects stays and is named in the certificate. In the background; it cannot be undone.',
    answers: { 202: { description: 'Under way.', body: { schema: RequestSchema } } },
    refuses: ['invalid', 'unavailable'],
  })
const LIST = documented({
  tag: 'Privacy',
  summary: 'Requests of data subjects, newest first',
  answers: { 200: { description: 'At most 200.', body: { schema: listSchema(RequestSchema) } } },
  refuses: ['unavailable'],
})
const READ = documented({
  tag: 'Privacy',
  summary: 'One request of a data subject',
  answers: { 200: { description: 'How far it is, and what was found.', body: { schema: WithFindings } } },
  refuses: ['not_found', 'unavailable'],
})
const FILE = documented({
  tag: 'Privacy',
  summary: 'Download an export',
  description: 'Asks for `pii:read` too: sealed values stand in it in clear.',
  answers: {
    200: {
      description: 'A line for each finding.',
      body: { mediaType: 'application/x-ndjson', description: '`{kind, ref, content}` a line.' },
    },
  },
  refuses: ['not_found', 'conflict', 'unavailable'],
})
const CERTIFICATE = documented({
  tag: 'Privacy',
  summary: 'Certificate of an erasure',
  description: 'What was erased and redacted, what was kept and why. The identifier stands in it as a salted hash only.',
  answers: { 200: { description: 'The certificate.', body: { schema: Certificate } } },
  refuses: ['not_found', 'conflict', 'unavailable'],
})

/** What people may ask for about their data. */
export function dataSubjectRoutes(deps: ApiDeps) {
  const order = (kind: OpenRequest['kind']) => async (c: Context<ApiEnv>, subject: z.infer<typeof Order>) => {
    const privacy = privacyOf(deps, c)
    const request = await newRequest(deps, privacy, { kind, subject, createdBy: c.get('principal').id })
    await privacy.requests.insert(request)
    runLater(deps, async () => void (await privacy.work(request.id)))
    return c.json(shown(request), 202)
  }
  const [exporting, erasing] = [order('export'), order('erasure')]
  return new Hono<ApiEnv>()
    .post('/export', start('export'), guard(deps, 'privacy:write'), check('json', Order), async (c) => {
      requirePermission(c.get('principal'), 'pii:read')
      return await exporting(c, c.req.valid('json'))
    })
    .post('/erasure', start('erasure'), guard(deps, 'privacy:write'), check('json', Order), (c) => erasing(c, c.req.valid('json')))
    .get('/', LIST, guard(deps, 'privacy:read'), async (c) => c.json({ items: (await privacyOf(deps, c).requests.list()).map(shown) }))
    .get('/:id', READ, guard(deps, 'privacy:read'), async (c) => {
      const { requests } = privacyOf(deps, c)
      const request = await findRequest(requests, c.req.param('id'))
      return c.json({ ...shown(request), findings: await requests.findings(request.id) })
    })
    .get('/:id/export', FILE, guard(deps, 'privacy:read'), async (c) => {
      const privacy = privacyOf(deps, c)
      const request = await findDone(privacy.requests, c.req.param('id'), 'export')
      requirePermission(c.get('principal'), 'pii:read')
      return await answerExport(privacy, request)
    })
    .get('/:id/certificate', CERTIFICATE, guard(deps, 'privacy:read'), async (c) => {
      const { requests } = privacyOf(deps, c)
      const request = await findDone(requests, c.req.param('id'), 'erasure')
      c.header('Content-Disposition', contentDisposition(`erasure-${request.id}.json`))
      return c.json(certify(c.get('principal').tenantId, request, await requests.findings(request.id)))
    })
}

async function newRequest(
  { clock, newId, credentials }: ApiDeps,
  { sealedFields }: Privacy,
  { kind, subject, createdBy }: { kind: OpenRequest['kind']; subject: z.infer<typeof Order>; createdBy: string },
): Promise<OpenRequest> {
  const at = clock.now().toISOString()
  const salt = credentials.random(32)
  return {
    id: newId('dataSubjectRequest'),
    kind,
    status: 'working',
    subject: { kind: subject.kind, salt, sha256: credentials.hash(`${salt}\n${normalised(subject)}`) },
    sealed: await sealedFields.seal(subject.identifier),
    phase: 'documents',
    scanned: {},
    failures: 0,
    revision: 1,
    createdAt: at,
    createdBy,
    updatedAt: at,
  }
}

/** Without the sealed identifier and what the work goes on from. */
const shown = ({ sealed: _, cursor: __, failures: ___, revision: ____, ...request }: OpenRequest): SubjectRequest => request

async function findRequest(requests: Privacy['requests'], id: string): Promise<OpenRequest> {
  const request = await requests.find(id)
  if (request === undefined) throw new AppError('not_found', 'There is no request of a data subject with that id.')
  return request
}

async function findDone(requests: Privacy['requests'], id: string, kind: OpenRequest['kind']): Promise<OpenRequest> {
  const request = await findRequest(requests, id)
  if (request.kind !== kind) throw new AppError('not_found', `The request is an ${request.kind}, not an ${kind}.`)
  if (request.status === 'done') return request
  throw new AppError(
    'conflict',
    `The request is ${request.status}; ${request.status === 'failed' ? 'ask anew' : 'wait until it is done'}.`,
    {
      reason: 'not_done',
    },
  )
}

async function answerExport({ exports, prefixes }: Privacy, { id }: OpenRequest): Promise<Response> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const copy = async () => {
    for (let after: string | undefined; ; ) {
      const keys = await prefixes.list(subjectKeys.of(id), { limit: PARTS, ...(after !== undefined && { after }) })
      for (const key of keys) await (await exports.stream(key))?.body.pipeTo(writable, { preventClose: true })
      after = keys.at(-1)
      if (after === undefined || keys.length < PARTS) break
    }
    await writable.close()
  }
  // The reader sees the break in the stream; there is nobody else to tell.
  void copy().catch((thrown: unknown) => writable.abort(thrown).catch(() => undefined))
  return new Response(readable, {
    headers: {
      'Content-Type': 'application/x-ndjson',
      'Content-Disposition': contentDisposition(`export-${id}.ndjson`),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
