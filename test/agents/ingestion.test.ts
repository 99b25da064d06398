import { describe, expect, it } from 'vitest'
import type { StepContext } from '../../workers/agents/agent'
import { ingestion } from '../../workers/agents/ingestion'
import { type DocumentRecord, fileKeys, ParsedDocument } from '../../workers/domain/documents'
import { AppError } from '../../workers/domain/error'
import type { Ports } from '../../workers/domain/ports'
import type { TenantStorage } from '../../workers/domain/tenant-storage'
import { encode, zipOf } from './ingestion/build-files'

/** Documents and files in memory; the other ports are never touched by ingestion. */
function memoryPorts() {
  const rows = new Map<string, DocumentRecord>()
  const files = new Map<string, Uint8Array>()
  let next = 0
  const ports = {
    documents: {
      insert: async (record: DocumentRecord) => {
        rows.set(record.id, record)
      },
      find: async (id: string) => rows.get(id),
      findByHash: async (sha256: string) => [...rows.values()].find((row) => row.sha256 === sha256),
      claimFingerprint: async (_: string, documentId: string) => documentId,
      list: async () => ({ items: [...rows.values()] }),
    },
    files: {
      put: async (key: string, body: Uint8Array | string) => {
        files.set(key, typeof body === 'string' ? encode(body) : body)
        return { size: body.length }
      },
      read: async (key: string) => files.get(key),
      stream: async (key: string) => {
        const bytes = files.get(key)
        return bytes && { body: new Blob([Uint8Array.from(bytes)]).stream(), size: bytes.length, mediaType: 'text/csv' }
      },
      delete: async (keys: string[]) => {
        for (const key of keys) files.delete(key)
      },
    },
    clock: { now: () => new Date('2026-03-05T12:00:00Z') },
    newId: () => `doc_${++next}`,
  } as Partial<Ports> as Ports
  const upload = (name: string, bytes: Uint8Array) => {
    const record: DocumentRecord = {
      id: 'doc_up',
      name,
      mediaType: 'application/octet-stream',
      size: bytes.length,
      sha256: 'unknown',
      source: 'upload',
      fileKey: 'documents/doc_up/original',
      createdAt: '2026-03-05T12:00:00Z',
    }
    rows.set(record.id, record)
    files.set(record.fileKey, bytes)
  }
  return { ports, rows, files, upload }
}

const context = { signal: new AbortController().signal, progress: () => {}, provenance: () => {} } as Partial<StepContext> as StepContext
const { parse } = ingestion.operations

