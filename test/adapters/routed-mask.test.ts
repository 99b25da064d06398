import { describe, expect, it } from 'vitest'
import { maskRequest } from '../../workers/adapters/routed-mask'
import { fenceUntrusted, UNTRUSTED_RULE } from '../../workers/domain/guardrails'
import type { ChatAnswer, ChatRequest, Shield } from '../../workers/domain/models'
import { shield } from '../../workers/skills/shield'

const ANSWER: ChatAnswer = {
  text: '',
  toolCalls: [],
  finish: 'stop',
  provider: 'p',
  model: 'm',
  inputTokens: 1,
  outputTokens: 1,
  latencyMs: 1,
}
/** Takes every word for personal data: what it is given is what may be masked at all. */
const greedy: Shield = async (texts) => ({
  texts: texts.map((text) => text.replace(/\p{L}/gu, 'x')),
  unmask: (text) => text,
})
const SOURCES = `[source 1: note.txt, page 1]\nSabine Müller, Hauptstraße 5, 80331 München, Tel. 030 1234567. Steuernummer 12/345/67890. Subtotal 423.00 GBP, total 507.60 GBP.`
const TASK = `Extract these fields: issuer, address, iban, title. 1. Term 2. Termination\nThe question: Where does Sabine Müller live?\n${UNTRUSTED_RULE}`
const request: ChatRequest = {
  messages: [
    { role: 'system', content: TASK },
    { role: 'user', content: fenceUntrusted(SOURCES, { kind: 'document', id: 'doc_1', label: '1 numbered passages' }) },
  ],
  jsonSchema: { name: 'fields', schema: { properties: { address: { type: 'string' } } } },
  given: ['Where does Sabine Müller live?'],
  framing: ['[source 1:', ', page 1'],
  shield,
}

describe('masking a request', () => {
  it('touches no instruction, no mark of a fence and no schema, only what is fenced and given', async () => {
    const { request: masked } = await maskRequest({ ...request, shield: greedy })
    const [system, user] = masked.messages
    expect(system?.content).toBe(TASK.replace('Where does Sabine Müller live?', 'xxxxx xxxx xxxxxx xxxxxx xxxx?'))
    expect(user?.content).toMatch(/^<untrusted origin="document 1 numbered passages \(doc_1\)">\n\[xxxxxx 1: /)
    expect(user?.content.endsWith('\n</untrusted>')).toBe(true)
    expect(masked.jsonSchema).toEqual(request.jsonSchema)
  })

  it('takes the persons’ data out, and leaves labels, amounts and the rule about untrusted text', async () => {
    const { request: masked } = await maskRequest(request)
    const sent = masked.messages.map(({ content }) => content).join('\n')
    for (const secret of ['Sabine', 'Müller', 'Hauptstraße', '80331', '1234567', '12/345/67890']) expect(sent).not.toContain(secret)
    for (const own of ['issuer, address, iban, title. 1. Term 2. Termination', UNTRUSTED_RULE, '[source 1:', '423.00 GBP', '507.60 GBP'])
      expect(sent).toContain(own)
  })

  it('puts the values back into text, structured output and tool calls', async () => {
    const { request: masked, unmask } = await maskRequest(request)
    const name = /\[PERSON_\d+\]/.exec(masked.messages[0]?.content ?? '')?.[0] ?? ''
    expect(name).not.toBe('')
    const answer = unmask({
      ...ANSWER,
      text: `${name} lives there.`,
      json: { fields: [{ name: 'who', value: name }] },
      toolCalls: [{ id: '1', name: 'find', arguments: { who: name } }],
    })
    expect(answer).toMatchObject({
      text: 'Sabine Müller lives there.',
      json: { fields: [{ name: 'who', value: 'Sabine Müller' }] },
      toolCalls: [{ arguments: { who: 'Sabine Müller' } }],
    })
  })

  it('takes everything of a conversation’s turns for data, and of JSON the values', async () => {
    const { request: masked } = await maskRequest({
      messages: [
        { role: 'system', content: 'Be kind to people.' },
        { role: 'user', content: `Before ${fenceUntrusted('inside', { kind: 'chat', id: 'c' })} after` },
        { role: 'assistant', content: '{"address":"Elm Street"}', toolCalls: [{ id: '1', name: 'find', arguments: { name: 'Ann' } }] },
        { role: 'tool', content: 'Ann is here', toolCallId: '1' },
      ],
      shield: greedy,
    })
    expect(masked.messages.map(({ content }) => content)).toEqual([
      'Be kind to people.',
      'xxxxxx <untrusted origin="chat c">\nxxxxxx\n</untrusted> xxxxx',
      '{"address":"xxx xxxxxx"}',
      'xxx xx xxxx',
    ])
    expect(masked.messages[2]?.toolCalls?.[0]?.arguments).toEqual({ name: 'xxx' })
  })

  it('masks a name in the question that only the material shows to be one', async () => {
    const { request: masked } = await maskRequest({
      messages: [
        { role: 'system', content: 'The question: what does feldmann or Feldmann earn?' },
        { role: 'user', content: fenceUntrusted('Frau Anna Feldmann verdient 4.200 Euro.', { kind: 'document', id: 'd' }) },
      ],
      given: ['what does feldmann or Feldmann earn?'],
      shield,
    })
    expect(masked.messages.map(({ content }) => content).join('\n')).not.toContain('Feldmann')
    expect(masked.messages[1]?.content).toContain('4.200 Euro')
  })
})
