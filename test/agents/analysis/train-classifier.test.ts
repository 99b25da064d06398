import { beforeEach, describe, expect, it } from 'vitest'
import { analysis } from '../../../workers/agents/analysis'
import { classifierKeys, type LabelledExample } from '../../../workers/domain/classifiers'
import { fileKeys } from '../../../workers/domain/documents'
import { classifierRow } from '../../contracts/classifiers'
import { documentRow } from '../../contracts/ports'
import { createFakePorts } from '../../fakes/ports'
import { TOPIC_EXAMPLES } from '../../skills/classifiers/topics'
import { textDocument } from '../../skills/corpus/pdf-pages'
import { stepContext } from './ports'

let ports: ReturnType<typeof createFakePorts>
let tenant = 0
const VERSION = '00000000000000aa'

beforeEach(() => {
  tenant += 1
  ports = createFakePorts({ tenantId: `ten_${tenant}` })
})

async function run(name: string, input: unknown, context = stepContext()) {
  const operation = analysis.operations[name]!
  return operation.output.parse(await operation.run(operation.input.parse(input), context, ports)) as Record<string, never>
}

async function order(examples: LabelledExample[] | { documentId: string }, version = VERSION, createdAt = '2026-11-21T09:00:00.000Z') {
  const body = Array.isArray(examples) ? { examples } : examples
  await ports.files.put(classifierKeys.examples('topics', version), JSON.stringify(body), 'application/json')
  await ports.classifiers.put(classifierRow({ version, status: 'training', createdAt }))
}

const train = (version = VERSION, context = stepContext()) => run('train_classifier', { name: 'topics', version }, context)

describe('train_classifier', () => {
  it('learns, stores the model, and the row is ready with its report', async () => {
    await order(TOPIC_EXAMPLES)
    const context = stepContext()
    expect(await train(VERSION, context)).toMatchObject({
      version: VERSION,
      report: { examples: TOPIC_EXAMPLES.length, accuracy: expect.any(Number) },
    })
    const row = await ports.classifiers.find('topics')
    expect(row).toMatchObject({ status: 'ready', labels: 3, endedAt: expect.any(String), report: { modelBytes: expect.any(Number) } })
    expect((await ports.files.read(classifierKeys.model('topics', VERSION)))?.length).toBe(row?.report?.modelBytes)
    expect(context.told.progress.length).toBeGreaterThan(3)
  })

  it('is done once: a second attempt gives the report that is there', async () => {
    await order(TOPIC_EXAMPLES)
    const first = await train()
    await ports.files.delete([classifierKeys.examples('topics', VERSION)])
    expect(await train()).toEqual(first)
  })

  it('reads the examples of an uploaded file', async () => {
    const document = documentRow()
    const csv = ['text,label', ...TOPIC_EXAMPLES.map(({ text, label }) => `"${text}",${label}`)].join('\n')
    await ports.files.put(fileKeys.original(document.id), csv, 'text/csv')
    await order({ documentId: document.id })
    await train()
    expect(await ports.classifiers.find('topics')).toMatchObject({ status: 'ready', examples: TOPIC_EXAMPLES.length, labels: 3 })
  })

  it('leaves a failure that people can read, and the version before goes on serving', async () => {
    await order(TOPIC_EXAMPLES)
    await train()
    await order({ documentId: 'doc_gone' }, '00000000000000bb', '2026-11-21T10:00:00.000Z')
    await expect(train('00000000000000bb')).rejects.toMatchObject({ code: 'not_found' })
    expect(await ports.classifiers.find('topics', '00000000000000bb')).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('doc_gone'),
    })
    expect((await ports.classifiers.find('topics'))?.version).toBe(VERSION)
    expect(await run('classify', { text: 'where is my parcel', classifier: 'topics' })).toMatchObject({ class: 'delivery' })
  })

  it('learns without the encoder when words alone are asked for', async () => {
    await order(TOPIC_EXAMPLES)
    const examples = classifierKeys.examples('topics', VERSION)
    await ports.files.put(examples, JSON.stringify({ examples: TOPIC_EXAMPLES, wordsAlone: true }), 'application/json')
    await train()
    expect((await ports.classifiers.find('topics'))?.report?.encoder).toBeNull()
  })

  it('says what there is not', async () => {
    await expect(train()).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('classify with a classifier', () => {
  it('names a document by name, with the words that spoke for it in their places', async () => {
    await order(TOPIC_EXAMPLES)
    await train()
    const text = 'Hello, I would like to know:\nhas the courier lost my parcel?'
    const document = documentRow()
    await ports.documents.insert(document)
    await ports.files.put(fileKeys.parsed(document.id), JSON.stringify(textDocument(text)), 'application/json')
    const answer = await run('classify', { documentId: document.id, classifier: 'topics' })
    expect(answer).toMatchObject({ class: 'delivery', evidence: expect.arrayContaining([expect.objectContaining({ term: 'courier' })]) })
    const { evidence } = answer as { evidence?: { term: string; span?: { start: number; end: number } }[] }
    for (const { term, span } of evidence ?? [])
      if (span) expect(text.slice(span.start, span.end).toLowerCase().replace(/\s+/g, ' ')).toBe(term)
  })

  it('stays with the version that is asked for', async () => {
    await order(TOPIC_EXAMPLES)
    await train()
    const swapped = TOPIC_EXAMPLES.map(({ text, label }) => ({ text, label: label === 'delivery' ? 'shipping' : label }))
    await order(swapped, '00000000000000bb', '2026-11-21T10:00:00.000Z')
    await train('00000000000000bb')
    const ask = async (classifier: string) => (await run('classify', { text: 'where is my parcel', classifier })).class
    expect([await ask('topics'), await ask(`topics@${VERSION}`)]).toEqual(['shipping', 'delivery'])
  })

  it('reads a mail in its raw form, headers and all', async () => {
    const mail = (n: number, mailer: string, body: string) =>
      `From: a${n}@x.example\nTo: b@y.example\nSubject: note ${n}\nX-Mailer: ${mailer}\nMessage-ID: <${n}@x.example>\n\n${body}\n`
    const body = 'the same words in every mail'
    await order(Array.from({ length: 40 }, (_, n) => ({ text: mail(n, n % 2 ? 'Bulk' : 'Desk', body), label: n % 2 ? 'bulk' : 'person' })))
    await train()
    const document = documentRow()
    await ports.files.put(fileKeys.parsed(document.id), JSON.stringify({ ...textDocument(body), format: 'eml' }), 'application/json')
    await ports.files.put(fileKeys.original(document.id), mail(99, 'Bulk', body), 'message/rfc822')
    expect(await run('classify', { documentId: document.id, classifier: 'topics' })).toMatchObject({ class: 'bulk' })
  })

  it('refuses what is not there and what is not ready', async () => {
    await expect(run('classify', { text: 'x', classifier: 'topics' })).rejects.toMatchObject({ code: 'not_found' })
    await order(TOPIC_EXAMPLES)
    await expect(run('classify', { text: 'x', classifier: 'topics' })).rejects.toMatchObject({ code: 'conflict', reason: 'not_ready' })
    await expect(run('classify', { text: 'x', classifier: `topics@${VERSION}` })).rejects.toMatchObject({ reason: 'not_ready' })
  })

  it('takes a document or a text, labels or a classifier, never both', () => {
    const { input } = analysis.operations.classify!
    expect(input.safeParse({ text: 'x', documentId: 'doc_1' }).success).toBe(false)
    expect(input.safeParse({}).success).toBe(false)
    expect(input.safeParse({ text: 'x', classifier: 'a', labels: [{ name: 'b' }] }).success).toBe(false)
  })
})
