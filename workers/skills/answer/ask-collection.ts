import type { AnswerStage, AnswerTrace, Passage, UnverifiedPolicy } from '../../domain/citations'
import { messageOf, withDeadline, within } from '../../domain/deadline'
import { AppError } from '../../domain/error'
import type { MetadataFilter, RetrievalTrace, SearchHit, SearchOutcome } from '../../domain/knowledge'
import type { Community, SearchMode } from '../../domain/knowledge-graph'
import type { Payer } from '../../domain/models'
import type { Ports } from '../../domain/ports'
import type { Provenance, SkillContext } from '../skill'
import { answerThemes } from './answer-themes'
import { answer } from './index'
import type { AnswerOutput } from './schema'

export interface CollectionQuestion {
  collection: string
  question: string
  filter?: MetadataFilter
  /** Passages to read. */
  limit?: number
  unverified?: UnverifiedPolicy
  /** `hybrid` unless given. `global` asks about all of the collection: what its communities of entities say. */
  mode?: SearchMode
  /** Whether a hybrid search follows the graph. */
  expand?: boolean
  /** Pays for the search; the chat model and the encoder of the context know their payer. */
  payer?: Payer
  /** What the whole may take; a part that would take longer is done without. */
  deadlineMs?: number
}

/** `communities`: those that a global question was answered from. */
export type CollectionAnswer = AnswerOutput & Provenance & { trace: AnswerTrace; communities?: CommunityName[] }
export type CommunityName = Pick<Community, 'id' | 'title' | 'size'>

export type AskPorts = Pick<Ports, 'knowledge' | 'clock'>

export const DEFAULT_PASSAGES = 10
/** A person waits for the answer; a model that has not answered until then is replaced by the embedded way. */
export const DEFAULT_DEADLINE_MS = 30_000
/** Share of the deadline that the search may take. */
const SEARCH_SHARE = 0.3
/** What is kept back for the embedded way after a model that did not answer, and for a search that does not keep its own deadline. */
const RESERVE_MS = 500
/** What a model gets to heed its signal. */
const GRACE_MS = 100
/** The least that a search takes as a deadline. */
const LEAST_SEARCH_MS = 50

/**
 * Answers a question from a collection, within its deadline. A dead encoder, vector store, reranker or model costs its stage, and
 * the trace says so; the answer then comes from the others. Throws `unavailable` when the collection itself does not answer in time.
 * `onStage` is told of each stage once it is over.
 */
export async function askCollection(
  ports: AskPorts,
  asked: CollectionQuestion,
  context: SkillContext,
  onStage: (stage: AnswerStage) => void = () => undefined,
): Promise<CollectionAnswer> {
  const startedAt = ports.clock.now().getTime()
  const elapsed = () => ports.clock.now().getTime() - startedAt
  const deadlineMs = asked.deadlineMs ?? DEFAULT_DEADLINE_MS
  const { hits, trace, communities } = await search(ports, asked, Math.max(LEAST_SEARCH_MS, Math.round(deadlineMs * SEARCH_SHARE)))
  for (const stage of trace.stages) onStage(stage)
  const searchedMs = elapsed()
  const input = { question: asked.question, passages: hits.map(passageOf), unverified: asked.unverified ?? 'drop' }
  const leftMs = Math.max(RESERVE_MS, deadlineMs - searchedMs - RESERVE_MS)
  const answered = await (communities === undefined
    ? answerInTime(input, context, leftMs)
    : answerGlobally(communities, input, context, leftMs))
  const stage = answerStage(answered, elapsed() - searchedMs)
  onStage(stage)
  return {
    ...answered,
    trace: traceOf(trace, stage, hits, elapsed(), answered.warnings),
    ...(communities && { communities: communities.map(({ id, title, size }) => ({ id, title, size })) }),
  }
}

async function search({ knowledge }: AskPorts, asked: CollectionQuestion, deadlineMs: number): Promise<SearchOutcome> {
  const { collection, question, filter, limit = DEFAULT_PASSAGES, payer, mode, expand } = asked
  const query = {
    text: question,
    limit,
    deadlineMs,
    ...(filter && { filter }),
    ...(mode && { mode }),
    ...(expand !== undefined && { expand }),
  }
  try {
    return await within(knowledge.search(collection, query, { ...(payer && { payer }) }), deadlineMs + RESERVE_MS)
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    throw new AppError('unavailable', `The collection '${collection}' does not answer: ${messageOf(thrown)}. Ask again.`, { cause: thrown })
  }
}

type Input = Parameters<typeof answer.run>[0]

/** What a model makes of the communities' sources; without one, or where none answers, the communities' own sentences. */
async function answerGlobally(
  communities: readonly Community[],
  input: Input,
  context: SkillContext,
  deadlineMs: number,
): Promise<AnswerOutput & Provenance> {
  const themes = answerThemes(communities)
  if (context.chatModel === undefined) return { ...themes, provider: 'embedded', degraded: false }
  const answered = await answerInTime(input, context, deadlineMs)
  if (answered.provider !== 'embedded') return answered
  return { ...answered, ...themes, warnings: [...themes.warnings, ...answered.warnings] }
}

/** The skill's answer; a model that is still busy at the deadline is given up and the embedded way stands in. */
async function answerInTime(input: Input, context: SkillContext, deadlineMs: number): Promise<AnswerOutput & Provenance> {
  if (context.chatModel === undefined) return await answer.run(input, context)
  return await withDeadline(deadlineMs, (limit) => answerBefore(limit, input, context, deadlineMs))
}

async function answerBefore(
  limit: AbortSignal,
  input: Input,
  context: SkillContext,
  deadlineMs: number,
): Promise<AnswerOutput & Provenance> {
  const signal = context.signal ? AbortSignal.any([context.signal, limit]) : limit
  try {
    // A model that does not heed the signal is let go of.
    return await within(answer.run(input, { ...context, signal }), deadlineMs + GRACE_MS)
  } catch (thrown) {
    if (!limit.aborted || context.signal?.aborted) throw thrown
    const { chatModel, ...rest } = context
    const embedded = await answer.run(input, rest)
    await chatModel?.standIn?.('answer')
    return { ...embedded, degraded: true, warnings: [...embedded.warnings, `The model gave no answer within ${deadlineMs} ms.`] }
  }
}

const answerStage = ({ degraded, provider, warnings }: AnswerOutput & Provenance, ms: number): AnswerStage => ({
  name: 'answer',
  status: degraded ? 'failed' : 'done',
  ms,
  reason: degraded ? (warnings.at(-1) ?? 'No model answered; the embedded way stood in.') : `By ${provider}.`,
})

function traceOf(
  search: RetrievalTrace,
  stage: AnswerStage,
  hits: readonly SearchHit[],
  ms: number,
  warnings: readonly string[],
): AnswerTrace {
  const degraded = [search.degraded, stage.status === 'failed' ? stage.reason : undefined, ...warnings].filter(
    (reason) => reason !== undefined,
  )
  return {
    stages: [...search.stages, stage],
    ms,
    passages: hits.map(({ chunkId, documentId, name, score, scores }) => ({
      passageId: chunkId,
      documentId,
      name,
      score,
      scores: { ...scores },
    })),
    ...(degraded.length > 0 && { degraded: [...new Set(degraded)].join(' ') }),
  }
}

/** A hit as a passage to cite. */
export const passageOf = ({ chunkId, documentId, name, text, context, span }: SearchHit): Passage => ({
  id: chunkId,
  documentId,
  name,
  text,
  context,
  span: { ...span, documentId },
})
