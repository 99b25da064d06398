import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { agents } from '../../workers/agents'
import { WEBHOOK_RETRY, webhook } from '../../workers/agents/action/webhook'
import type { Json, JsonObject } from '../../workers/domain/json'
import type { Step } from '../../workers/domain/workflows'
import { buildReport } from '../../workers/reports'
import { parseWorkflow } from '../../workers/workflows/parse'
import { everyStep } from '../../workers/workflows/parse/structure'
import { type Answer, walk } from './walk'

const folder = 'workers/workflows'
const load = async (name: string) =>
  (await parseWorkflow(readFileSync(`${folder}/${name}.yaml`, 'utf8'), { agents, builtIn: true })).definition

const FIELDS = [
  { name: 'totalGross', value: '1.190,00 €', normalized: 1190, currency: 'EUR', confidence: 0.98, source: 'label' },
  { name: 'invoiceNumber', value: '42', normalized: '42', confidence: 0.9, source: 'label' },
]
const OUTPUTS: Record<string, (input: JsonObject) => unknown> = {
  parse: ({ documentId }) => {
    if (documentId === 'doc_broken') throw new Error('The file is corrupt.')
    if (documentId === 'doc_mail') {
      const attachments = [
        ['doc_inv', 'invoice.pdf', 'application/pdf'],
        ['doc_logo', 'logo.png', 'image/png'],
        ['doc_x', 'factur-x.xml', 'application/xml'],
        ['doc_broken', 'broken.pdf', 'application/pdf'],
      ]
      return {
        documentId,
        format: 'eml',
        pageCount: 1,
        attachments: attachments.map(([id, name, mediaType]) => ({ documentId: id ?? '', name: name ?? '', mediaType: mediaType ?? '' })),
      }
    }
    return {
      documentId: documentId ?? '',
      format: 'pdf',
      mediaType: 'application/pdf',
      title: 'Invoice 42',
      pageCount: 2,
      attachments: [{ documentId: 'doc_x', name: 'factur-x.xml', mediaType: 'application/xml' }],
    }
  },
  classify: () => ({ class: 'invoice', confidence: 0.97, evidence: [], alternatives: [] }),
  extract: () => ({ class: 'invoice', language: 'de', fields: FIELDS, lineItems: [{ description: 'Roof', amount: 1000 }], missing: [] }),
  summarise: () => ({ summary: 'A bill for a roof.', sentences: [{ text: 'A bill for a roof.', spans: [] }] }),
  index: ({ documentId }) => ({ documentId: documentId ?? '', collection: 'default', chunks: 3 }),
  check: ({ documentId }) => ({
    documentId: documentId ?? '',
    score: 0.9,
    passed: true,
    checks: [{ name: 'totals', passed: true, severity: 'error', reason: 'They add up.' }],
  }),
  write: () => ({ reportId: 'rep_1', title: 'Report', formats: ['pdf', 'xlsx'], files: [] }),
  webhook: () => ({ skipped: 'No endpoint is stored, so nothing was sent.' }),
  mail: () => ({ messageId: '<1@x>', recipients: 1, sentAt: '2026-11-21T05:00:00.000Z' }),
  digest: ({ date }) => ({
    date: date ?? '',
    timeZone: 'UTC',
    mails: [
      {
        documentId: 'doc_1',
        subject: 'Hello',
        from: 'a@b.de',
        receivedAt: '2026-11-21T04:00:00Z',
        parsed: true,
        class: 'email',
        summary: 'A greeting.',
        tags: [],
      },
    ],
    counts: { total: 1, parsed: 1, unparsed: 0, byClass: { email: 1 } },
    truncated: false,
  }),
}

/** Answers as the agents would, and checks that each input is one that the operation takes. */
function stage(changes: Partial<typeof OUTPUTS> = {}): { answer: Answer; asked: { step: Step; input: JsonObject }[] } {
  const asked: { step: Step; input: JsonObject }[] = []
  const answer: Answer = (step, input) => {
    asked.push({ step, input: input as JsonObject })
    if (step.kind !== 'agent') return { status: 200, body: { ok: true } }
    expect(agents[step.agent]?.operations[step.operation]?.input.safeParse(input).error?.issues ?? []).toEqual([])
    return JSON.parse(JSON.stringify((changes[step.operation] ?? OUTPUTS[step.operation])?.(input as JsonObject) ?? null)) as Json
  }
  return { answer, asked }
}
const inputOf = (asked: { step: Step; input: JsonObject }[], id: string) => asked.find(({ step }) => step.id === id)?.input

describe('built-in workflows', () => {
  it('are all registered, and fit the agents that there are', async () => {
    const index = readFileSync(`${folder}/index.ts`, 'utf8')
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
      expect(index).toContain(`'./${file}'`)
      expect((await load(file.replace('.yaml', ''))).name).toBe(file.replace('.yaml', ''))
    }
  })
})

