import { AppError } from '../domain/error'
import { fenceUntrusted, UNTRUSTED_RULE } from '../domain/guardrails'
import type { ChatMessage, ChatModel } from '../domain/models'
import { estimateTokens, messageTokens } from '../domain/token-estimate'
import { splitSentences } from './sentences'
import { shield } from './shield'
import type { SkillContext } from './skill'

/** Turns that are never summarised: what is being talked about right now. */
const KEPT_TURNS = 4
const MAX_SUMMARY_TOKENS = 400

export interface FittedConversation {
  messages: ChatMessage[]
  /** How many earlier messages stand in the summary; 0: nothing was left out. */
  summarised: number
}

/**
 * A conversation that fits `maxTokens`: instructions and the last turns as they are, what was before them as a summary that says so.
 * The model writes the summary; without one, or when it fails, it is made of the first sentence of each turn. Tool calls stay with
 * their results. When even the last turns are too long, the result is over the limit and the model refuses it as `too_large`.
 */
export async function fitConversation(messages: ChatMessage[], maxTokens: number, context: SkillContext): Promise<FittedConversation> {
  if (tokensOf(messages) <= maxTokens) return { messages, summarised: 0 }
  const head = messages.filter(({ role }) => role === 'system')
  const turns = messages.filter(({ role }) => role !== 'system')
  const room = maxTokens - tokensOf(head) - MAX_SUMMARY_TOKENS
  const from = firstKept(turns, room)
  if (from === 0) return { messages, summarised: 0 }
  const summary = await summaryOf(turns.slice(0, from), context)
  const note: ChatMessage = { role: 'user', content: `[Summary of the ${from} earlier messages of this conversation]\n${summary}` }
  return { messages: [...head, note, ...turns.slice(from)], summarised: from }
}

const tokensOf = (messages: ChatMessage[]): number => messages.reduce((sum, message) => sum + messageTokens(message), 0)

/** Where the turns begin that stay: as many as fit, the last few in any case, and never a tool's result without its call. */
function firstKept(turns: ChatMessage[], room: number): number {
  let from = Math.max(0, turns.length - KEPT_TURNS)
  let tokens = tokensOf(turns.slice(from))
  while (from > 0) {
    const before = turns[from - 1]
    if (before === undefined) break
    tokens += messageTokens(before)
    if (tokens > room) break
    from -= 1
  }
  while (from > 0 && turns[from]?.role === 'tool') from -= 1
  return from
}

async function summaryOf(turns: ChatMessage[], { chatModel, signal }: SkillContext): Promise<string> {
  const told = turns.map(({ role, content }) => `${role}: ${content}`).join('\n')
  const written = chatModel && (await askForSummary(chatModel, told, signal))
  return written ?? extract(turns)
}

const TASK = `Summarise the conversation in at most 200 words, in its language: what was asked, what was found out and decided, every figure, name and open question. ${UNTRUSTED_RULE}`

async function askForSummary(model: ChatModel, told: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const { text } = await model.complete({
      messages: [
        { role: 'system', content: TASK },
        { role: 'user', content: fenceUntrusted(told, { kind: 'chat', id: 'earlier messages' }) },
      ],
      purpose: 'summarise',
      maxOutputTokens: MAX_SUMMARY_TOKENS,
      temperature: 0,
      cache: false,
      shield,
      ...(signal && { signal }),
    })
    return text.trim() === '' ? undefined : text
  } catch (thrown) {
    if (signal?.aborted || !maySummariseWithout(thrown)) throw thrown
    return undefined
  }
}

/** What the embedded way may stand in for; a spent budget or a defect is the caller's to know. */
const maySummariseWithout = (thrown: unknown): boolean =>
  thrown instanceof AppError && ['unavailable', 'rate_limited', 'invalid', 'too_large'].includes(thrown.code)

/** The first sentence of each turn, the newest turns first to be kept when there is no room for all. */
function extract(turns: ChatMessage[]): string {
  const lines: string[] = []
  let tokens = 0
  for (const { role, content } of turns.toReversed()) {
    const line = `${role}: ${splitSentences(content)[0]?.text ?? content.slice(0, 200)}`
    tokens += estimateTokens(line)
    if (tokens > MAX_SUMMARY_TOKENS) break
    lines.unshift(line)
  }
  const left = turns.length - lines.length
  return left === 0 ? lines.join('\n') : `(${left} older messages are left out)\n${lines.join('\n')}`
}
