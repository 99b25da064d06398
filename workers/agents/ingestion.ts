import * as z from 'zod'
import { DOCUMENT_FORMATS, type DocumentRecord, fileKeys, fullText, type ParsedDocument, safeFileName } from '../domain/documents'
import { AppError } from '../domain/error'
import type { Ports } from '../domain/ports'
import { defineAgent, defineOperation } from './agent'
import { readParsed } from './analysis/parsed'
import { openByteStream } from './ingestion/byte-stream'
import { MAX_BYTES_AT_ONCE } from './ingestion/limits'
import { parseDocument, parseLongText } from './ingestion/parse'
import type { FurtherPart, Keeping, ParseTools } from './ingestion/tools'

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
  /** 1, or more for a document that is too long for one part: all else here is of the first, but for the warnings and metadata. */
  parts: z.int().min(1),
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
  makes: { own: ['documentId', 'format', 'mediaType', 'pageCount', 'characters', 'tableCount', 'parts', 'parsedKey'] },
  timeoutMs: 10 * 60_000,
  maxConcurrent: 2,
  example: { documentId: 'doc_01933f2e4c8b7d3e9a51c6f0b2d47e18' },
  run: async ({ documentId }, context, ports) => {
    const record = await ports.documents.find(documentId)
    if (record === undefined) throw new AppError('not_found', `There is no document ${documentId}; upload it first.`)
    const attachments: z.input<typeof Attachment>[] = []
    const keeping = keepingFor(record, ports, ({ id, name, mediaType }) => attachments.push({ documentId: id, name, mediaType }))
    const tools = { ocr: ports.ocr, ...keeping, signal: context.signal, progress: context.progress }
    const parsed = record.source === 'part' ? await readParsed(ports, documentId) : await parseStored(record, ports, tools)
    const parsedKey = fileKeys.parsed(documentId)
    if (record.source !== 'part') await ports.files.put(parsedKey, JSON.stringify(parsed), 'application/json')
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
      parts: 1 + (parsed.parts ?? 0),
      parsedKey,
      metadata: parsed.metadata,
      warnings: parsed.warnings,
      unread: parsed.unread ?? [],
      attachments,
      preview: text.slice(0, PREVIEW_CHARACTERS),
    }
  },
})

/** Reads a stored file; long tables and texts as they come out of the store, all else as a whole. */
async function parseStored({ id, name, fileKey, size }: DocumentRecord, { files }: Ports, tools: ParseTools): Promise<ParsedDocument> {
  const gone = () => new AppError('not_found', `The file of document ${id} is gone; upload it again.`)
  if (size > MAX_BYTES_AT_ONCE) {
    const stored = await files.stream(fileKey)
    if (stored === undefined) throw gone()
    const source = await openByteStream(stored.body, stored.size)
    const parsed = await parseLongText(source, name, tools)
    if (parsed !== undefined) return parsed
    await source.close()
  }
  const bytes = await files.read(fileKey)
  if (bytes === undefined) throw gone()
  return await parseDocument(bytes, name, tools)
}

/**
 * Gives who stores files found inside a document, and its further parts. A file that the tenant already has is not stored again: parsing
 * the same mail twice, or two mails with the same attachment, leaves one document. Refuses `over_budget` when the plan has no room for it.
 */
function keepingFor(parent: DocumentRecord, ports: Ports, stored: (child: DocumentRecord) => void): Keeping {
  return {
    async take({ name, mediaType, bytes }) {
      const sha256 = await hashBytes(bytes)
      const known = await ports.documents.findByHash(sha256)
      const child = known ?? (await storeFile({ parentId: parent.id, name, mediaType, bytes, sha256 }, ports))
      if (child.id !== parent.id) stored(child)
      return keepingFor(child, ports, stored)
    },
    keepPart: (part) => storePart(parent, part, ports),
  }
}

/** Stores a part under an id that follows from the document's: read again it takes its own place. */
async function storePart(parent: DocumentRecord, { number, label, document }: FurtherPart, ports: Ports): Promise<void> {
  const json = new TextEncoder().encode(JSON.stringify(document))
  const id = `doc_${(await hashBytes(new TextEncoder().encode(`${parent.id}\n${number}`))).slice(0, 32)}`
  await ports.files.put(fileKeys.parsed(id), json, 'application/json')
  if ((await ports.documents.find(id)) !== undefined) return
  await ports.documents.insert({
    id,
    name: `${parent.name} (${label})`,
    mediaType: parent.mediaType,
    size: 0,
    sha256: await hashBytes(json),
    source: 'part',
    fileKey: parent.fileKey,
    createdAt: ports.clock.now().toISOString(),
    parentId: parent.id,
  })
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