describe('ingestion.parse', () => {
  it('refuses a member for which the plan has no room, and stores nothing of it', async () => {
    const { ports, rows, upload } = memoryPorts()
    const full = new AppError('over_budget', 'The plan has no room.', { reason: 'plan_storageBytes' })
    const asked: number[] = []
    const storage: TenantStorage = {
      used: async () => 0,
      requireRoom: async (bytes) => {
        asked.push(bytes)
        throw full
      },
    }
    upload('all.zip', zipOf({ 'note.txt': encode(`Delivery note ${'with words '.repeat(10)}`) }))
    await expect(parse?.run({ documentId: 'doc_up' }, context, { ...ports, storage })).rejects.toBe(full)
    expect(asked).toEqual([expect.any(Number)])
    expect([...rows.keys()]).toEqual(['doc_up'])
  })

  it('stores the parsed document and tells about it', async () => {
    const { ports, files, upload } = memoryPorts()
    upload('note.md', encode('# Title\n\nPlease send us the invoice for the order that you have on your list.'))
    const output = parse!.output.parse(await parse!.run({ documentId: 'doc_up' }, context, ports))
    expect(output).toMatchObject({
      documentId: 'doc_up',
      format: 'markdown',
      title: 'Title',
      language: 'en',
      pageCount: 1,
      tableCount: 0,
      attachments: [],
      preview: expect.stringContaining('Title'),
    })
    const stored = ParsedDocument.parse(JSON.parse(new TextDecoder().decode(files.get(fileKeys.parsed('doc_up')))))
    expect(stored.blocks).toHaveLength(2)
  })

  it('makes files inside documents of their own, each below the one that holds it', async () => {
    const { ports, rows, files, upload } = memoryPorts()
    upload('all.zip', zipOf({ 'a.txt': 'hello there', 'inner.zip': zipOf({ '../b.txt': 'inside' }) }))
    const output = await parse!.run({ documentId: 'doc_up' }, context, ports)
    expect(output).toMatchObject({
      attachments: [
        { name: 'a.txt', mediaType: 'text/plain' },
        { name: 'inner.zip', mediaType: 'application/zip' },
        { name: 'b.txt', mediaType: 'text/plain' },
      ],
    })
    const byName = new Map([...rows.values()].map((row) => [row.name, row]))
    expect(byName.get('a.txt')).toMatchObject({
      source: 'attachment',
      parentId: 'doc_up',
      sha256: '12998c017066eb0d2a70b94e6ed3192985855ce390f321bbdb832022888bd251',
    })
    expect(byName.get('b.txt')?.parentId).toBe(byName.get('inner.zip')?.id)
    expect(new TextDecoder().decode(files.get(byName.get('b.txt')!.fileKey))).toBe('inside')
  })

  it('stores no file twice when the step is repeated', async () => {
    const { ports, rows, upload } = memoryPorts()
    upload('all.zip', zipOf({ 'a.txt': 'hello there', 'copy.txt': 'hello there' }))
    await parse!.run({ documentId: 'doc_up' }, context, ports)
    await parse!.run({ documentId: 'doc_up' }, context, ports)
    expect(rows.size).toBe(2)
  })

  it('reads a long table out of the store as it comes, its further rows as parts, and those again in their places', async () => {
    const { ports, rows, files, upload } = memoryPorts()
    const lines = Array.from({ length: 200_000 }, (_, index) => `${index};order number ${index};customer with a long name ${index % 97}`)
    upload('orders.csv', encode(`id;order;customer\n${lines.join('\n')}`))
    const readWhole: string[] = []
    const read = async (key: string) => {
      readWhole.push(key)
      return await ports.files.read(key)
    }
    const watching = { ...ports, files: { ...ports.files, read } }
    const output = parse!.output.parse(await parse!.run({ documentId: 'doc_up' }, context, watching))
    const parts = [...rows.values()].filter(({ source }) => source === 'part')
    expect(readWhole).toEqual([])
    expect(output).toMatchObject({ format: 'csv', parts: parts.length + 1, unread: [], metadata: { rows: '200000' } })
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) expect(part).toMatchObject({ parentId: 'doc_up', size: 0, fileKey: 'documents/doc_up/original' })
    expect(parts[0]?.name).toMatch(/^orders\.csv \(rows 5,001–/)
    const stored = ParsedDocument.parse(JSON.parse(new TextDecoder().decode(files.get(fileKeys.parsed(parts.at(-1)!.id)))))
    expect(stored.tables[0]?.rows.at(-1)).toEqual(lines.at(-1)?.split(';'))

    await parse!.run({ documentId: 'doc_up' }, context, ports)
    expect([...rows.values()].filter(({ source }) => source === 'part')).toEqual(parts)
    expect(await parse!.run({ documentId: parts[0]!.id }, context, ports)).toMatchObject({
      documentId: parts[0]!.id,
      parts: 1,
      format: 'csv',
    })
  })

  it('refuses a document that is not there, and a broken one with its reason', async () => {
    const { ports, upload } = memoryPorts()
    await expect(parse!.run({ documentId: 'doc_none' }, context, ports)).rejects.toMatchObject({ code: 'not_found' })
    upload('broken.pdf', encode('%PDF-1.4\ncut'))
    await expect(parse!.run({ documentId: 'doc_up' }, context, ports)).rejects.toMatchObject({ code: 'invalid', reason: 'truncated' })
  })
})
