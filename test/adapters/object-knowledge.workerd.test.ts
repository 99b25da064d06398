import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { createObjectKnowledge } from '../../workers/adapters/object-knowledge'
import type { IndexedDocument } from '../../workers/domain/knowledge'
import type { Encoder } from '../../workers/domain/models'

const namespace = (env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }).KNOWLEDGE

/** A real, if simple, encoder: letters counted and scaled to unit length. Remembers how much it was asked for at once. */
function createLetterEncoder(): Encoder & { batches: number[] } {
  const batches: number[] = []
  return {
    dimensions: 26,
    model: 'letters',
    batches,
    async embed(texts) {
      batches.push(texts.length)
      return texts.map((text) => {
        const counts = Array.from(
          { length: 26 },
          (_, letter) => 0.001 + Array.from(text.toLowerCase()).filter((char) => char.charCodeAt(0) === 97 + letter).length,
        )
        return counts.map((count) => count / Math.hypot(...counts))
      })
    },
  }
}

const document = (documentId: string, texts: string[]): IndexedDocument => ({
  documentId,
  name: `${documentId}.pdf`,
  metadata: { class: 'invoice' },
  chunks: texts.map((text, index) => ({
    id: `${documentId}_${index}`,
    text,
    context: '',
    span: { page: 1, start: 0, end: text.length, quote: text },
  })),
})

it('indexes in batches and finds a passage again', async () => {
  const encoder = createLetterEncoder()
  const knowledge = createObjectKnowledge({ tenantId: 'ten_batches', namespace, encoder })
  const texts = Array.from({ length: 150 }, (_, index) => `passage ${index}`)
  expect(await knowledge.index('default', document('doc_a', [...texts, 'the invoice is overdue']))).toEqual({ chunks: 151 })
  expect(encoder.batches).toEqual([64, 64, 23])
  const hits = await knowledge.search('default', { text: 'overdue invoices', limit: 3, filter: { class: 'invoice' } })
  expect(hits[0]).toMatchObject({ chunkId: 'doc_a_150', text: 'the invoice is overdue' })
})

it('keeps tenants and collections apart', async () => {
  const encoder = createLetterEncoder()
  const open = (tenantId: string) => createObjectKnowledge({ tenantId, namespace, encoder })
  await open('ten_one').index('default', document('doc_a', ['the invoice is overdue']))
  const query = { text: 'invoice', limit: 5 }
  expect(await open('ten_two').search('default', query)).toEqual([])
  expect(await open('ten_one').search('other', query)).toEqual([])
  await open('ten_two').remove('default', 'doc_a')
  expect(await open('ten_one').search('default', query)).toHaveLength(1)
  await open('ten_one').remove('default', 'doc_a')
  expect(await open('ten_one').search('default', query)).toEqual([])
})

it('does not ask the encoder about an empty question', async () => {
  const encoder = createLetterEncoder()
  expect(await createObjectKnowledge({ tenantId: 'ten_empty', namespace, encoder }).search('default', { text: ' \n', limit: 5 })).toEqual(
    [],
  )
  expect(encoder.batches).toEqual([])
})

it('throws the refusal of the collection on this side', async () => {
  const encoder = createLetterEncoder()
  await createObjectKnowledge({ tenantId: 'ten_changed', namespace, encoder }).index('default', document('doc_a', ['invoice']))
  const other = createObjectKnowledge({ tenantId: 'ten_changed', namespace, encoder: { ...encoder, model: 'other' } })
  await expect(other.search('default', { text: 'invoice', limit: 5 })).rejects.toMatchObject({
    code: 'conflict',
    reason: 'encoder_changed',
  })
})
