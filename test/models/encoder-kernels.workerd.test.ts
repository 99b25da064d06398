import { beforeAll, describe, expect, it } from 'vitest'
import module from '../../workers/models/assets/encoder.wasm'

interface Kernels {
  memory: WebAssembly.Memory
  [name: string]: unknown
}
type Call = (...values: number[]) => void

const ROWS = 4
const [VALUES, NUMBERS, SCALES, WEIGHTS, COLUMN_SCALES, BIAS, ONTO, OUT, SCORES] = Array.from(
  { length: 9 },
  (_, index) => index * 32_768,
) as [number, number, number, number, number, number, number, number, number]
let kernels: Kernels
const call = (name: string, ...values: number[]) => (kernels[name] as Call)(...values)
const floats = (at: number, count: number) => new Float32Array(kernels.memory.buffer, at, count)
/** Numbers between -1 and 1 that look random and are the same every time. */
const noise = (count: number, seed: number) => Float32Array.from({ length: count }, (_, index) => Math.sin((index + 1) * 12.9898 * seed))
const far = (a: Float32Array, b: readonly number[]) => Math.max(...b.map((value, index) => Math.abs(value - (a[index] ?? Number.NaN))))

beforeAll(() => {
  kernels = new WebAssembly.Instance(module).exports as WebAssembly.Exports & Kernels
  kernels.memory.grow(8)
})

describe('the kernels of the encoder', () => {
  it('round a row to numbers that give its values back with their scale, and take a row of zeros', () => {
    const width = 32
    const values = noise(ROWS * width, 1).map((value, index) => (index < width ? 0 : value * 50))
    floats(VALUES, values.length).set(values)
    call('round', VALUES, NUMBERS, SCALES, ROWS, width)
    const numbers = new Int16Array(kernels.memory.buffer, NUMBERS, values.length)
    const back = Float32Array.from(numbers, (number, index) => number * (floats(SCALES, ROWS)[Math.floor(index / width)] ?? 0))
    expect(far(back, [...values])).toBeLessThan(50 / 8_191)
    expect([...numbers.subarray(0, width)]).toEqual(new Array(width).fill(0))
  })

  it('multiply rows with panels of bytes, add what there is, and keep to the floor', () => {
    const [depth, width] = [32, 16]
    const numbers = Int16Array.from(noise(ROWS * depth, 2), (value) => Math.round(value * 8_191))
    const bytes = Int8Array.from(noise(depth * width, 3), (value) => Math.round(value * 127))
    const [rowScales, columnScales, bias, onto] = [noise(ROWS, 4), noise(width, 5), noise(width, 6), noise(ROWS * width, 7)]
    new Int16Array(kernels.memory.buffer, NUMBERS, numbers.length).set(numbers)
    const panels = new Int8Array(kernels.memory.buffer, WEIGHTS, bytes.length)
    for (const [index, byte] of bytes.entries()) {
      const [row, column] = [Math.floor(index / width), index % width]
      panels[Math.floor(column / 8) * 8 * depth + Math.floor(row / 2) * 16 + (column % 8) * 2 + (row % 2)] = byte
    }
    for (const [at, part] of [
      [SCALES, rowScales],
      [COLUMN_SCALES, columnScales],
      [BIAS, bias],
      [ONTO, onto],
    ] as const)
      floats(at, part.length).set(part)
    call('multiply', NUMBERS, SCALES, ROWS, depth, WEIGHTS, COLUMN_SCALES, BIAS, width, ONTO, width * 4, OUT, 0)
    const expected = Array.from({ length: ROWS * width }, (_, index) => {
      const [row, column] = [Math.floor(index / width), index % width]
      let sum = 0
      for (let input = 0; input < depth; input += 1) sum += numbers[row * depth + input]! * bytes[input * width + column]!
      return Math.max(0, sum * rowScales[row]! * columnScales[column]! + bias[column]! + onto[index]!)
    })
    expect(far(floats(OUT, expected.length), expected) / Math.max(...expected)).toBeLessThan(1e-6)
  })

  it('normalise a row to mean 0 and variance 1 before gain and bias', () => {
    const width = 64
    const [values, gain, bias] = [noise(ROWS * width, 8), noise(width, 9), noise(width, 10)]
    for (const [at, part] of [
      [VALUES, values],
      [COLUMN_SCALES, gain],
      [BIAS, bias],
    ] as const)
      floats(at, part.length).set(part)
    call('normalise', VALUES, OUT, COLUMN_SCALES, BIAS, ROWS, width)
    const expected = Array.from({ length: ROWS }, (_, row) => {
      const part = [...values.subarray(row * width, (row + 1) * width)]
      const mean = part.reduce((sum, value) => sum + value, 0) / width
      const variance = part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width
      return part.map((value, column) => ((value - mean) / Math.sqrt(variance + 1e-6)) * gain[column]! + bias[column]!)
    }).flat()
    expect(far(floats(OUT, expected.length), expected)).toBeLessThan(1e-5)
  })

  it.each([1, 2, 3, 4, 7])('attend to all of %d rows and to nothing past them', (rows) => {
    const width = 64
    const all = noise(3 * 8 * width, 11).map((value) => value * 3)
    // What stands past the last row must not matter, not even when it is no number.
    for (let at = rows * 3 * width; at < all.length; at += 1) all[at] = Number.NaN
    floats(VALUES, all.length).set(all)
    const stride = 3 * width * 4
    call('attend', VALUES, VALUES + width * 4, VALUES + 2 * width * 4, stride, width, 0.125, rows, SCORES, OUT, width * 4)
    const part = (row: number, which: number) => [...all.subarray((row * 3 + which) * width, (row * 3 + which + 1) * width)]
    const expected = Array.from({ length: rows }, (_, row) => {
      const weights = Array.from({ length: rows }, (_, other) =>
        Math.exp(0.125 * part(row, 0).reduce((sum, value, column) => sum + value * part(other, 1)[column]!, 0)),
      )
      const total = weights.reduce((sum, value) => sum + value, 0)
      return Array.from({ length: width }, (_, column) =>
        weights.reduce((sum, weight, other) => sum + (weight / total) * part(other, 2)[column]!, 0),
      )
    }).flat()
    expect(far(floats(OUT, expected.length), expected)).toBeLessThan(1e-5)
  })
})
