import { ASKING_OPERATIONS, type AskedModel, type Range } from './model-operations'
import { costMicroUsd, routesOf } from './model-routing'
import type { ModelSettings } from './model-settings'
import type { Step, WorkflowDefinition } from './workflows'

/** What a document says of its length, the sharpest first. */
export interface Length {
  characters?: number
  pages?: number
  bytes?: number
  mediaType?: string
}

/** One question that a step asks a model; a step that asks several has one entry for each. */
export interface StepEstimate {
  stepId: string
  operation: string
  purpose: string
  /** How often the step runs: from 0 behind a condition to once an item. */
  times: Range
  inputTokens: Range
  outputTokens: Range
  costMicroUsd: Range
  /** Models that may answer, by their names in models.yaml; none: the embedded way, which costs nothing. */
  models: string[]
}

export interface RunEstimate {
  characters: Range
  costMicroUsd: Range
  steps: StepEstimate[]
}

/** A full page of a letter or contract; an invoice has about a third. */
const CHARACTERS_PER_PAGE: Range = { low: 1_000, high: 3_500 }
/** Characters of text in a byte of the file. Scans and pictures have few, plain text one. */
const CHARACTERS_PER_BYTE: readonly [RegExp, Range][] = [
  [/^text\/|json|xml$|csv|rfc822/, { low: 0.5, high: 1 }],
  [/wordprocessing|opendocument|spreadsheet|presentation/, { low: 0.2, high: 3 }],
  [/pdf/, { low: 0.01, high: 0.3 }],
  [/^image\//, { low: 0.0005, high: 0.02 }],
]
const UNKNOWN_PER_BYTE: Range = { low: 0.01, high: 1 }
/** Bytes of a language in Latin script up to those of one in Chinese. */
const CHARACTERS_PER_TOKEN: Range = { low: 5, high: 2.5 }
/** Instructions and schema around the text. */
const PROMPT_TOKENS: Range = { low: 300, high: 1_500 }

/**
 * What a run is likely to cost by the routes that are configured, before it starts. Retries and failover are not in it; ceilings hold
 * whatever it says. `items`: how many documents or items a `forEach` may meet.
 */
export function estimateRun({
  definition,
  settings,
  length,
  items,
}: {
  definition: WorkflowDefinition
  settings: ModelSettings
  length: Length
  items: number
}): RunEstimate {
  const characters = charactersOf(length)
  const text = { low: characters.low / CHARACTERS_PER_TOKEN.low, high: characters.high / CHARACTERS_PER_TOKEN.high }
  const steps = placesOf(definition.steps, { low: 1, high: 1 }, items).flatMap(({ step, times }) =>
    estimateStep(step, times, text, settings),
  )
  return {
    characters: rounded(characters),
    costMicroUsd: steps.reduce((sum, step) => ({ low: sum.low + step.costMicroUsd.low, high: sum.high + step.costMicroUsd.high }), {
      low: 0,
      high: 0,
    }),
    steps,
  }
}

export function charactersOf({ characters, pages, bytes, mediaType = '' }: Length): Range {
  if (characters !== undefined) return { low: characters, high: characters }
  if (pages !== undefined) return times(CHARACTERS_PER_PAGE, pages)
  const per = CHARACTERS_PER_BYTE.find(([pattern]) => pattern.test(mediaType))?.[1] ?? UNKNOWN_PER_BYTE
  return times(per, bytes ?? 0)
}

/** Every agent step with how often it may run: conditions make it optional, branches of an `if` exclude each other, items repeat it. */
function placesOf(steps: readonly Step[], outer: Range, items: number): { step: AgentStep; times: Range }[] {
  return steps.flatMap((step) => {
    const own: Range = step.when === undefined ? outer : { low: 0, high: outer.high }
    const optional: Range = { low: 0, high: own.high }
    switch (step.kind) {
      case 'agent':
        return [{ step, times: own }]
      case 'if':
        return [...placesOf(step.then, optional, items), ...placesOf(step.else, optional, items)]
      case 'parallel':
        return step.branches.flatMap((branch) => placesOf(branch.steps, own, items))
      case 'forEach':
        return placesOf(step.steps, { low: own.low, high: own.high * items }, items)
      default:
        return []
    }
  })
}

type AgentStep = Extract<Step, { kind: 'agent' }>

/** Each question that the step asks a model. */
const estimateStep = (step: AgentStep, often: Range, text: Range, settings: ModelSettings): StepEstimate[] =>
  (ASKING_OPERATIONS[`${step.agent}.${step.operation}`] ?? []).map((asked) => ({
    stepId: step.id,
    operation: `${step.agent}.${step.operation}`,
    ...estimateQuestion(asked, asked.optional ? { low: 0, high: often.high } : often, text, settings),
  }))

function estimateQuestion({ purpose, output, input: own }: AskedModel, often: Range, text: Range, settings: ModelSettings) {
  const routes = routesOf(settings, purpose)
  const prompt = purpose === 'embed' ? { low: 0, high: 0 } : PROMPT_TOKENS
  const read = own ?? text
  const input = { low: read.low + prompt.low, high: read.high + prompt.high }
  // A long text is read in parts that fit, each with its own instructions; the parts together are what the text is.
  const costs = routes.map(({ model }) => ({
    low: costMicroUsd(model, tokens(input.low, output.low)),
    high: costMicroUsd(model, tokens(input.high, Math.min(output.high, model.maxOutput))),
  }))
  const low = costs.length === 0 ? 0 : Math.min(...costs.map((cost) => cost.low))
  const high = Math.max(0, ...costs.map((cost) => cost.high))
  return {
    purpose,
    times: often,
    inputTokens: rounded(input),
    outputTokens: output,
    costMicroUsd: { low: low * often.low, high: high * often.high },
    models: routes.map(({ name }) => name),
  }
}

const tokens = (inputTokens: number, outputTokens: number) => ({ inputTokens: Math.ceil(inputTokens), outputTokens })
const times = (range: Range, factor: number): Range => ({ low: range.low * factor, high: range.high * factor })
const rounded = ({ low, high }: Range): Range => ({ low: Math.floor(low), high: Math.ceil(high) })
