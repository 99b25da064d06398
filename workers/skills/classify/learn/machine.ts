import { seededRandom } from './random'
import type { Rows } from './vocabulary'

/** What a machine learns from: weighed terms, and a dense vector a row where the encoder is used. */
export interface Features {
  rows: Rows
  dense: Float32Array
  /** Numbers of a dense vector; 0 without the encoder. */
  dimensions: number
}

/** Weights of the terms, then of the dense vector, then the constant. */
export type Weights = Float32Array
export const widthOf = ({ rows, dimensions }: Features): number => rows.terms + dimensions + 1

const MAX_PASSES = 20
/** The largest violation of optimality that is left: smaller changes no decision. */
const TOLERANCE = 0.3

/** The weighted sum of row `number`. */
export function scoreOf({ rows, dense, dimensions }: Features, number: number, weights: Weights): number {
  const { starts, indices, values, terms } = rows
  let sum = weights[terms + dimensions] as number
  const end = starts[number + 1] as number
  for (let at = starts[number] as number; at < end; at += 1) sum += (weights[indices[at] as number] as number) * (values[at] as number)
  return sum + innerProduct(weights, terms, dense, number * dimensions, dimensions)
}

/** Four sums at once: one alone would wait for each addition before the next. Half of all training time is spent here. */
function innerProduct(left: Float32Array, leftFrom: number, right: Float32Array, rightFrom: number, length: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let at = 0
  for (; at + 3 < length; at += 4) {
    a += (left[leftFrom + at] as number) * (right[rightFrom + at] as number)
    b += (left[leftFrom + at + 1] as number) * (right[rightFrom + at + 1] as number)
    c += (left[leftFrom + at + 2] as number) * (right[rightFrom + at + 2] as number)
    d += (left[leftFrom + at + 3] as number) * (right[rightFrom + at + 3] as number)
  }
  for (; at < length; at += 1) a += (left[leftFrom + at] as number) * (right[rightFrom + at] as number)
  return a + b + c + d
}

function addRow({ rows, dense, dimensions }: Features, number: number, weights: Weights, amount: number): void {
  const { starts, indices, values, terms } = rows
  const end = starts[number + 1] as number
  for (let at = starts[number] as number; at < end; at += 1) {
    const index = indices[at] as number
    weights[index] = (weights[index] as number) + amount * (values[at] as number)
  }
  const from = number * dimensions
  for (let at = 0; at < dimensions; at += 1) weights[terms + at] = (weights[terms + at] as number) + amount * (dense[from + at] as number)
  weights[terms + dimensions] = (weights[terms + dimensions] as number) + amount
}

/** Squared length of each row with its constant, which no machine changes: computed once for all of them. */
export function squaresOf({ rows, dense, dimensions }: Features): Float64Array {
  return Float64Array.from({ length: rows.starts.length - 1 }, (_, number) => {
    let sum = 1
    for (let at = rows.starts[number] as number; at < (rows.starts[number + 1] as number); at += 1) sum += (rows.values[at] as number) ** 2
    for (let at = 0; at < dimensions; at += 1) sum += (dense[number * dimensions + at] as number) ** 2
    return sum
  })
}

export interface Lesson {
  features: Features
  squares: Float64Array
  /** Rows to learn from. */
  members: Int32Array
  isPositive(row: number): boolean
  /** How much an error costs against large weights. */
  cost: number
}

/**
 * A linear machine that tells the positive rows from the others: L2-regularised, squared hinge loss, solved in the dual by
 * coordinate descent with shrinking (Hsieh et al. 2008, as in LIBLINEAR). The same lesson gives the same weights.
 */
export function trainMachine({ features, squares, members, isPositive, cost }: Lesson): Weights {
  const weights = new Float32Array(widthOf(features))
  const slack = 1 / (2 * cost)
  const active = members.slice()
  const share = new Float64Array(squares.length)
  const random = seededRandom(members.length)
  let remaining = active.length
  let bound = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    let worst = 0
    mixUp(active, remaining, random)
    for (let at = 0; at < remaining; at += 1) {
      const row = active[at] as number
      const sign = isPositive(row) ? 1 : -1
      const before = share[row] as number
      const slope = sign * scoreOf(features, row, weights) - 1 + before * slack
      if (before === 0 && slope > bound) {
        // It is right by so much that it will stay so: it is looked at again only before the end.
        remaining -= 1
        active[at] = active[remaining] as number
        active[remaining] = row
        at -= 1
        continue
      }
      const violation = before === 0 ? Math.min(slope, 0) : slope
      worst = Math.max(worst, Math.abs(violation))
      if (Math.abs(violation) < 1e-9) continue
      const after = Math.max(0, before - slope / ((squares[row] as number) + slack))
      share[row] = after
      if (after !== before) addRow(features, row, weights, (after - before) * sign)
    }
    if (worst > TOLERANCE) bound = worst
    else if (remaining === active.length) break
    else [remaining, bound] = [active.length, Number.POSITIVE_INFINITY]
  }
  return weights
}

function mixUp(rows: Int32Array, count: number, random: () => number): void {
  for (let at = 0; at < count; at += 1) {
    const other = at + Math.floor(random() * (count - at))
    const row = rows[at] as number
    rows[at] = rows[other] as number
    rows[other] = row
  }
}
