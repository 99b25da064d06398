import type { Audit } from './audit'
import { EXPORT_KEPT_MS, type Finding, type OpenRequest, PHASES, type SubjectRequests, subjectKeys } from './data-subjects'
import { type DeletionPorts, deleteDocument } from './document-deletion'
import { fileKeys } from './documents'
import { AppError } from './error'
import type { FilePrefixes } from './file-prefixes'
import type { Files } from './ports'
import type { RunPurge } from './run-purge'
import { createMatcher, redactTexts, type SubjectMatcher, textsOf } from './subject-matching'
import { readRun, SEARCHES, type SearchPorts, type SubjectRecord, textOfDocument } from './subject-search'

export interface SubjectPorts extends SearchPorts {
  tenantId: string
  requests: SubjectRequests
  files: Pick<Files, 'read' | 'put'>
  /** Seals what it puts, whatever the installation does with other files: what is sealed elsewhere stands in an export in clear. */
  exports: Pick<Files, 'put'>
  prefixes: FilePrefixes
  deletion: DeletionPorts
  purgeRun: RunPurge
  /** Takes away what says who somebody is, and what they sign in with; the account's id stays. */
  eraseUser(userId: string): Promise<{ outcome: 'redacted'; counts: Record<string, number> } | { outcome: 'kept'; reason: 'last_admin' }>
  deleteMailedCode(id: string): Promise<void>
  /** Redacts what may be redacted in a record, or takes it away; what is a version of something, or a name, it leaves. */
  eraseRecord(ref: string, redact: (text: string) => string): Promise<void>
  readRecord(kind: SubjectRecord['kind'], ref: string): Promise<unknown>
  /** Cached answers and vectors of the tenant; gives how many. */
  clearCaches(): Promise<Record<string, number>>
  audit: Pick<Audit, 'record'>
  clock: { now(): Date }
}

/** Findings that one portion acts upon: a document with its collections is a few dozen requests. */
const ACTS = 5
/** A request whose portions fail so often in a row is given up. */
const MAX_FAILURES = 5
/** Originals up to here are in the export whole; larger ones by reference. */
const INLINE_BYTES = 1_048_576

/**
 * Goes on with a request until it is done, or the time for it is over. Everything is stored after each portion, so work that broke off is
 * taken up where it stood, and two who work at once do not disturb each other.
 */
export async function workSubject(ports: SubjectPorts, id: string, untilMs: number): Promise<'done' | 'left'> {
  for (;;) {
    const request = await ports.requests.find(id)
    if (request === undefined || request.status !== 'working') return 'done'
    try {
      if (!(await portionOf(ports, request))) return 'left'
    } catch (thrown) {
      await noteFailure(ports, request, thrown)
      return 'left'
    }
    if (ports.clock.now().getTime() >= untilMs) return 'left'
  }
}

/** False when somebody else works on it. */
async function portionOf(ports: SubjectPorts, request: OpenRequest): Promise<boolean> {
  const identifier = request.sealed === undefined ? undefined : await ports.sealedFields.open(request.sealed)
  if (typeof identifier !== 'string') throw new AppError('internal', 'The identifier of the request does not open any more.')
  const matcher = createMatcher({ kind: request.subject.kind, identifier })
  const now = ports.clock.now().toISOString()
  if (request.phase === 'act') return await act(ports, request, matcher)
  if (request.phase === 'done') return true
  const documents = request.phase === 'runs' ? await foundDocuments(ports, request.id) : new Set<string>()
  const { found, scanned, cursor } = await SEARCHES[request.phase](ports, matcher, request.cursor, documents)
  const { cursor: _, ...rest } = request
  const next: OpenRequest = {
    ...rest,
    phase: cursor === undefined ? (PHASES[PHASES.indexOf(request.phase) + 1] ?? 'done') : request.phase,
    ...(cursor !== undefined && { cursor }),
    scanned: sum(request.scanned, scanned),
    failures: 0,
    updatedAt: now,
  }
  // What the request itself wrote is not what was found.
  const findings = found.filter(({ ref }) => !ref.startsWith(subjectKeys.of(request.id)))
  return await ports.requests.advance(next, findings)
}

