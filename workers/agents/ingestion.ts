import * as z from 'zod'
import { DOCUMENT_FORMATS, type DocumentRecord, fileKeys, fullText, safeFileName } from '../domain/documents'
import { AppError } from '../domain/error'
import type { Ports } from '../domain/ports'
import { defineAgent, defineOperation } from './agent'
import { parseDocument } from './ingestion/parse'
import type { FileTaker } from './ingestion/tools'

/** Characters of text shown where the whole is not needed: lists, events. */
const PREVIEW_CHARACTERS = 500

const ParseInput = z.object({ documentId: z.string().min(1) })

const Attachment = z.object({ documentId: z.string(), name: z.string(), mediaType: z.string() })

const ParseOutput = z.object({
  documentId: z.string(),
  /** The file's name. */
  name: z.string(),
  format: z.enum(DOCUMENT_FORMATS),
  mediaType: z.string(),
  title: z.string().optional(),
  language: z.string().optional(),
  pageCount: z.int(),
  characters: z.int(),
  tableCount: z.int(),
  /** Where the ParsedDocument lies as JSON in the file store. */
  parsedKey: z.string(),
  metadata: z.record(z.string(), z.string()),
  warnings: z.array(z.string()),
  /** Those of the warnings that say what content was not read. */
  unread: z.array(z.string()),
  /** Files found inside, at any depth, each now a stored document of its own. */
  attachments: z.array(Attachment),
  preview: z.string(),
})

const parse = defineOperation({
  summary:
    'Reads a stored file of any supported type into the document model; attachments and archive members become documents of their own.',
  input: ParseInput,
  output: ParseOutput,
  makes: { own: ['documentId', 'format', 'mediaType', 'pageCount', 'characters', 'tableCount', 'parsedKey'] },
  timeoutMs: 5 * 60_000,
  maxConcurrent: 2,
  example: { documentId: 'doc_01933f2e4c8b7d3e9a51c6f0b2d47e18' },
  run: async ({ documentId }, context, ports) => {
    const record = await ports.documents.find(documentId)
    if (record === undefined) throw new AppError('not_found', `There is no document ${documentId}; upload it first.`)
    const bytes = await ports.files.read(record.fileKey)
    if (bytes === undefined) throw new AppError('not_found', `The file of document ${documentId} is gone; upload it again.`)
    const attachments: z.input<typeof Attachment>[] = []
    const take = storeFilesOf(record.id, ports, (child) =>
      attachments.push({ documentId: child.id, name: child.name, mediaType: child.mediaType }),
    )
    const parsed = await parseDocument(bytes, record.name, { ocr: ports.ocr, take, signal: context.signal, progress: context.progress })
    const parsedKey = fileKeys.parsed(documentId)
    await ports.files.put(parsedKey, JSON.stringify(parsed), 'application/json')
    context.provenance('embedded')
    const text = fullText(parsed)
    return {
      documentId,
      name: record.name,
      format: parsed.format,
      mediaType: parsed.mediaType,
      title: parsed.title,
      language: parsed.language,
      pageCount: parsed.pages.length,
      characters: text.length,
      tableCount: parsed.tables.length,
      parsedKey,
      metadata: parsed.metadata,
      warnings: parsed.warnings,
      unread: parsed.unread ?? [],
      attachments,
      preview: text.slice(0, PREVIEW_CHARACTERS),
    }
  },
})

/**
 * Gives the taker that stores files found inside a document. A file that the tenant already has is not stored again: parsing the
 * same mail twice, or two mails with the same attachment, leaves one document. Refuses `over_budget` when the plan has no room for it.
 */
function storeFilesOf(parentId: string, ports: Ports, stored: (child: DocumentRecord) => void): FileTaker {
  return async ({ name, mediaType, bytes }) => {
    const sha256 = await hashBytes(bytes)
    const known = await ports.documents.findByHash(sha256)
    const child = known ?? (await storeFile({ parentId, name, mediaType, bytes, sha256 }, ports))
    if (child.id !== parentId) stored(child)
    return storeFilesOf(child.id, ports, stored)
  }
}

async function storeFile(
  file: { parentId: string; name: string; mediaType: string; bytes: Uint8Array; sha256: string },
  ports: Ports,
): Promise<DocumentRecord> {
  await ports.storage?.requireRoom(file.bytes.length)
  const id = ports.newId('document')
  const record: DocumentRecord = {
    id,
    name: safeFileName(file.name),
    mediaType: file.mediaType,
    size: file.bytes.length,
    sha256: file.sha256,
    source: 'attachment',
    fileKey: fileKeys.original(id),
    createdAt: ports.clock.now().toISOString(),
    parentId: file.parentId,
  }
  // Bytes before the row: a row without bytes would be a document that cannot be read.
  await ports.files.put(record.fileKey, file.bytes, file.mediaType)
  await ports.documents.insert(record)
  return record
}

async function hashBytes(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Reads documents: the first step of nearly every workflow. */
export const ingestion = defineAgent({
  type: 'ingestion',
  summary: 'Reads files of any supported type into pages, blocks, tables and metadata with exact places.',
  operations: { parse },
})
