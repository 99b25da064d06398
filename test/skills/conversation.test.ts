import { describe, expect, it } from 'vitest'
import { AppError } from '../../workers/domain/error'
import type { ChatMessage, ChatModel } from '../../workers/domain/models'
import { fitConversation } from '../../workers/skills/conversation'

const system: ChatMessage = { role: 'system', content: 'Be brief.' }
const turns = (count: number): ChatMessage[] =>
  Array.from({ length: count }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: `Turn ${at} is about invoice ${at}. ${'It goes on. '.repeat(20)}`,
  }))
const saying = (answer: string | Error): ChatModel => ({
  complete: async () => {
    if (answer instanceof Error) throw answer
    return { text: answer, toolCalls: [], finish: 'stop', provider: 'p', model: 'm', inputTokens: 1, outputTokens: 1, latencyMs: 1 }
  },
})

describe('a long conversation', () => {
  it('stays as it is while it fits', async () => {
    const messages = [system, ...turns(4)]
    expect(await fitConversation(messages, 10_000, {})).toEqual({ messages, summarised: 0 })
  })

  it('keeps instructions and the last turns, and summarises what was before, saying so', async () => {
    const messages = [system, ...turns(40)]
    const fitted = await fitConversation(messages, 1_500, { chatModel: saying('They spoke of invoices 0 to 30.') })
    expect(fitted.messages[0]).toEqual(system)
    expect(fitted.messages[1]?.content).toBe(
      `[Summary of the ${fitted.summarised} earlier messages of this conversation]\nThey spoke of invoices 0 to 30.`,
    )
    expect(fitted.messages.slice(2)).toEqual(messages.slice(1 + fitted.summarised))
    expect(fitted.messages.length).toBeGreaterThan(5)
  })

  it.each([
    ['no model', undefined],
    ['a model that is down', saying(new AppError('unavailable', 'Down.'))],
  ])('is summarised by its own sentences with %s', async (_, chatModel) => {
    const { messages, summarised } = await fitConversation([system, ...turns(40)], 1_500, { chatModel })
    expect(messages[1]?.content).toContain(`Turn ${summarised - 1} is about invoice ${summarised - 1}.`)
    expect(messages[1]?.content).toMatch(/older messages are left out/)
  })

  it('never parts a tool call from its result', async () => {
    const call: ChatMessage = { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'find', arguments: {} }] }
    const results: ChatMessage[] = Array.from({ length: 4 }, () => ({ role: 'tool', content: 'found '.repeat(50), toolCallId: '1' }))
    const { messages } = await fitConversation([...turns(20), call, ...results], 600, {})
    expect(messages.slice(1)).toEqual([call, ...results])
  })

  it('does not hide a spent budget', async () => {
    await expect(fitConversation(turns(40), 1_500, { chatModel: saying(new AppError('over_budget', 'Spent.')) })).rejects.toMatchObject({
      code: 'over_budget',
    })
  })
})