const foundDocuments = async ({ requests }: SubjectPorts, id: string): Promise<ReadonlySet<string>> =>
  new Set((await requests.findings(id)).filter(({ kind }) => kind === 'document').map(({ ref }) => ref))

async function act(ports: SubjectPorts, request: OpenRequest, matcher: SubjectMatcher): Promise<boolean> {
  const findings = await ports.requests.listUnacted(request.id, ACTS)
  for (const finding of findings) {
    const settled = request.kind === 'export' ? await exported(ports, request, finding) : await erased(ports, finding, matcher)
    await ports.requests.settle(request.id, { ...finding, ...settled, at: ports.clock.now().toISOString() })
  }
  if (findings.length === ACTS) return true
  return await finish(ports, request)
}

async function finish(ports: SubjectPorts, request: OpenRequest): Promise<boolean> {
  const now = ports.clock.now().toISOString()
  const caches: Finding[] =
    request.kind === 'erasure' ? [{ kind: 'cache', ref: 'all', outcome: 'erased', counts: await ports.clearCaches(), at: now }] : []
  // The entry has the id of the request, so that a second try enters nothing twice.
  const findings = [...(await ports.requests.findings(request.id)), ...caches]
  const counts: Record<string, number> = {}
  for (const { outcome = 'kept' } of findings) counts[outcome] = (counts[outcome] ?? 0) + 1
  await ports.audit.record([
    {
      id: `aud_${request.id.slice('dsr_'.length)}`,
      action: `dataSubject.${request.kind}`,
      kind: request.kind === 'export' ? 'data_subject_exported' : 'data_subject_erased',
      outcome: 'done',
      actor: { kind: 'system', id: request.createdBy },
      address: '',
      requestId: '',
      resource: { kind: 'dataSubjectRequest', id: request.id },
      after: { subject: request.subject.sha256, counts },
    },
  ])
  const { sealed: _, cursor: __, ...rest } = request
  return await ports.requests.advance({ ...rest, phase: 'done', status: 'done', failures: 0, updatedAt: now, endedAt: now }, caches)
}

async function noteFailure(ports: SubjectPorts, request: OpenRequest, thrown: unknown): Promise<void> {
  console.error(
    JSON.stringify({ message: 'a data subject request broke off', id: request.id, phase: request.phase, error: String(thrown) }),
  )
  const now = ports.clock.now().toISOString()
  const failures = request.failures + 1
  const { sealed: _, ...rest } = request
  const next: OpenRequest =
    failures < MAX_FAILURES
      ? { ...request, failures, updatedAt: now }
      : { ...rest, failures, status: 'failed', updatedAt: now, endedAt: now }
  await ports.requests.advance(next, [])
}

type Settled = Pick<Finding, 'outcome' | 'reason' | 'counts'>

async function erased(ports: SubjectPorts, { kind, ref }: Finding, matcher: SubjectMatcher): Promise<Settled> {
  try {
    return await ERASURES[kind](ports, ref, matcher)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    // Gone since it was found: with its mail, its run, or by somebody's hand.
    if (thrown.code === 'not_found') return { outcome: 'erased' }
    if (thrown.code === 'conflict') return { outcome: 'kept', reason: thrown.reason ?? thrown.message }
    throw thrown
  }
}

