import { advance, type Code, defineFunction, f32x4, get, i32, i32x4, int, type Local, repeat, sequence, set, v128 } from './assembler.ts'
import { bytesOf, FLOAT_BYTES, times, VECTOR_BYTES } from './lanes.ts'

/** Eight accumulators beside the operands fit into 16 registers. */
const ROWS = 4
/** Columns stand in panels of eight, two vectors of four. */
const PANEL = 8
/** Pairs of inputs that one turn of the loop takes. */
const PAIRS = 2

/**
 * out = numbers × weights, in the scales of both, plus `bias`, plus `onto` (rows that lie `ontoStride` apart), and at least `floor`.
 * Weights are signed bytes in panels of eight columns: for each pair of inputs the two bytes of each column.
 */
export const multiply = defineFunction(
  'multiply',
  {
    ...{ numbers: 'i32', rowScales: 'i32', rows: 'i32', depth: 'i32', weights: 'i32', columnScales: 'i32', bias: 'i32', width: 'i32' },
    ...{ onto: 'i32', ontoStride: 'i32', out: 'i32', floor: 'f32' },
  },
  (p, variable) => {
    const sums = times(ROWS, () => ({ low: variable('v128'), high: variable('v128') }))
    const inputs = times(ROWS, () => variable('i32'))
    const [rowBytes, outBytes, numbersEnd, biasEnd] = [variable('i32'), variable('i32'), variable('i32'), variable('i32')]
    const [row, scale, target, added, weight, panelEnd] = times(6, () => variable('i32')) as [Local, Local, Local, Local, Local, Local]
    const panel = sequence(
      set(panelEnd, i32.add(get(p.weights), i32.mul(get(p.depth), int(PANEL)))),
      set(row, get(p.numbers)),
      set(scale, get(p.rowScales)),
      set(target, get(p.out)),
      set(added, get(p.onto)),
      repeat(
        sequence(
          ...sums.flatMap(({ low, high }) => [set(low, v128.zero), set(high, v128.zero)]),
          ...inputs.map((input, index) => set(input, i32.add(get(row), i32.mul(get(rowBytes), int(index))))),
          set(weight, get(p.weights)),
          addProducts(sums, inputs, weight, panelEnd, variable),
          ...sums.map(({ low, high }, index) => {
            const finish = (sum: Local, offset: number): Code => {
              const scales = f32x4.mul(v128.loadSplat(get(scale), index * FLOAT_BYTES), v128.load(get(p.columnScales), offset))
              const before = f32x4.add(v128.load(get(p.bias), offset), v128.load(get(added), offset))
              const value = f32x4.add(f32x4.mul(f32x4.fromInt(get(sum)), scales), before)
              return v128.store(get(target), f32x4.max(value, f32x4.splat(get(p.floor))), offset)
            }
            return sequence(finish(low, 0), finish(high, VECTOR_BYTES), advance(target, get(outBytes)), advance(added, get(p.ontoStride)))
          }),
          advance(row, i32.mul(get(rowBytes), int(ROWS))),
          advance(scale, int(ROWS * FLOAT_BYTES)),
        ),
        i32.isLess(get(row), get(numbersEnd)),
      ),
      set(p.weights, get(panelEnd)),
      ...[p.columnScales, p.bias, p.out, p.onto].map((along) => advance(along, int(PANEL * FLOAT_BYTES))),
    )
    return sequence(
      set(rowBytes, i32.shiftLeft(get(p.depth), int(1))),
      set(outBytes, bytesOf(p.width)),
      set(numbersEnd, i32.add(get(p.numbers), i32.mul(get(p.rows), get(rowBytes)))),
      set(biasEnd, i32.add(get(p.bias), get(outBytes))),
      repeat(panel, i32.isLess(get(p.bias), get(biasEnd))),
    )
  },
)

/** The inner loop, in which nearly all time goes: four rows times one panel. */
function addProducts(
  sums: { low: Local; high: Local }[],
  inputs: Local[],
  weight: Local,
  panelEnd: Local,
  variable: (type: 'v128') => Local,
): Code {
  const [low, high, input] = [variable('v128'), variable('v128'), variable('v128')]
  const pair = (index: number) => {
    const offset = index * VECTOR_BYTES
    return sequence(
      set(low, v128.loadBytes(get(weight), offset)),
      set(high, v128.loadBytes(get(weight), offset + VECTOR_BYTES / 2)),
      ...sums.map((sum, row) =>
        sequence(
          set(input, v128.loadSplat(get(inputs[row] ?? weight), index * 4)),
          set(sum.low, i32x4.add(get(sum.low), i32x4.dot(get(input), get(low)))),
          set(sum.high, i32x4.add(get(sum.high), i32x4.dot(get(input), get(high)))),
        ),
      ),
    )
  }
  return repeat(
    sequence(...times(PAIRS, pair), ...inputs.map((each) => advance(each, int(PAIRS * 4))), advance(weight, int(PAIRS * VECTOR_BYTES))),
    i32.isLess(get(weight), get(panelEnd)),
  )
}
