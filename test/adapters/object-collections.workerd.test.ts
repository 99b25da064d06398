import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { createObjectCollectionDocuments, createObjectCollections } from '../../workers/adapters/object-collections'
import { createObjectKnowledge } from '../../workers/adapters/object-knowledge'
import type { IndexedDocument } from '../../workers/domain/knowledge'
import type { Encoder } from '../../workers/domain/models'
import { migrate } from './d1-bindings'

const { KNOWLEDGE: namespace, DB: binding } = env as { KNOWLEDGE: DurableObjectNamespace<Knowledge>; DB: D1Database }
const encoder: Encoder = { model: 'one', dimensions: 2, embed: async (texts) => texts.map(() => [1, 0]) }

beforeAll(migrate)

const open = (tenantId: string) => {
  const collections = createObjectCollections({ binding, tenantId, namespace, encoder: async () => encoder })
  const knowledge = createObjectKnowledge({
    tenantId,
    namespace,
    encoder: async () => encoder,
    register: (name) => collections.create(name),
  })
  return { collections, knowledge }
}
const openDocuments = (tenantId: string) => createObjectCollectionDocuments({ binding, tenantId, namespace, encoder: async () => encoder })
const document = (documentId: string, text: string): IndexedDocument => ({
  documentId,
  name: documentId,
  metadata: { class: 'note', tags: ['a', 'b'], date: '2026-03-01' },
  chunks: [{ id: `${documentId}_0`, text, context: 'Heading', span: { page: 1, start: 0, end: text.length, quote: text } }],
})

describe('collections', () => {
  it('are made by the first document, once, and listed by name', async () => {
    const { collections, knowledge } = open('ten_list')
    for (const name of ['notes', 'bills', 'notes']) await knowledge.index(name, document('doc_a', 'text'))
    await collections.create('contracts')
    const first = await collections.list({ limit: 2 })
    expect(first.items.map(({ name }) => name)).toEqual(['bills', 'contracts'])
    const second = await collections.list({ limit: 2, ...(first.nextCursor !== undefined && { cursor: first.nextCursor }) })
    expect(second).toMatchObject({ items: [{ name: 'notes' }] })
    expect(second.nextCursor).toBeUndefined()
    expect((await open('ten_other').collections.list({ limit: 10 })).items).toEqual([])
  })

  it('tell what they hold', async () => {
    const { collections, knowledge } = open('ten_find')
    expect(await collections.find('notes')).toBeUndefined()
    await knowledge.index('notes', document('doc_a', 'text'))
    expect(await collections.find('notes')).toMatchObject({
      name: 'notes',
      documents: 1,
      chunks: 1,
      encoder: { model: 'one', dimensions: 2 },
    })
  })

  it('are refused under a name that is none', async () => {
    const { collections, knowledge } = open('ten_names')
    for (const name of ['', '../x', 'a/b', ' x', 'n'.repeat(101)])
      await expect(collections.create(name)).rejects.toMatchObject({ code: 'invalid' })
    await expect(knowledge.index('a/b', document('doc_a', 'text'))).rejects.toMatchObject({ code: 'invalid' })
  })

  it('are deleted with all that they hold, also twice', async () => {
    const { collections, knowledge } = open('ten_delete')
    await knowledge.index('notes', document('doc_a', 'invoice'))
    await collections.delete('notes')
    await collections.delete('notes')
    expect(await collections.find('notes')).toBeUndefined()
    expect((await knowledge.search('notes', { text: 'invoice', limit: 5 })).hits).toEqual([])
  })

  it('come back whole when what was exported is indexed elsewhere', async () => {
    const { collections, knowledge } = open('ten_export')
    const ids = Array.from({ length: 11 }, (_, at) => `doc_${String(at).padStart(2, '0')}`)
    for (const id of ids) await knowledge.index('notes', document(id, `text of ${id}`))
    const lines: string[] = []
    for await (const exported of collections.export('notes')) lines.push(JSON.stringify(exported))
    expect(lines).toHaveLength(11)
    for (const line of lines) await knowledge.index('copy', JSON.parse(line) as IndexedDocument)
    const query = { text: 'doc_07', limit: 1, filter: { tags: 'b' } }
    const [original] = (await knowledge.search('notes', query)).hits
    expect((await knowledge.search('copy', query)).hits).toEqual([original])
    await expect(collections.export('nowhere')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('documents of a collection', () => {
  it('are listed by their ids, page by page', async () => {
    const { knowledge } = open('ten_documents')
    for (const id of ['doc_c', 'doc_a', 'doc_b']) await knowledge.index('notes', document(id, `text of ${id}`))
    const documents = openDocuments('ten_documents')
    const first = await documents.list('notes', { limit: 2 })
    expect(first).toMatchObject({ items: [{ documentId: 'doc_a', name: 'doc_a', chunks: 1, metadata: { tags: ['a', 'b'] } }, {}] })
    const second = await documents.list('notes', { limit: 2, ...(first.nextCursor !== undefined && { cursor: first.nextCursor }) })
    expect(second).toMatchObject({ items: [{ documentId: 'doc_c' }] })
    expect(second.nextCursor).toBeUndefined()
  })

  it('are imported once: again, what is there word for word stays, and what has changed comes in its place', async () => {
    const { collections, knowledge } = open('ten_import')
    await collections.create('copy')
    const documents = openDocuments('ten_import')
    const given = [document('doc_a', 'the invoice is overdue'), { ...document('doc_b', 'x'), metadata: { tags: ['b', 'a', 'b'] } }]
    const bad = { ...document('doc_c', 'text'), metadata: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`fact ${n}`, 'x'])) }
    const results = await documents.import('copy', [...given, bad])
    expect(results).toMatchObject([
      { ok: true, value: { chunks: 1, isUnchanged: false } },
      { ok: true, value: { isUnchanged: false } },
      { ok: false, error: { code: 'invalid', message: expect.stringContaining('64 entries') } },
    ])
    expect((await knowledge.search('copy', { text: 'overdue', limit: 5 })).hits).toMatchObject([{ documentId: 'doc_a' }])
    const changed = document('doc_a', 'the invoice is paid')
    expect(await documents.import('copy', [changed, ...given.slice(1)])).toMatchObject([
      { ok: true, value: { isUnchanged: false } },
      { ok: true, value: { isUnchanged: true } },
    ])
    expect((await knowledge.search('copy', { text: 'overdue', limit: 5 })).hits).toEqual([])
    expect(await documents.holding('doc_b')).toEqual(['copy'])
  })

  it('are exported whole however long they are', async () => {
    const { collections, knowledge } = open('ten_long')
    const ids = ['doc_a', 'doc_b', 'doc_c']
    const long = 'long '.repeat(15_000)
    for (const id of ids) {
      const chunks = Array.from({ length: 30 }, (_, at) => ({ ...document(id, long).chunks[0]!, id: `${id}_${at}` }))
      await knowledge.index('notes', { ...document(id, long), chunks })
    }
    const exported: number[] = []
    for await (const { chunks } of collections.export('notes')) exported.push(chunks.length)
    expect(exported).toEqual([30, 30, 30])
  })
})