const ERASURES = {
  document: async (ports, ref) => {
    const { documents, collections } = await deleteDocument(ports.deletion, ref)
    return { outcome: 'erased', counts: { documents: documents.length, collections: collections.length } }
  },
  run: async (ports, ref) => {
    const { files, reports } = await ports.purgeRun(ref)
    return { outcome: 'erased', counts: { runs: 1, files, reports } }
  },
  user: async (ports, ref) => await ports.eraseUser(ref),
  mailed_code: async (ports, ref) => {
    await ports.deleteMailedCode(ref)
    return { outcome: 'erased' }
  },
  file: async (ports, ref, matcher) => {
    if (ref.startsWith(subjectKeys.all)) return { outcome: 'erased', counts: { files: await ports.prefixes.remove(ref) } }
    const bytes = await ports.files.read(ref)
    if (bytes === undefined) return { outcome: 'erased' }
    const text = new TextDecoder().decode(bytes)
    const isJson = ref.endsWith('.json')
    const redacted = isJson ? JSON.stringify(redactTexts(JSON.parse(text), matcher)) : matcher.redact(text)
    await ports.files.put(ref, redacted, isJson ? 'application/json' : 'text/plain; charset=utf-8')
    return { outcome: 'redacted' }
  },
  record: async (ports, ref, matcher) => {
    await ports.eraseRecord(ref, matcher.redact)
    const left = await ports.readRecord('record', ref)
    if (left === undefined) return { outcome: 'erased' }
    return matcher.finds(textsOf(left)) ? { outcome: 'kept', reason: 'configuration: edit or delete it' } : { outcome: 'redacted' }
  },
  cache: async () => ({ outcome: 'erased' }),
} as const satisfies Record<Finding['kind'], (ports: SubjectPorts, ref: string, matcher: SubjectMatcher) => Promise<Settled>>

async function exported(ports: SubjectPorts, request: OpenRequest, finding: Finding): Promise<Settled> {
  const content = await EXPORTS[finding.kind](ports, finding.ref)
  const line = `${JSON.stringify({ kind: finding.kind, ref: finding.ref, content: content ?? null })}\n`
  await ports.exports.put(subjectKeys.part(request.id, await partNameOf(finding)), line, 'application/x-ndjson')
  return content === undefined ? { outcome: 'kept', reason: 'gone meanwhile' } : { outcome: 'exported' }
}

/** A key of the file store has 1,024 bytes at most, of which tenant and request take a sixth. */
const LONGEST_PART_NAME = 600

/** The same for the same finding, and for no other one. A reference may be a name in any script, so a long one is told apart by its hash. */
export async function partNameOf({ kind, ref }: Pick<Finding, 'kind' | 'ref'>): Promise<string> {
  const name = `${kind}-${encodeURIComponent(ref.toWellFormed())}`
  if (name.length <= LONGEST_PART_NAME) return name
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(ref)))
  return `${kind}-${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const EXPORTS = {
  document: async (ports, ref) => {
    const record = await ports.documents.find(ref)
    if (record === undefined) return await readIndexed(ports, ref)
    const original = await ports.files.read(fileKeys.original(ref))
    return {
      record,
      text: await textOfDocument(ports, record),
      original: original === undefined || original.length > INLINE_BYTES ? `/api/v1/documents/${ref}/content` : base64(original),
    }
  },
  run: async (ports, ref) => await readRun(ports, ref),
  user: async (ports, ref) => await ports.readRecord('user', ref),
  mailed_code: async (ports, ref) => await ports.readRecord('mailed_code', ref),
  file: async (ports, ref) => {
    const bytes = await ports.files.read(ref)
    return bytes && new TextDecoder().decode(bytes)
  },
  record: async (ports, ref) => await ports.readRecord('record', ref),
  cache: async () => undefined,
} as const satisfies Record<Finding['kind'], (ports: SubjectPorts, ref: string) => Promise<unknown>>

/** A document that was imported into a collection and never stored. */
async function readIndexed(ports: SubjectPorts, documentId: string): Promise<unknown> {
  for (const name of await ports.deletion.collectionDocuments.holding(documentId))
    for await (const document of ports.collections.export(name)) if (document.documentId === documentId) return document
  return undefined
}

function base64(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary)
}

function sum(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}

/** Removes the file of an export whose time is over. Again it changes nothing. */
export async function expireExport(
  ports: Pick<SubjectPorts, 'prefixes'>,
  request: { id: string; endedAt: string },
  now: Date,
): Promise<number> {
  if (now.getTime() - Date.parse(request.endedAt) < EXPORT_KEPT_MS) return 0
  return await ports.prefixes.remove(subjectKeys.of(request.id))
}
