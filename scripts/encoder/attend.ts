import {
  advance,
  type Code,
  defineFunction,
  f32,
  f32x4,
  float,
  get,
  i32,
  int,
  type Local,
  repeat,
  sequence,
  set,
  v128,
} from './assembler.ts'
import { bytesOf, exponentiate, FLOAT_BYTES, fold, times, VECTOR_BYTES, vectorOf } from './lanes.ts'

const KEYS = 4
/** Columns of a head that are mixed at once: eight vectors; heads have 64 or 128. */
const MIXED = 8
/** Below any score, and e to its power is nothing. */
const NO_SCORE = -1e30

/**
 * One head of attention: each of `rows` queries becomes the mixture of all values by softmax(scale · query · key). Rows lie `stride`
 * bytes apart, those of `out` `outStride`. `scores` is scratch for the rows, rounded up to four, and three floats more.
 */
export const attend = defineFunction(
  'attend',
  {
    ...{ query: 'i32', key: 'i32', value: 'i32', stride: 'i32', width: 'i32', scale: 'f32' },
    ...{ rows: 'i32', scores: 'i32', out: 'i32', outStride: 'i32' },
  },
  (p, variable) => {
    const [row, scoresEnd, queryEnd] = [variable('i32'), variable('i32'), variable('i32')]
    const whole = variable('v128')
    const frame: Frame = {
      ...p,
      queryEnd,
      scoresEnd,
      at: variable('i32'),
      through: variable('i32'),
      x: variable('v128'),
      total: variable('v128'),
    }
    const sums = times(MIXED, () => variable('v128'))
    return sequence(
      set(scoresEnd, i32.add(get(p.scores), bytesOf(p.rows))),
      set(row, int(0)),
      repeat(
        sequence(
          set(queryEnd, i32.add(get(p.query), bytesOf(p.width))),
          score(frame, sums, variable),
          softmax(frame, whole),
          mix(frame, sums, variable),
          advance(p.query, get(p.stride)),
          advance(p.out, get(p.outStride)),
          advance(row, int(1)),
        ),
        i32.isLess(get(row), get(p.rows)),
      ),
    )
  },
)

type Name = 'query' | 'key' | 'value' | 'stride' | 'scale' | 'scores' | 'out'
type Frame = Record<Name | 'queryEnd' | 'scoresEnd' | 'at' | 'through' | 'x' | 'total', Local>

function eachScore({ at, scores, scoresEnd }: Frame, bytes: number, body: Code): Code {
  return sequence(set(at, get(scores)), repeat(sequence(body, advance(at, int(bytes))), i32.isLess(get(at), get(scoresEnd))))
}

/** scores = scale · query · key, four keys at once. */
function score(frame: Frame, sums: Local[], variable: (type: 'i32') => Local): Code {
  const { query, queryEnd, key, stride, scale, scoresEnd, at, through, x } = frame
  const [a, b, c, d, low, high] = sums as [Local, Local, Local, Local, Local, Local]
  const keys = times(KEYS, () => variable('i32'))
  const first = variable('i32')
  const lanes = (one: Local, other: Local, chosen: number[]) => v128.shuffle(get(one), get(other), chosen)
  const halves = (one: Local, other: Local) => f32x4.add(lanes(one, other, [0, 4, 1, 5]), lanes(one, other, [2, 6, 3, 7]))
  const products = [a, b, c, d].map((sum, index) =>
    sequence(
      set(sum, f32x4.add(get(sum), f32x4.mul(get(x), v128.load(get(keys[index] ?? first))))),
      advance(keys[index] ?? first, int(VECTOR_BYTES)),
    ),
  )
  const block = sequence(
    ...keys.map((each, index) => set(each, i32.add(get(first), i32.mul(get(stride), int(index))))),
    ...[a, b, c, d].map((sum) => set(sum, v128.zero)),
    set(through, get(query)),
    repeat(
      sequence(set(x, v128.load(get(through))), ...products, advance(through, int(VECTOR_BYTES))),
      i32.isLess(get(through), get(queryEnd)),
    ),
    set(low, halves(a, b)),
    set(high, halves(c, d)),
    v128.store(get(at), f32x4.mul(f32x4.add(lanes(low, high, [0, 1, 4, 5]), lanes(low, high, [2, 3, 6, 7])), f32x4.splat(get(scale)))),
    advance(first, i32.mul(get(stride), int(KEYS))),
  )
  return sequence(
    set(first, get(key)),
    eachScore(frame, KEYS * FLOAT_BYTES, block),
    // What stands past the last row counts for nothing.
    ...times(KEYS - 1, (index) => f32.store(get(scoresEnd), float(NO_SCORE), index * FLOAT_BYTES)),
  )
}

/** scores = e^(score − largest); their sum in every lane of `total`. */
function softmax(frame: Frame, whole: Local): Code {
  const { at, x, total } = frame
  const largest = total
  return sequence(
    set(largest, vectorOf(NO_SCORE)),
    eachScore(frame, VECTOR_BYTES, set(largest, f32x4.max(get(largest), v128.load(get(at))))),
    fold(f32x4.max, largest),
    eachScore(
      frame,
      VECTOR_BYTES,
      sequence(set(x, f32x4.sub(v128.load(get(at)), get(largest))), exponentiate(x, whole), v128.store(get(at), get(x))),
    ),
    set(total, v128.zero),
    eachScore(frame, VECTOR_BYTES, set(total, f32x4.add(get(total), v128.load(get(at))))),
    fold(f32x4.add, total),
  )
}

/** out = Σ score · value / total, a block of columns at a time. */
function mix(frame: Frame, sums: Local[], variable: (type: 'i32') => Local): Code {
  const { query, queryEnd, value, stride, out, at, through, x, total } = frame
  const [column, from, target] = [variable('i32'), variable('i32'), variable('i32')]
  const products = sums.map((sum, index) => set(sum, f32x4.add(get(sum), f32x4.mul(get(x), v128.load(get(from), index * VECTOR_BYTES)))))
  const block = sequence(
    ...sums.map((sum) => set(sum, v128.zero)),
    set(from, get(column)),
    eachScore(frame, FLOAT_BYTES, sequence(set(x, v128.loadSplat(get(at))), ...products, advance(from, get(stride)))),
    set(x, f32x4.splat(f32.div(float(1), f32x4.first(get(total))))),
    ...sums.map((sum, index) => v128.store(get(target), f32x4.mul(get(sum), get(x)), index * VECTOR_BYTES)),
    ...[column, target, through].map((each) => advance(each, int(MIXED * VECTOR_BYTES))),
  )
  return sequence(
    set(column, get(value)),
    set(target, get(out)),
    set(through, get(query)),
    repeat(block, i32.isLess(get(through), get(queryEnd))),
  )
}
