import { VOTING_LABELS } from './classifier'
import { type Decision, greatest, type HeldOut, indexOfGreatest, probabilitiesOf, tuneDecision } from './decision'
import { scoreOf, trainMachine, type Weights } from './machine'
import { voteOf } from './neighbours'
import { seededRandom, shuffle } from './random'
import type { Outcome } from './report'
import type { School, TrainingTools } from './school'
import { EVERYTHING, inScope, learnRule, ruleOfTypical, type ScopeRule, type Signs, signsOf } from './scope'

/** More held-out rows would not choose better. */
const TUNED_ON = 4_000
/** Share of the rightly answered examples that the refusal of foreign texts may cost, where it was learned what is foreign. */
const LOST_TAUGHT = 0.01
/** Where it was not: as many examples, and of few ones no more than this share. Twice as many would refuse a twentieth more of foreign texts. */
const LOST_UNTAUGHT = { examples: 10, share: 0.03 }

/** What an error costs against large weights: tried where that takes no time, else the one that large sets like. */
const COSTS = [0.1, 0.3, 1, 3]
const USUAL_COST = 1
const MAX_CELLS_TO_TRY = 50_000

/** How the examples came out while they were held out: scores of the machines, votes of the neighbours. */
export interface Validation {
  school: School
  folds: number
  rows: HeldOutRow[]
  cost: number
  decision: Decision
  scope: ScopeRule
}
interface HeldOutRow extends HeldOut {
  nearest?: number
  rejection?: number
}

/** Trains the machine of one label (or, past the labels, of the out-of-scope examples) on `members`. */
export function trainOn(school: School, members: Int32Array, machine: number, cost: number): Weights {
  const { features, squares, targets, labels } = school
  const target = machine < labels.length ? machine : -1
  return trainMachine({ features, squares, members, isPositive: (row) => targets[row] === target, cost })
}

/** The part in which each example is held out, of so many. */
export interface Deal {
  folds: Uint8Array
  count: number
}

/** Whether there is time to try several ways of learning. */
export const isSmall = ({ targets, machines }: School): boolean => targets.length * machines <= MAX_CELLS_TO_TRY

/** Lets models judge examples which they have not seen, and chooses from that how to learn and how to decide. */
export async function validate(
  school: School,
  { folds, count }: Deal,
  tools: TrainingTools,
  costs: readonly number[] = isSmall(school) ? COSTS : [USUAL_COST],
): Promise<Validation> {
  let best: { cost: number; rows: HeldOutRow[]; right: number } | undefined
  for (const [turn, cost] of costs.entries()) {
    const scores = await judgeUnseen(school, folds, count, cost, {
      ...tools,
      progress: (message, share) => tools.progress?.(message, (turn + share) / costs.length),
    })
    const rows = Array.from(folds.keys(), (row) => heldOutRow(school, scores, folds, row))
    const right = rows.filter((row) => row.label >= 0 && indexOfGreatest(row.scores) === row.label).length
    if (best === undefined || right > best.right) best = { cost, rows, right }
  }
  if (best === undefined) throw new Error('There is always a cost to try.')
  const { rows, cost } = best
  const decision = tuneDecision(sampleOfRows(rows.filter(({ label }) => label >= 0)))
  return { school, folds: count, rows, cost, decision, scope: scopeOf(rows, decision, school.labels.length) }
}

async function judgeUnseen(school: School, folds: Uint8Array, count: number, cost: number, tools: TrainingTools): Promise<Float32Array> {
  const scores = new Float32Array(folds.length * school.machines)
  const all = Int32Array.from(folds.keys())
  for (let fold = 0; fold < count; fold += 1) {
    const members = all.filter((row) => folds[row] !== fold)
    const heldOut = all.filter((row) => folds[row] === fold)
    for (let machine = 0; machine < school.machines; machine += 1) {
      await giveWay(tools.signal)
      const weights = trainOn(school, members, machine, cost)
      for (const row of heldOut) scores[row * school.machines + machine] = scoreOf(school.features, row, weights)
      tools.progress?.(`Checking on held-out examples, part ${fold + 1} of ${count}`, (fold + machine / school.machines) / count)
    }
  }
  return scores
}

function heldOutRow(school: School, scores: Float32Array, folds: Uint8Array, row: number): HeldOutRow {
  const { machines, labels, encoded, targets } = school
  const own = scores.subarray(row * machines, row * machines + labels.length)
  const held = {
    scores: own,
    label: targets[row] as number,
    ...(machines > labels.length && { rejection: scores[row * machines + labels.length] as number }),
  }
  if (encoded === undefined) return held
  const { neighbours, vectors, votersByLabel, examples } = encoded
  const { dimensions } = neighbours
  const query = vectors.subarray(row * dimensions, (row + 1) * dimensions)
  const candidates = greatest(own, VOTING_LABELS).flatMap((label) => votersByLabel[label] ?? [])
  const { shares, nearest, likeness } = voteOf(
    neighbours,
    query,
    candidates,
    labels.length,
    (voter) => folds[examples[voter] as number] === folds[row],
  )
  return { ...held, votes: Float32Array.from(shares), likeness, nearest }
}

function sampleOfRows(rows: HeldOutRow[]): HeldOutRow[] {
  return rows.length <= TUNED_ON ? rows : shuffle([...rows], seededRandom(rows.length)).slice(0, TUNED_ON)
}

function scopeOf(rows: readonly HeldOutRow[], decision: Decision, labels: number): ScopeRule {
  const judged = rows.map((row) => judge(row, decision))
  const right = judged.filter(({ row, best }) => row.label === best).map(({ signs }) => signs)
  const outside = judged.filter(({ row }) => row.label < 0 && row.rejection !== undefined).map(({ signs }) => signs)
  if (outside.length > 0) return learnRule(right, outside, LOST_TAUGHT)
  // Two labels mostly divide everything between them: spam or not, yes or no.
  return labels === 2 ? EVERYTHING : ruleOfTypical(right, Math.min(LOST_UNTAUGHT.share, LOST_UNTAUGHT.examples / right.length))
}

function judge(row: HeldOutRow, decision: Decision): { row: HeldOutRow; best: number; signs: Signs } {
  const probabilities = probabilitiesOf(decision, row)
  return { row, best: indexOfGreatest(probabilities), signs: signsOf({ ...row, probabilities }) }
}

/** What the finished classifier would have said of each held-out example. */
export const outcomesOf = ({ rows, decision, scope }: Validation): Outcome[] =>
  rows.map((row) => {
    const { best, signs } = judge(row, decision)
    return { label: row.label, named: inScope(scope, signs) >= 0 ? best : -1 }
  })

/** Lets other requests of the isolate have their turn, and stops where the step was cancelled. */
export async function giveWay(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0))
  signal?.throwIfAborted()
}
