import { AppError } from '../domain/error'
import type { Capacity, ChatModel } from '../domain/models'
import { renderPrompt } from '../domain/prompts'
import { estimateTokens } from '../domain/token-estimate'
import type { Question } from './ask'
import { type Answered, converse, type Prompted, schemaOf } from './ask-once'
import { splitText } from './long-text'
import type { SkillContext } from './skill'

/** Share of a context that a prompt may fill: estimates are estimates. */
const FILL = 0.85
/** Tokens that an answer is given at least, and the share of the context it is given at most. */
const MIN_OUTPUT_TOKENS = 256
const MAX_OUTPUT_SHARE = 0.25
/** Parts smaller than this hold no thought. */
const MIN_PART_TOKENS = 200
/** A text of more parts costs more than it is worth; the embedded way reads it in one go. */
const MAX_PARTS = 64
const PARTS_AT_ONCE = 4
/** When a provider counts more tokens than were estimated, the parts are halved this often. */
const MAX_HALVINGS = 3

/** An answer to the whole document: at once, or part by part and then as one. Undefined when no model's answer fits. */
export async function askWhole<T>(
  model: ChatModel,
  question: Question<T>,
  capacity: Capacity,
  context: SkillContext,
): Promise<(Answered<T> & { parts: number }) | undefined> {
  const prompted = await promptOf(question, context)
  for (let halvings = 0; ; halvings += 1) {
    try {
      return await inParts(model, prompted, partTokens(prompted, capacity) >> halvings, context)
    } catch (thrown) {
      const isTooLong = thrown instanceof AppError && thrown.code === 'too_large' && thrown.reason === 'context'
      if (!isTooLong || halvings >= MAX_HALVINGS) throw thrown
    }
  }
}

/** The question with the version of its prompt that the run uses. */
async function promptOf<T>(question: Question<T>, { prompts, runId }: SkillContext): Promise<Prompted<T>> {
  const { name, task, variables } = question
  const builtIn = variables === undefined ? task : renderPrompt(task, variables)
  if (!prompts) return { question, task: builtIn, use: { name, version: 1 } }
  const { version, text } = await prompts.choose({ name, text: task, variables: variables ?? {} }, runId)
  // A built-in text without variables is no template: it may hold braces of its own.
  const isPlain = variables === undefined && text === task
  return { question, task: isPlain ? text : renderPrompt(text, { ...variables, task: builtIn }), use: { name, version } }
}

/** How much of the document fits beside the instructions and the answer. */
function partTokens<T>({ question, task }: Prompted<T>, { contextTokens, maxOutputTokens }: Capacity): number {
  const output = Math.max(MIN_OUTPUT_TOKENS, Math.min(maxOutputTokens, contextTokens * MAX_OUTPUT_SHARE))
  const fixed = estimateTokens(task) + estimateTokens(JSON.stringify(schemaOf(question.answer))) + output + FENCE_TOKENS
  return Math.max(MIN_PART_TOKENS, Math.floor(contextTokens * FILL - fixed))
}
/** Rule about untrusted text, fence and label, role marks. */
const FENCE_TOKENS = 150

async function inParts<T>(model: ChatModel, prompted: Prompted<T>, maxTokens: number, context: SkillContext) {
  const { document } = prompted.question
  if (estimateTokens(document) > maxTokens * MAX_PARTS) throw tooManyParts()
  const parts = splitText(document, maxTokens)
  if (parts.length === 1) {
    const answered = await converse(model, prompted, context)
    return answered && { ...answered, parts: 1 }
  }
  if (parts.length > MAX_PARTS) throw tooManyParts()
  const answers = await mapParts(parts, (part, at) => converse(model, partOf(prompted, part, at, parts.length), context))
  const whole = await combine(model, prompted, answers, maxTokens, context)
  return whole && { ...whole, parts: parts.length }
}

const tooManyParts = (): AppError =>
  new AppError('too_large', `The text has more than ${MAX_PARTS} parts of what the model reads at once: use a larger model.`, {
    reason: 'parts',
  })

function partOf<T>(prompted: Prompted<T>, document: string, at: number, count: number): Prompted<T> {
  const task = `${prompted.task}\nThe document is long: this is part ${at + 1} of ${count}. Answer for this part; the answers are combined afterwards.`
  return { ...prompted, task, question: { ...prompted.question, document } }
}

/** In order, a few at once. Undefined when one part has no answer: an answer that leaves a part out would be a silent cut. */
async function mapParts<T>(
  parts: string[],
  ask: (part: string, at: number) => Promise<Answered<T> | undefined>,
): Promise<Answered<T>[] | undefined> {
  const answers: Answered<T>[] = []
  for (let from = 0; from < parts.length; from += PARTS_AT_ONCE) {
    const some = await Promise.all(parts.slice(from, from + PARTS_AT_ONCE).map((part, at) => ask(part, from + at)))
    for (const answer of some) {
      if (answer === undefined) return undefined
      answers.push(answer)
    }
  }
  return answers
}

async function combine<T>(
  model: ChatModel,
  prompted: Prompted<T>,
  answers: Answered<T>[] | undefined,
  maxTokens: number,
  context: SkillContext,
): Promise<Answered<T> | undefined> {
  const last = answers?.at(-1)
  if (answers === undefined || last === undefined) return undefined
  const { merge } = prompted.question
  if (merge) return { ...last, value: merge(answers.map(({ value }) => value)) }
  if (answers.length === 1) return last
  const groups = grouped(
    answers.map(({ value }) => JSON.stringify(value)),
    maxTokens,
  )
  if (groups.length === answers.length)
    throw new AppError('too_large', 'The answers to the parts are too long to be combined: ask for less.', { reason: 'parts' })
  const combined = await mapParts(groups, (group) =>
    converse(model, { ...prompted, task: `${prompted.task}\n${COMBINE}`, question: { ...prompted.question, document: group } }, context),
  )
  return await combine(model, prompted, combined, maxTokens, context)
}

const COMBINE =
  'The document was too long to be read at once and was read in parts. What you get are the answers to its parts, in order, one JSON value a line. Combine them into one answer for the whole document, in the same schema: keep what matters most, drop what is said twice.'

/** Lines in groups that fit, in order. */
function grouped(lines: string[], maxTokens: number): string[] {
  const groups: string[] = []
  let size = Number.POSITIVE_INFINITY
  for (const line of lines) {
    const tokens = estimateTokens(line)
    if (size + tokens > maxTokens) {
      groups.push(line)
      size = tokens
    } else {
      groups[groups.length - 1] += `\n${line}`
      size += tokens
    }
  }
  return groups
}
