import * as z from 'zod'
import { AppError } from '../domain/error'
import { fenceUntrusted, UNTRUSTED_RULE } from '../domain/guardrails'
import type { ChatAnswer, ChatMessage, ChatModel, PromptUse } from '../domain/models'
import type { PromptResult } from '../domain/prompts'
import type { Question } from './ask'
import { shield } from './shield'
import type { SkillContext } from './skill'

const RULES = `${UNTRUSTED_RULE} Answer with JSON only, in the given schema.`
const MAX_COMPLAINT_CHARACTERS = 1_000
const NO_JSON = 'Your answer was not JSON. Answer again with one JSON value in the given schema and nothing else.'
const complaintOf = (error: z.ZodError): string =>
  `That does not fit the schema: ${z.prettifyError(error).slice(0, MAX_COMPLAINT_CHARACTERS)} Answer again.`

/** A question with the version of its prompt, its variables filled in. */
export interface Prompted<T> {
  question: Question<T>
  task: string
  use: PromptUse
}

export interface Answered<T> {
  value: T
  provider: string
}

/** The JSON Schema that the answer is asked in. */
export const schemaOf = (answer: z.ZodType): Record<string, unknown> => z.toJSONSchema(answer) as Record<string, unknown>

/**
 * One answer that fits the schema: of each model once, and once more with what was wrong. Undefined when the last one's does not fit
 * either. Refusals of the provider are thrown.
 */
export async function converse<T>(model: ChatModel, prompted: Prompted<T>, context: SkillContext): Promise<Answered<T> | undefined> {
  const avoid: string[] = []
  for (;;) {
    const outcome = await askOneModel(model, prompted, avoid, context)
    if (outcome.kind === 'fits') return outcome.answered
    if (outcome.route === undefined || avoid.includes(outcome.route)) return undefined
    avoid.push(outcome.route)
  }
}

type Outcome<T> = { kind: 'fits'; answered: Answered<T> } | { kind: 'misfits'; route: string | undefined }

async function askOneModel<T>(model: ChatModel, prompted: Prompted<T>, avoid: string[], context: SkillContext): Promise<Outcome<T>> {
  const messages = messagesOf(prompted)
  let route: string | undefined
  for (const result of ['answered', 'repaired'] as const) {
    const said = await ask(model, prompted, messages, avoid, context)
    if (said.kind === 'answer') {
      route = said.answer.route
      const checked = prompted.question.answer.safeParse(said.answer.json)
      if (checked.success) {
        await record(prompted, result, context)
        return { kind: 'fits', answered: { value: checked.data, provider: said.answer.provider } }
      }
      messages.push({ role: 'assistant', content: said.answer.text })
      messages.push({ role: 'user', content: complaintOf(checked.error) })
    } else messages.push({ role: 'user', content: NO_JSON })
  }
  await record(prompted, 'failed', context)
  return { kind: 'misfits', route }
}

const record = async ({ use }: Pick<Prompted<unknown>, 'use'>, result: PromptResult, { prompts, runId }: SkillContext): Promise<void> =>
  await prompts?.record({ ...use, runId, result })

function messagesOf<T>({ task, question: { document, origin, images } }: Prompted<T>): ChatMessage[] {
  return [
    { role: 'system', content: `${task}\n${RULES}` },
    { role: 'user', content: fenceUntrusted(document, origin), ...(images && images.length > 0 && { images }) },
  ]
}

/** A routed model repairs malformed JSON itself; of a plain one it is asked for here. */
async function ask<T>(
  model: ChatModel,
  { question, use }: Prompted<T>,
  messages: ChatMessage[],
  avoid: string[],
  context: SkillContext,
): Promise<{ kind: 'answer'; answer: ChatAnswer } | { kind: 'malformed' }> {
  const { name, purpose, documentIds, asked, given, framing = [] } = question
  // What follows the material are this file's complaints and the model's own words.
  const complaints = messages.slice(2).flatMap(({ role, content }) => (role === 'user' ? [content] : []))
  try {
    const answer = await model.complete({
      messages: [...messages],
      jsonSchema: { name, schema: schemaOf(question.answer) },
      temperature: 0,
      prompt: use,
      cache: documentIds === undefined ? false : { documentIds, ...(asked !== undefined && { question: asked }) },
      ...(purpose !== undefined && { purpose }),
      ...(avoid.length > 0 && { avoid }),
      shield,
      ...(given && { given }),
      framing: [...framing, ...complaints],
      ...(context.signal && { signal: context.signal }),
    })
    charge(answer, context)
    return { kind: 'answer', answer }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.reason === 'malformed_json') return { kind: 'malformed' }
    throw thrown
  }
}

function charge(
  { provider, model, inputTokens, outputTokens, latencyMs, costMicroUsd = 0, reported }: ChatAnswer,
  context: SkillContext,
): void {
  if (!reported) context.charge?.({ provider, model, inputTokens, outputTokens, costMicroUsd, latencyMs })
}
