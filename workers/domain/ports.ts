import type { DocumentRecord } from './documents'
import type { NewId } from './ids'
import type { IndexedDocument, SearchHit, SearchQuery } from './knowledge'
import type { ChatModel, Encoder, Ocr } from './models'
import type { ReportRecord } from './reports'
import type { RunStatus, RunSummary } from './runs'
import type { TenantSettings } from './tenants'
import type { WorkflowVersion } from './workflows'

/** A page of a list: pass `nextCursor` back to go on; absent at the end. */
export interface PageOf<T> {
  items: T[]
  nextCursor?: string
}
export interface PageRequest {
  limit: number
  cursor?: string
}

/** Rows of documents of one tenant. */
export interface Documents {
  insert(document: DocumentRecord): Promise<void>
  find(id: string): Promise<DocumentRecord | undefined>
  findByHash(sha256: string): Promise<DocumentRecord | undefined>
  list(
    page: PageRequest & { createdFrom?: string; createdTo?: string; source?: string; parentId?: string },
  ): Promise<PageOf<DocumentRecord>>
}

/** Bytes by key, below the tenant's prefix. `read` gives undefined for an absent key. */
export interface Files {
  put(key: string, body: ReadableStream<Uint8Array> | Uint8Array | string, mediaType: string): Promise<{ size: number }>
  read(key: string): Promise<Uint8Array | undefined>
  stream(key: string): Promise<{ body: ReadableStream<Uint8Array>; size: number; mediaType: string } | undefined>
  delete(keys: string[]): Promise<void>
}

/** Workflow definitions of one tenant; a version is the hash of its text. Built-in workflows answer too. */
export interface Workflows {
  save(version: WorkflowVersion): Promise<void>
  /** The newest version, or the named one. */
  find(name: string, version?: string): Promise<WorkflowVersion | undefined>
  list(): Promise<WorkflowVersion[]>
}

/** Projected rows of runs, for lists. */
export interface RunIndex {
  /** Inserts or replaces, unless a row of a higher revision is there. */
  upsert(rows: RunSummary[]): Promise<void>
  find(id: string): Promise<RunSummary | undefined>
  list(page: PageRequest & { workflow?: string; status?: RunStatus; createdFrom?: string; createdTo?: string }): Promise<PageOf<RunSummary>>
}

export interface Reports {
  insert(report: ReportRecord): Promise<void>
  find(id: string): Promise<ReportRecord | undefined>
  listByRun(runId: string): Promise<ReportRecord[]>
}

/** One collection's index, by name (`default` unless a workflow says otherwise). */
export interface Knowledge {
  index(collection: string, document: IndexedDocument): Promise<{ chunks: number }>
  search(collection: string, query: SearchQuery): Promise<SearchHit[]>
  remove(collection: string, documentId: string): Promise<void>
}

/** Secrets of a tenant (webhook secrets, mail credentials), encrypted at rest. */
export interface Secrets {
  put(name: string, value: string): Promise<void>
  get(name: string): Promise<string | undefined>
}

/** The one way out: https only (loopback where configuration allows it), no private or link-local address, size and time caps. */
export interface Outbound {
  send(request: {
    url: string
    method: string
    headers?: Record<string, string>
    body?: string
    timeoutMs?: number
  }): Promise<{ status: number; headers: Record<string, string>; body: string }>
}

export interface OutgoingMail {
  from?: string
  to: string[]
  subject: string
  text: string
  html?: string
  messageId?: string
  inReplyTo?: string
  attachments?: { name: string; mediaType: string; content: Uint8Array }[]
}
export interface Mailer {
  /** Resolves with the message id once the next hop has accepted it. */
  send(mail: OutgoingMail): Promise<{ messageId: string }>
}

/** Everything outside that an agent or door may touch, bound to one tenant by `createPorts`. A function asks for the slice it uses. */
export interface Ports {
  tenantId: string
  settings(): Promise<TenantSettings>
  documents: Documents
  files: Files
  workflows: Workflows
  runIndex: RunIndex
  reports: Reports
  knowledge: Knowledge
  secrets: Secrets
  outbound: Outbound
  mailer: Mailer
  encoder: Encoder
  ocr: Ocr
  /** Absent when no provider is configured: skills then take their embedded way. */
  chatModel: ChatModel | undefined
  clock: { now(): Date }
  newId: NewId
}
