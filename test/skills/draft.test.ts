import { describe, expect, it } from 'vitest'
import type { ChatAnswer, ChatModel } from '../../workers/domain/models'
import { skills } from '../../workers/skills'

const input = skills.draft.input.parse(skills.draft.example)
const saying = (json: unknown): ChatModel => ({
  complete: async (): Promise<ChatAnswer> => ({
    text: JSON.stringify(json),
    json,
    toolCalls: [],
    finish: 'stop',
    provider: 'scripted',
    model: 'm',
    inputTokens: 1,
    outputTokens: 1,
    latencyMs: 1,
  }),
})

describe('a draft without a model', () => {
  it('states every fact and nothing else, and says how it was written', async () => {
    const draft = await skills.draft.run(input, {})
    expect(draft).toMatchObject({
      title: 'Remind the customer of an unpaid invoice',
      used: ['number', 'total'],
      unused: [],
      unproven: [],
      provider: 'embedded',
    })
    expect(draft.text).toContain('119.00 EUR')
    expect(draft.text).toContain('Dear Ms Beispiel,')
    expect(draft.notes.join()).toContain('Written without a model')
  })

  it('keeps to the language and to the kind', async () => {
    const german = await skills.draft.run({ ...input, language: 'de' }, {})
    expect(german.text).toContain('Freundliche Grüße')
    expect((await skills.draft.run({ ...input, kind: 'section' }, {})).text).toBe('- Invoice: 2024-17\n- Amount due: 119.00 EUR')
  })
})

describe('the salutation of a mail without a model', () => {
  it.each([
    ['en', 'Ms Beispiel', 'Dear Ms Beispiel,'],
    ['en', 'Anna Kern', 'Dear Anna Kern,'],
    ['en', 'info@example.com', 'Dear Sir or Madam,'],
    ['en', 'Example Ltd', 'Dear Example Ltd,'],
    ['en', '{{ name }}', 'Dear Sir or Madam,'],
    ['en', '  ', 'Dear Sir or Madam,'],
    ['en', undefined, 'Dear Sir or Madam,'],
    ['de', 'Frau Klein', 'Sehr geehrte Frau Klein,'],
    ['de', 'Herrn Dr. Groß', 'Sehr geehrter Herr Dr. Groß,'],
    ['de', 'Anna Kern', 'Guten Tag Anna Kern,'],
    ['de', 'Muster GmbH', 'Sehr geehrte Damen und Herren der Muster GmbH,'],
    ['de', 'post@example.com', 'Sehr geehrte Damen und Herren,'],
  ] as const)('in %s to %j is %j', async (language, to, expected) => {
    const { text } = await skills.draft.run({ ...input, language, ...(to !== undefined ? { to } : { to: undefined }) }, {})
    expect(text.split('\n')[0]).toBe(expected)
  })
})

it('fields are called what people call them, values stay as they are', async () => {
  const facts = [
    { id: 'a', name: 'invoiceNumber', value: 'A-17' },
    { id: 'b', name: 'totalGross', value: '1.190,00 EUR' },
    { id: 'c', name: 'roomOfMeeting', value: 'B 4' },
    { id: 'd', name: 'Ansprechpartner', value: 'J. Roth' },
  ]
  const draft = await skills.draft.run({ ...input, kind: 'note', language: 'de', facts }, {})
  expect(draft.text).toBe('- Rechnungsnummer: A-17\n- Gesamtbetrag: 1.190,00 EUR\n- Room of meeting: B 4\n- Ansprechpartner: J. Roth')
  expect(draft).toMatchObject({ unused: [], unproven: [] })
})

describe('a draft of a model', () => {
  it('is told from its facts: what it leaves out and which figures it made up', async () => {
    const chatModel = saying({ title: 'Reminder', text: 'Please pay 119.00 EUR within 14 days.' })
    const draft = await skills.draft.run(input, { chatModel })
    expect(draft).toMatchObject({ used: ['total'], unused: ['number'], unproven: ['14'], provider: 'scripted' })
    expect(draft.notes).toHaveLength(2)
  })

  it('may write a figure with another thousands separator', async () => {
    const facts = [{ id: 'sum', name: 'Sum', value: '1200 EUR' }]
    const draft = await skills.draft.run({ ...input, facts }, { chatModel: saying({ title: 'T', text: 'It is 1,200 EUR.' }) })
    expect(draft).toMatchObject({ used: ['sum'], unproven: [] })
  })
})
