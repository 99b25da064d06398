import { describe, expect, it } from 'vitest'
import { analysis } from '../../../workers/agents/analysis'
import { fileKeys } from '../../../workers/domain/documents'
import { AppError } from '../../../workers/domain/error'
import { textDocument } from '../../skills/corpus/pdf-pages'
import { GERMAN_INVOICE, NEWS } from '../../skills/fixtures'
import { type Stage, stage, stepContext } from './ports'

async function run(name: string, input: unknown, { ports }: Stage, context = stepContext()) {
  const operation = analysis.operations[name]!
  return operation.output.parse(await operation.run(operation.input.parse(input), context, ports)) as Record<string, never>
}

describe('analysis', () => {
  it('analyses a document in one step, with places and its origin', async () => {
    const scene = stage()
    scene.store('doc_1', textDocument(GERMAN_INVOICE))
    const context = stepContext()
    const output = await run('analyse', { documentId: 'doc_1' }, scene, context)
    expect(output).toMatchObject({ documentId: 'doc_1', class: 'invoice', language: 'de', summary: expect.stringContaining('255,85 EUR') })
    expect(output).toMatchObject({
      fields: expect.arrayContaining([
        expect.objectContaining({
          name: 'totalGross',
          normalized: 255.85,
          span: expect.objectContaining({ documentId: 'doc_1', quote: '255,85 €' }),
        }),
      ]),
    })
    expect(context.told).toMatchObject({ provider: 'embedded', degraded: false })
    expect(JSON.stringify(output)).not.toContain('"provider"')
  })

  it.each(['classify', 'extract', 'summarise', 'entities', 'tags'])('%s answers in its schema', async (name) => {
    const scene = stage()
    scene.store('doc_1', textDocument(NEWS))
    const context = stepContext()
    await run(name, { documentId: 'doc_1' }, scene, context)
    expect(context.told.provider).toBe('embedded')
  })

  it('tells the language of a text or a document, and refuses both at once', async () => {
    const scene = stage()
    scene.store('doc_1', textDocument(GERMAN_INVOICE))
    expect(await run('language', { documentId: 'doc_1' }, scene)).toMatchObject({ language: 'de' })
    expect(await run('language', { text: 'The library opens in spring and closes on Mondays.' }, scene)).toMatchObject({ language: 'en' })
    expect(analysis.operations.language?.input.safeParse({ text: 'x', documentId: 'doc_1' }).success).toBe(false)
  })

  it('answers a question from a text or one document, with places', async () => {
    const scene = stage()
    const text = 'The office rent is due on 3 March 2027. The office is in Bonn.'
    scene.store('doc_1', textDocument(text), { name: 'lease.txt' })
    const question = 'When is the office rent due?'
    for (const source of [{ text }, { documentId: 'doc_1' }]) {
      const answer = await run('answer', { question, ...source }, scene)
      expect(answer).toMatchObject({
        abstained: false,
        answer: expect.stringContaining('3 March 2027'),
        trace: { stages: [{ name: 'answer' }] },
      })
    }
    expect(analysis.operations.answer?.input.safeParse({ question, text, collection: 'default' }).success).toBe(false)
    await expect(
      run('answer', { question, text: `${'All is well here and nothing more is said of it. '.repeat(20)}\n\n`.repeat(50) }, scene),
    ).rejects.toMatchObject({
      code: 'too_large',
    })
  })

  it('keeps no answer about a text that is stored nowhere', async () => {
    const scene = stage()
    const rules: unknown[] = []
    scene.ports.chatModel = {
      complete: async (request) => {
        rules.push(request.cache)
        throw new AppError('unavailable', 'Down.')
      },
    }
    await run('answer', { question: 'When is the rent due?', text: 'The rent is due on Monday.' }, scene)
    scene.store('doc_1', textDocument('The rent is due on Monday.'))
    await run('answer', { question: 'When is the rent due?', documentId: 'doc_1' }, scene)
    expect(rules).toEqual([false, { documentIds: ['doc_1'], question: 'When is the rent due?' }])
  })

  it('says degraded when a configured model fails', async () => {
    const scene = stage()
    scene.store('doc_1', textDocument(NEWS))
    scene.ports.chatModel = { complete: async () => Promise.reject(new AppError('unavailable', 'Down.')) }
    const context = stepContext()
    await run('tags', { documentId: 'doc_1' }, scene, context)
    expect(context.told).toMatchObject({ provider: 'embedded', degraded: true })
  })

  it('refuses a document that was not ingested and one whose stored form is damaged', async () => {
    const scene = stage()
    await expect(run('analyse', { documentId: 'doc_x' }, scene)).rejects.toMatchObject({ code: 'not_found', reason: 'not_parsed' })
    scene.files.set(fileKeys.parsed('doc_y'), new TextEncoder().encode('{"pages":'))
    await expect(run('analyse', { documentId: 'doc_y' }, scene)).rejects.toMatchObject({ code: 'internal' })
  })

  it('indexes passages under the name of the document, the same ones each time', async () => {
    const scene = stage()
    scene.store('doc_1', textDocument(NEWS), { name: 'bridge.pdf' })
    const first = await run('index', { documentId: 'doc_1', metadata: { class: 'other' } }, scene)
    const before = structuredClone(scene.indexed.get('default/doc_1'))
    expect(await run('index', { documentId: 'doc_1', metadata: { class: 'other' } }, scene)).toEqual(first)
    expect(scene.indexed.get('default/doc_1')).toEqual(before)
    expect(before).toMatchObject({ name: 'bridge.pdf', metadata: { class: 'other' } })
    expect(first).toEqual({ documentId: 'doc_1', collection: 'default', chunks: before?.chunks.length })
  })

  it('indexes the further parts of a long document under what is told of the whole, their vectors later', async () => {
    const scene = stage()
    scene.store('doc_1', { ...textDocument(NEWS), parts: 130 }, { name: 'orders.csv' })
    for (let part = 2; part <= 131; part += 1)
      scene.store(`doc_1_${part}`, textDocument(`Order ${part} of the river works.`), {
        ...{ name: `orders.csv (rows ${part})`, source: 'part', parentId: 'doc_1', createdAt: '2024-05-01T00:00:00.000Z' },
      })
    scene.store('doc_2', textDocument(NEWS))
    const output = await run('index', { documentId: 'doc_1', metadata: { class: 'order' } }, scene)
    expect([...scene.indexed.keys()]).toHaveLength(131)
    const part = scene.indexed.get('default/doc_1_131')
    expect(part).toMatchObject({ name: 'orders.csv (rows 131)', metadata: { class: 'order', source: 'upload' } })
    expect(part?.chunks[0]?.span.documentId).toBe('doc_1_131')
    expect(output.chunks).toBe([...scene.indexed.values()].flatMap(({ chunks }) => chunks).length)
    expect([scene.vectors.get('default/doc_1'), scene.vectors.get('default/doc_1_131')]).toEqual(['now', 'later'])
  })

  it('has a valid example for every operation', () => {
    for (const operation of Object.values(analysis.operations)) expect(operation.input.safeParse(operation.example).success).toBe(true)
  })
})

