import type { Purse } from './budgets'
import type { Classifiers } from './classifiers'
import type { Datasets } from './datasets'
import type { DocumentRecord } from './documents'
import type { Result } from './error'
import type { Evaluations } from './evaluations'
import type { NewId } from './ids'
import type {
  CollectionRecord,
  CollectionStats,
  ExportedDocument,
  HeldDocument,
  IndexedDocument,
  RerankedText,
  SearchOutcome,
  SearchQuery,
} from './knowledge'
import type { GraphPage, GraphRequest } from './knowledge-graph'
import type { ChatModel, Encoder, Ocr, Payer } from './models'
import type { PromptBook } from './prompts'
import type { ReportRecord } from './reports'
import type { RunControl } from './run-control'
import type { RunStatus, RunSummary } from './runs'
import type { SealedFields } from './sealed-fields'
import type { TenantStorage } from './tenant-storage'
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
  /**
   * Takes a mark that only one document may bear, and gives who bears it: `documentId`, or the document that took it before and is
   * still there. Of two that take it at once both are told the same one.
   */
  claimFingerprint(fingerprint: string, documentId: string): Promise<string>
  list(
    page: PageRequest & { createdFrom?: string; createdTo?: string; source?: string; notSource?: string; parentId?: string },
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

/** One collection's index, by name (`default` unless a workflow says otherwise). Indexing into a collection makes it. */
export interface Knowledge {
  /** `vectors`: `later` finds the document by its words until the collection has made them in the background; `now` unless given. */
  index(collection: string, document: IndexedDocument, options?: { payer?: Payer; vectors?: 'now' | 'later' }): Promise<{ chunks: number }>
  /**
   * The best passages and how they were found. An encoder, vector store or reranker that is dead or slow costs its stage, never
   * the answer: the trace is then `degraded`. Throws `invalid` for a query that breaks its schema, `unavailable` when the collection itself cannot answer.
   */
  search(collection: string, query: SearchQuery, options?: { payer?: Payer }): Promise<SearchOutcome>
  /** A page of the collection's graph. Throws `invalid` for a request that breaks its schema. */
  graph(collection: string, request: GraphRequest): Promise<GraphPage>
  /** Removes a document with all that was made of it; `removed` is false for one that is not there. */
  remove(collection: string, documentId: string): Promise<{ removed: boolean }>
}

/** The collections of one tenant as wholes; their names are their ids. */
export interface Collections {
  /** Makes a collection, or gives the one that is there. */
  create(name: string): Promise<CollectionRecord>
  list(page: PageRequest): Promise<PageOf<CollectionRecord>>
  find(name: string): Promise<(CollectionRecord & CollectionStats) | undefined>
  /** Whether there is one, without asking it what it holds. */
  has(name: string): Promise<boolean>
  /** Removes a collection and all that it holds; one that is not there is no error. */
  delete(name: string): Promise<void>
  /** All documents, one at a time, in order of their ids. A document that is replaced meanwhile comes in one of its versions. */
  export(name: string): AsyncIterable<ExportedDocument>
  /** Makes new vectors with the tenant's encoder in the background; does nothing when all are of it. */
  reembed(name: string): Promise<void>
}

/** What the collections of one tenant hold, document by document. */
export interface CollectionDocuments {
  /** In order of their ids. */
  list(collection: string, page: PageRequest): Promise<PageOf<HeldDocument>>
  /** Names of the collections that may hold a document: every one that does is among them. */
  holding(documentId: string): Promise<string[]>
  /**
   * Takes exported documents in place of what the collection holds under their ids, and gives what became of each: taken, unchanged
   * because it is there already word for word, or refused as `invalid` or `too_large`. Their vectors are made in the background.
   */
  import(collection: string, documents: readonly ExportedDocument[]): Promise<Result<{ chunks: number; isUnchanged: boolean }>[]>
}

/** Reads a question together with each text and says how well they fit; one score a text, in any order. */
export interface Reranker {
  readonly model: string
  rerank(question: string, texts: string[], signal: AbortSignal): Promise<RerankedText[]>
}

/** A secret with the hosts that it may be sent to; without hosts it may be sent to any. */
export interface StoredSecret {
  value: string
  hosts?: readonly string[]
}

/** Secrets of a tenant (webhook secrets, mail credentials), encrypted at rest. */
export interface Secrets {
  /** Without `hosts` those that the name has stay. */
  put(name: string, value: string, hosts?: readonly string[]): Promise<void>
  /** The value alone: for what is sent nowhere. */
  get(name: string): Promise<string | undefined>
  /** For whoever sends it: `assertSecretMayGo` before that. */
  find(name: string): Promise<StoredSecret | undefined>
  /** By name, without values. */
  list(): Promise<{ name: string; hosts?: readonly string[] }[]>
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
  collections: Collections
  secrets: Secrets
  /** Seals and opens values that a schema marks as personal data; absent: such values are refused. */
  sealedFields?: SealedFields
  outbound: Outbound
  mailer: Mailer
  encoder: Encoder
  ocr: Ocr
  /** Absent when no provider is configured: skills then take their embedded way. */
  chatModel: ChatModel | undefined
  /** The tenant's versions of prompts. */
  prompts: PromptBook
  /** Remembers the class that a document was found to be of, for retention and counts; absent: nobody asks. */
  documentClasses?: { note(documentId: string, documentClass: string): Promise<void> }
  classifiers: Classifiers
  datasets: Datasets
  evaluations: Evaluations
  /** Runs that a step starts and watches; they take no room of their own beside the run of the step. Absent: none can be started. */
  runs?: Pick<RunControl, 'start' | 'get'>
  /** Pays for calls that cost; absent: nothing is charged. */
  purse?: Purse
  /** Bytes that are stored, held against the plan; absent: nobody counts them. */
  storage?: TenantStorage
  clock: { now(): Date }
  newId: NewId
}
