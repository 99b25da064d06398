import type { Finding, Phase } from './data-subjects'
import { subjectKeys } from './data-subjects'
import { type DocumentRecord, fileKeys } from './documents'
import { AppError, unwrap } from './error'
import type { FilePrefixes } from './file-prefixes'
import type { Collections, Documents, Files, Reports, RunIndex } from './ports'
import type { RunControl } from './run-control'
import { readSealed, type SealedFields } from './sealed-fields'
import { type SubjectMatcher, textsOf } from './subject-matching'

/** A row that may name a person. */
export interface SubjectRecord {
  kind: Extract<Finding['kind'], 'user' | 'mailed_code' | 'record'>
  ref: string
  texts: string[]
}

export interface SearchPorts {
  documents: Pick<Documents, 'find' | 'list'>
  files: Pick<Files, 'read'>
  prefixes: Pick<FilePrefixes, 'list'>
  collections: Pick<Collections, 'list' | 'export'>
  runIndex: Pick<RunIndex, 'list'>
  runs: Pick<RunControl, 'get' | 'steps' | 'events' | 'event'>
  reports: Pick<Reports, 'find'>
  sealedFields: SealedFields
  /** A page of rows of accounts and settings; undefined `cursor` at the end. */
  listRecords(cursor: string | undefined): Promise<{ records: SubjectRecord[]; cursor?: string }>
}

/** What one portion of a search came to. Without a cursor the place is done. */
export interface Portion {
  found: Pick<Finding, 'kind' | 'ref'>[]
  scanned: Record<string, number>
  cursor?: string
}

/** `documents`: in which the person was found before. */
type Search = (ports: SearchPorts, matcher: SubjectMatcher, cursor: string | undefined, documents: ReadonlySet<string>) => Promise<Portion>

/** Documents and runs of one portion: each is a few requests. */
const PAGE = 20
const FILES = 50
const EVENTS = 500

/** A portion of the search of one place. */
export const SEARCHES = {
  documents: async (ports, matcher, cursor) => {
    const page = await ports.documents.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) })
    const portion: Portion = { found: [], scanned: { documents: page.items.length, documentsNotRead: 0 } }
    for (const record of page.items) {
      const text = await textOfDocument(ports, record)
      if (text === undefined) portion.scanned.documentsNotRead = (portion.scanned.documentsNotRead ?? 0) + 1
      // The bytes of an attachment are in the mail too, so the whole mail is found.
      if (matcher.finds(`${record.name}\n${text ?? ''}`)) portion.found.push({ kind: 'document', ref: await rootOf(ports, record) })
    }
    return page.nextCursor === undefined ? portion : { ...portion, cursor: page.nextCursor }
  },
  collections: async (ports, matcher, cursor) => {
    const page = await ports.collections.list({ limit: 1, ...(cursor !== undefined && { cursor }) })
    const portion: Portion = { found: [], scanned: { collections: page.items.length, indexedDocuments: 0 } }
    for (const { name } of page.items) {
      for await (const document of ports.collections.export(name)) {
        portion.scanned.indexedDocuments = (portion.scanned.indexedDocuments ?? 0) + 1
        if (!matcher.finds(textsOf(document))) continue
        const record = await ports.documents.find(document.documentId)
        portion.found.push({ kind: 'document', ref: record === undefined ? document.documentId : await rootOf(ports, record) })
      }
    }
    return page.nextCursor === undefined ? portion : { ...portion, cursor: page.nextCursor }
  },
  runs: async (ports, matcher, cursor, documents) => {
    const page = await ports.runIndex.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) })
    const portion: Portion = { found: [], scanned: { runs: page.items.length } }
    for (const summary of page.items) {
      // What a run made of a document of the person is about the person, whether or not it names them in the same way.
      const isOfTheirs = summary.documentId !== undefined && documents.has(await rootIdOf(ports, summary.documentId))
      if (isOfTheirs || matcher.finds(textsOf([summary, await readRun(ports, summary.id)])))
        portion.found.push({ kind: 'run', ref: summary.id })
    }
    return page.nextCursor === undefined ? portion : { ...portion, cursor: page.nextCursor }
  },
  reports: async (ports, matcher, cursor) => {
    const keys = await ports.prefixes.list('reports/', { limit: FILES, ...(cursor !== undefined && { after: cursor }) })
    const portion: Portion = { found: [], scanned: { reportFiles: keys.length } }
    for (const key of keys) {
      const report = await ports.reports.find(key.split('/')[1] ?? '')
      if (report === undefined || !matcher.finds(`${report.title}\n${(await textOfFile(ports, key)) ?? ''}`)) continue
      portion.found.push({ kind: 'run', ref: report.runId })
    }
    return paged(portion, keys)
  },
  files: async (ports, matcher, cursor) => {
    const keys = await ports.prefixes.list('', { limit: FILES, ...(cursor !== undefined && { after: cursor }) })
    const portion: Portion = { found: [], scanned: { files: keys.length } }
    for (const key of keys) {
      // Searched by what they belong to.
      if (/^(documents|runs|reports)\//.test(key)) continue
      const isFound = key.startsWith(subjectKeys.all) || TEXT_FILE.test(key)
      if (isFound && matcher.finds(`${key}\n${(await textOfFile(ports, key)) ?? ''}`)) portion.found.push({ kind: 'file', ref: key })
    }
    return paged(portion, keys)
  },
  records: async (ports, matcher, cursor) => {
    const { records, cursor: next } = await ports.listRecords(cursor)
    const found = records.filter(({ texts }) => matcher.finds(texts.join('\n'))).map(({ kind, ref }) => ({ kind, ref }))
    return { found, scanned: { records: records.length }, ...(next !== undefined && { cursor: next }) }
  },
} as const satisfies Record<Exclude<Phase, 'act' | 'done'>, Search>

