import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { createObjectCollections } from '../../workers/adapters/object-collections'
import { createObjectKnowledge } from '../../workers/adapters/object-knowledge'
import type { IndexedDocument } from '../../workers/domain/knowledge'
import type { Encoder } from '../../workers/domain/models'

const { KNOWLEDGE: namespace, DB: binding } = env as { KNOWLEDGE: DurableObjectNamespace<Knowledge>; DB: D1Database }
const encoder: Encoder = { model: 'one', dimensions: 2, embed: async (texts) => texts.map(() => [1, 0]) }

beforeAll(async () => {
  await binding.exec(
    'CREATE TABLE IF NOT EXISTS collections (tenant_id text NOT NULL, name text NOT NULL, created_at text NOT NULL, PRIMARY KEY (tenant_id, name))',
  )
})

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