describe('document-intake', () => {
  it('reports a document and asks a person above the limit', async () => {
    const { answer, asked } = stage()
    const { outputs, ran } = walk(await load('document-intake'), { documentId: 'doc_1' }, answer)
    expect(ran.filter((id) => id === 'ingest' || id === 'read')).toEqual(['ingest'])
    expect(inputOf(asked, 'approve')).toMatchObject({
      title: 'Release Invoice 42?',
      details: { reasons: ['Invoice 42: total 1190 is above 1000'] },
    })
    expect(outputs).toMatchObject({
      documents: [{ documentId: 'doc_1', class: 'invoice', total: 1190, quality: 0.9, problem: null }],
      report: { reportId: 'rep_1' },
    })
    expect(inputOf(asked, 'notify')).toMatchObject({
      event: 'document.processed',
      url: null,
      optional: true,
      data: { reportId: 'rep_1', documentId: 'doc_1', approved: true },
    })
  })

  it('asks nobody below the limit, and somebody when the class or the checks are doubtful', async () => {
    const definition = await load('document-intake')
    const asks = (changes: Partial<typeof OUTPUTS>, vars: Record<string, Json>) =>
      walk(definition, { documentId: 'doc_1' }, stage(changes).answer, vars).ran.includes('approve')
    expect(asks({}, { approvalLimit: 5000 })).toBe(false)
    expect(asks({ classify: () => ({ class: 'other', confidence: 0.2 }) }, { approvalLimit: 5000 })).toBe(true)
    expect(asks({ check: () => ({ score: 0.3, checks: [] }) }, { approvalLimit: 5000 })).toBe(true)
    expect(asks({ extract: () => ({ fields: [], lineItems: [], missing: [] }) }, {})).toBe(false)
  })

  it('works on the attachments of a mail: no logos, no XML twice, and a broken one stops nothing', async () => {
    const { answer, asked } = stage()
    const { outputs } = walk(await load('document-intake'), { documentId: 'doc_mail' }, answer)
    expect(outputs).toMatchObject({
      documents: [
        { documentId: 'doc_inv', name: 'invoice.pdf', total: 1190 },
        { documentId: 'doc_broken', class: null, problem: 'The file is corrupt.' },
      ],
    })
    const report = buildReportFrom(inputOf(asked, 'report'))
    expect(JSON.stringify(report)).toContain('invoice.pdf')
    expect(JSON.stringify(report)).toMatch(/1190/)
    expect(inputOf(asked, 'approve')?.details).toMatchObject({
      reasons: ['invoice.pdf: total 1190 is above 1000', 'broken.pdf: The file is corrupt.'],
    })
  })

  it('works on a mail itself that has no attachment', async () => {
    const { answer } = stage({ parse: () => ({ format: 'eml', title: 'Hello', pageCount: 1, attachments: [] }) })
    expect(walk(await load('document-intake'), { documentId: 'doc_m' }, answer).outputs).toMatchObject({
      documents: [{ documentId: 'doc_m', name: 'Hello' }],
    })
  })

  it('says what was not read: to the checks, to a person, in the report and in its outputs', async () => {
    const unread = ['Only the first 2000 of 10000 pages were read.']
    const { answer, asked } = stage({ parse: () => ({ name: 'long.pdf', format: 'pdf', pageCount: 2000, attachments: [], unread }) })
    const { outputs } = walk(await load('document-intake'), { documentId: 'doc_1' }, answer, { approvalLimit: 5000 })
    expect(inputOf(asked, 'quality')).toMatchObject({ unread })
    expect(inputOf(asked, 'approve')?.details).toMatchObject({ reasons: [`long.pdf: ${unread[0]}`] })
    expect(JSON.stringify(buildReportFrom(inputOf(asked, 'report')))).toContain(unread[0])
    expect(outputs).toMatchObject({ warnings: [`long.pdf: ${unread[0]}`] })
  })

  it('tries the endpoint by the published schedule', async () => {
    const notify = [...everyStep((await load('document-intake')).steps)].find(({ id }) => id === 'notify')
    expect(notify?.retry).toEqual(WEBHOOK_RETRY)
    expect(webhook.input.safeParse({ endpoint: 'default', url: null, event: 'e', data: 1, optional: true }).success).toBe(true)
  })
})

describe('inbox-digest', () => {
  it('reports the day of the run, and mails it where an address is set', async () => {
    const definition = await load('inbox-digest')
    const { answer, asked } = stage()
    walk(definition, {}, answer)
    expect(inputOf(asked, 'collect')).toEqual({ date: '2026-11-21' })
    expect(JSON.stringify(buildReportFrom(inputOf(asked, 'report')))).toContain('Hello')
    const mailed = stage()
    walk(definition, { date: '2026-11-20' }, mailed.answer, { mailTo: 'anna@example.com' })
    expect(inputOf(mailed.asked, 'mail')).toMatchObject({
      to: 'anna@example.com',
      subject: 'Mail of 2026-11-20: 1 received',
      text: expect.stringContaining('- Hello (a@b.de): A greeting.'),
    })
  })
})

describe('json-relay', () => {
  it('checks, transforms, passes on and records', async () => {
    const definition = await load('json-relay')
    const { answer, asked } = stage()
    const order = { orderId: 'a-1', amount: 12.34, url: 'https://example.com/orders' }
    expect(walk(definition, order, answer).outputs).toEqual({ orderId: 'A-1', cents: 1234, relayed: true, answer: { ok: true } })
    expect(inputOf(asked, 'relay')).toEqual({ method: 'POST', url: 'https://example.com/orders', body: { orderId: 'A-1', cents: 1234 } })
    expect(walk(definition, order, answer, { minAmount: 100 }).outputs).toMatchObject({ relayed: false, answer: null })
    expect(() => walk(definition, { ...order, amount: -1 }, answer)).toThrow(/amount must be at least 0/)
  })
})

function buildReportFrom(input: JsonObject | undefined) {
  return buildReport(String(input?.template), input?.data, {
    locale: 'en',
    currency: 'EUR',
    timeZone: 'UTC',
    createdAt: '2026-11-21T05:00:00.000Z',
  })
}

describe('docs/WORKFLOWS.md', () => {
  it('shows a workflow that is accepted', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/WORKFLOWS.md', 'utf8')) ?? []
    expect((await parseWorkflow(example, { agents })).definition.steps.map(({ kind }) => kind)).toEqual(['if', 'http'])
  })
})
