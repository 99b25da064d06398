import { advance, type Code, defineFunction, f32, f32x4, float, get, i32, int, repeat, sequence, set, v128 } from './assembler.ts'
import { bytesOf, fold, VECTOR_BYTES } from './lanes.ts'

/** As the model was trained. */
const EPSILON = 1e-6

/** Layer norm: rows with mean 0 and variance 1, times `gain`, plus `bias`. */
export const normalise = defineFunction(
  'normalise',
  { values: 'i32', out: 'i32', gain: 'i32', bias: 'i32', rows: 'i32', width: 'i32' },
  ({ values, out, gain, bias, rows, width }, variable) => {
    const [end, rowEnd, at, offset] = [variable('i32'), variable('i32'), variable('i32'), variable('i32')]
    const [sum, mean, factor, away, count] = [variable('v128'), variable('v128'), variable('v128'), variable('v128'), variable('f32')]
    const each = (body: Code) =>
      sequence(set(at, get(values)), repeat(sequence(body, advance(at, int(VECTOR_BYTES))), i32.isLess(get(at), get(rowEnd))))
    const centred = f32x4.sub(v128.load(get(at)), get(mean))
    const along = (vector: typeof gain) => v128.load(i32.add(get(vector), get(offset)))
    const row = sequence(
      set(rowEnd, i32.add(get(values), bytesOf(width))),
      set(sum, v128.zero),
      each(set(sum, f32x4.add(get(sum), v128.load(get(at))))),
      fold(f32x4.add, sum),
      set(mean, f32x4.splat(f32.div(f32x4.first(get(sum)), get(count)))),
      set(sum, v128.zero),
      each(sequence(set(away, centred), set(sum, f32x4.add(get(sum), f32x4.mul(get(away), get(away)))))),
      fold(f32x4.add, sum),
      set(factor, f32x4.splat(f32.div(float(1), f32.sqrt(f32.add(f32.div(f32x4.first(get(sum)), get(count)), float(EPSILON)))))),
      set(offset, int(0)),
      each(
        sequence(
          v128.store(get(out), f32x4.add(f32x4.mul(f32x4.mul(centred, get(factor)), along(gain)), along(bias))),
          advance(out, int(VECTOR_BYTES)),
          advance(offset, int(VECTOR_BYTES)),
        ),
      ),
      set(values, get(rowEnd)),
    )
    return sequence(
      set(count, f32.fromInt(get(width))),
      set(end, i32.add(get(values), i32.mul(get(rows), bytesOf(width)))),
      repeat(row, i32.isLess(get(values), get(end))),
    )
  },
)
