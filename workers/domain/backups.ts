import * as z from 'zod'
import { INSTALLATION } from './audit'
import type { Residency } from './placement'
import type { PlanName } from './plans'

/** Grows when a reader of the former would misunderstand the file. */
export const BACKUP_FORMAT = 1

export const OBJECT_CLASSES = ['Tenant', 'Knowledge', 'Run'] as const
export type ObjectClass = (typeof OBJECT_CLASSES)[number]

const Count = z.int().min(0)
/** What a file holds in all; its last part says it, and a restore counts again. */
export const BackupCounts = z.object({
  /** Rows by table of D1. */
  rows: z.record(z.string(), Count),
  /** Whole objects by class. */
  objects: z.record(z.string(), Count),
  files: Count,
  fileBytes: Count,
})
export type BackupCounts = z.infer<typeof BackupCounts>
export const noCounts = (): BackupCounts => ({ rows: {}, objects: {}, files: 0, fileBytes: 0 })

/** A file of R2 that goes up in parts. */
export interface OpenUpload {
  bucket: string
  key: string
  uploadId: string
  parts: { partNumber: number; etag: string }[]
}

/** Names of objects and keys of files begin with it: with a slash in it, or as another's name, it would reach into what is another's. */
const TenantId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/)
  .refine((id) => id !== INSTALLATION, 'is no tenant')

/** First part of every file: what it is, and what it takes to read it. */
export const Manifest = z.object({
  kind: z.literal('manifest'),
  format: z.int(),
  /** Of this backup. */
  id: z.string().regex(/^bak_[0-9a-f-]{36}$/),
  /** Absent: a whole installation. */
  tenantId: TenantId.optional(),
  createdAt: z.iso.datetime(),
  /** Migrations that were applied to D1 where it was made. */
  migrations: z.array(z.string()),
  /** Tables of D1 that are in it. */
  tables: z.array(z.string()),
})
export type Manifest = z.infer<typeof Manifest>

const Columns = z.array(z.string().regex(/^[a-z][a-z0-9_]*$/))
/** What a part says of its body. */
export const PartHead = z.discriminatedUnion('kind', [
  Manifest,
  /** Data keys of the tenant, sealed with the archive key. Body: lines of JSON. */
  z.object({ kind: z.literal('keys'), rows: Count }),
  /** Rows of a table of D1. Body: a JSON array a line, blobs in hexadecimal. */
  z.object({ kind: z.literal('rows'), table: z.string(), columns: Columns, rows: Count }),
  /** A page of an object; page 0 begins it, or begins it anew. Body: lines of `DumpPage`. */
  z.object({
    ...{ kind: z.literal('object'), class: z.enum(OBJECT_CLASSES), tenantId: z.string(), name: z.string() },
    ...{ page: Count, isLast: z.boolean(), rows: Count, sequences: z.record(z.string(), Count).optional() },
  }),
  /** Bytes of a file of R2 from `offset`; offset 0 begins it, or begins it anew. */
  z.object({
    ...{ kind: z.literal('file'), bucket: z.string(), key: z.string().min(1).max(1_024), offset: Count, size: Count },
    ...{ mediaType: z.string().optional(), metadata: z.record(z.string(), z.string()).optional() },
  }),
  z.object({ kind: z.literal('end'), counts: BackupCounts }),
])
export type PartHead = z.infer<typeof PartHead>

/** How far a restore is. */
export interface RestoreProgress {
  id: string
  /** Parts of the file that were taken; the next one is to be sent. */
  parts: number
  /** Objects that lie still; once all parts are there, each further request awakens some. */
  still: number
  isFinished: boolean
  /** Of an archive. */
  tenantId?: string
  counts: BackupCounts
}

/** What the operator who imports a tenant decides: none of it is taken from the archive. */
export interface ImportTerms {
  archiveKey: Uint8Array<ArrayBuffer>
  /** Absent: the plan that every tenant begins with. Counts with the request that makes the import whole, and with later ones. */
  plan?: PlanName
  /** The id of the tenant must be of this one; absent: `none`. */
  residency?: Residency
}

/** Backups and archives, as doors use them. */
export interface Backups {
  /** A stretch of the file from a cursor; `''` begins. It ends with the end of the file, or with the cursor of the next stretch. */
  write(cursor: string): ReadableStream<Uint8Array>
  /** A stretch of the file of one tenant, whose data keys are sealed with the archive key. */
  writeTenant(tenantId: string, archiveKey: Uint8Array<ArrayBuffer>, cursor: string): ReadableStream<Uint8Array>
  /** Takes parts in their order, any number; those that were taken already change nothing. */
  take(body: AsyncIterable<Uint8Array>, restoreId: string | undefined): Promise<RestoreProgress>
  takeTenant(body: AsyncIterable<Uint8Array>, restoreId: string | undefined, terms: ImportTerms): Promise<RestoreProgress>
}