describe('digest', () => {
  const mail = (subject: string, text: string) => ({
    ...textDocument(text),
    format: 'eml' as const,
    metadata: { subject, from: 'ann@example.com' },
  })

  it("lists the mails of the tenant's day, read and unread, and nothing else", async () => {
    const scene = stage()
    scene.store('doc_1', mail('Bridge', NEWS), { source: 'email', createdAt: '2024-05-31T22:30:00.000Z' })
    scene.store('doc_2', undefined, { source: 'email', name: 'unread.eml', createdAt: '2024-06-01T08:00:00.000Z' })
    scene.store('doc_3', textDocument('upload'), { source: 'upload', createdAt: '2024-06-01T08:00:00.000Z' })
    scene.store('doc_4', mail('Late', NEWS), { source: 'email', createdAt: '2024-06-01T22:00:00.000Z' })
    const output = await run('digest', { date: '2024-06-01' }, scene)
    expect(output).toMatchObject({
      timeZone: 'Europe/Berlin',
      counts: { total: 2, parsed: 1, unparsed: 1, byClass: { email: 1 } },
      truncated: false,
    })
    expect(output).toMatchObject({
      mails: [
        {
          documentId: 'doc_1',
          subject: 'Bridge',
          from: 'ann@example.com',
          class: 'email',
          parsed: true,
          summary: expect.stringContaining('bridge'),
        },
        { documentId: 'doc_2', subject: 'unread.eml', parsed: false, summary: expect.stringContaining('not been read') },
      ],
    })
  })

  it('follows pages to the end', async () => {
    const scene = stage()
    for (let index = 0; index < 230; index += 1)
      scene.store(`doc_${index}`, undefined, { source: 'email', createdAt: '2024-06-01T08:00:00.000Z' })
    expect(await run('digest', { date: '2024-06-01', timeZone: 'UTC' }, scene)).toMatchObject({ counts: { total: 230 } })
  })

  it('gives an empty digest for a day without mail and refuses a time zone that does not exist', async () => {
    expect(await run('digest', { date: '2024-06-02', timeZone: 'UTC' }, stage())).toMatchObject({ mails: [], counts: { total: 0 } })
    await expect(run('digest', { date: '2024-06-02', timeZone: 'Mars/Olympus' }, stage())).rejects.toMatchObject({ code: 'invalid' })
  })
})