const TEXT_FILE = /\.(json|ndjson|csv|html|txt|yaml)$/
const TEXT_TYPE = /^(text\/|message\/|application\/(json|xml|rtf|x-ndjson))/

const paged = (portion: Portion, keys: readonly string[]): Portion => {
  const last = keys.at(-1)
  return keys.length < FILES || last === undefined ? portion : { ...portion, cursor: last }
}

async function rootIdOf(ports: Pick<SearchPorts, 'documents'>, documentId: string): Promise<string> {
  const record = await ports.documents.find(documentId)
  return record === undefined ? documentId : await rootOf(ports, record)
}

/** The document in which it was found, or itself. */
async function rootOf({ documents }: Pick<SearchPorts, 'documents'>, record: DocumentRecord): Promise<string> {
  let root = record
  while (root.parentId !== undefined) {
    const parent = await documents.find(root.parentId)
    if (parent === undefined) break
    root = parent
  }
  return root.id
}

/** All that is legible of a document; undefined for one whose format nobody has read. */
export async function textOfDocument(ports: Pick<SearchPorts, 'files'>, record: DocumentRecord): Promise<string | undefined> {
  const parsed = await ports.files.read(fileKeys.parsed(record.id))
  const original = record.source !== 'part' && TEXT_TYPE.test(record.mediaType) ? await ports.files.read(record.fileKey) : undefined
  const texts = [parsed && textsOf(JSON.parse(decoded(parsed))), original && decoded(original)].filter((text) => text !== undefined)
  return texts.length === 0 ? undefined : texts.join('\n')
}

/** The texts of a file of ours; undefined for one that is no text. */
async function textOfFile(ports: Pick<SearchPorts, 'files'>, key: string): Promise<string | undefined> {
  if (!TEXT_FILE.test(key)) return undefined
  const bytes = await ports.files.read(key)
  if (bytes === undefined) return undefined
  const text = decoded(bytes)
  return key.endsWith('.json') ? textsOf(JSON.parse(text)) : `${text}\n${text.replace(/<[^>]*>/g, ' ')}`
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** All that a run's object and files hold, with what was sealed opened; undefined for one whose object is gone. */
export async function readRun(ports: Pick<SearchPorts, 'runs' | 'files' | 'sealedFields'>, runId: string): Promise<unknown> {
  const view = await ports.runs.get(runId)
  if (!view.ok && view.error.code === 'not_found') return undefined
  const steps = unwrap(await ports.runs.steps(runId))
  const outputs: unknown[] = []
  for (const { outputRef } of steps) {
    const bytes = outputRef === undefined ? undefined : await ports.files.read(outputRef)
    if (bytes !== undefined) outputs.push(JSON.parse(decoded(bytes)))
  }
  const whole = JSON.stringify({ view: unwrap(view), steps, outputs, events: await readEvents(ports, runId) })
  return JSON.parse(await readSealed(whole, ports.sealedFields))
}

async function readEvents({ runs }: Pick<SearchPorts, 'runs'>, runId: string): Promise<unknown[]> {
  const events: unknown[] = []
  for (let after = 0; ; ) {
    const page = unwrap(await runs.events(runId, { after, limit: EVENTS }))
    for (const event of page) {
      const { body } = event
      const isLong = typeof body === 'object' && body !== null && 'ref' in body
      events.push(isLong ? unwrap(await runs.event(runId, event.seq)) : event)
    }
    const last = page.at(-1)
    if (last === undefined) return events
    if (last.seq <= after) throw new AppError('internal', 'The log of a run did not go on.')
    after = last.seq
  }
}
