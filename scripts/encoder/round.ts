import { advance, type Code, defineFunction, f32, f32x4, float, get, i32, i32x4, int, repeat, sequence, set, v128 } from './assembler.ts'
import { bytesOf, FLOAT_BYTES, fold, VECTOR_BYTES } from './lanes.ts'

/** Products with signed bytes over 1,536 inputs then stay inside 32 bits. */
const LARGEST_NUMBER = 8_191
/** A row of zeros must not divide by zero. */
const LEAST_VALUE = 1e-30

/** Rounds rows of floats to 16-bit numbers, each row with a scale of its own: value = scale · number. */
export const round = defineFunction(
  'round',
  { values: 'i32', numbers: 'i32', scales: 'i32', rows: 'i32', width: 'i32' },
  ({ values, numbers, scales, rows, width }, variable) => {
    const [end, rowEnd, at] = [variable('i32'), variable('i32'), variable('i32')]
    const [largest, factor] = [variable('v128'), variable('v128')]
    const eachVector = (vectors: number, body: Code) =>
      sequence(set(at, get(values)), repeat(sequence(body, advance(at, int(vectors * VECTOR_BYTES))), i32.isLess(get(at), get(rowEnd))))
    const rounded = (offset: number) => i32x4.fromFloat(f32x4.nearest(f32x4.mul(v128.load(get(at), offset), get(factor))))
    const row = sequence(
      set(rowEnd, i32.add(get(values), bytesOf(width))),
      set(largest, f32x4.splat(float(LEAST_VALUE))),
      eachVector(1, set(largest, f32x4.max(get(largest), f32x4.abs(v128.load(get(at)))))),
      fold(f32x4.max, largest),
      set(factor, f32x4.splat(f32.div(float(LARGEST_NUMBER), f32x4.first(get(largest))))),
      f32.store(get(scales), f32.mul(f32x4.first(get(largest)), float(1 / LARGEST_NUMBER))),
      eachVector(
        2,
        sequence(v128.store(get(numbers), i32x4.narrow(rounded(0), rounded(VECTOR_BYTES))), advance(numbers, int(VECTOR_BYTES))),
      ),
      advance(scales, int(FLOAT_BYTES)),
      set(values, get(rowEnd)),
    )
    return sequence(set(end, i32.add(get(values), i32.mul(get(rows), bytesOf(width)))), repeat(row, i32.isLess(get(values), get(end))))
  },
)
