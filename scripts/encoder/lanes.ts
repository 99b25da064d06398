import { type Code, f32x4, float, get, i32, i32x4, int, type Local, sequence, set, v128 } from './assembler.ts'

export const FLOAT_BYTES = 4
export const VECTOR_BYTES = 16

export const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))

/** Bytes of so many floats. */
export const bytesOf = (floats: Local): Code => i32.shiftLeft(get(floats), int(2))

export const vectorOf = (value: number): Code => f32x4.splat(float(value))

/** Makes every lane the operation over all four. */
export const fold = (operation: (a: Code, b: Code) => Code, vector: Local): Code =>
  sequence(
    set(vector, operation(get(vector), v128.shuffle(get(vector), get(vector), [2, 3, 0, 1]))),
    set(vector, operation(get(vector), v128.shuffle(get(vector), get(vector), [1, 0, 3, 2]))),
  )

/** Below it e^x is nothing beside the largest term of a softmax, which is 1. */
const LEAST_EXPONENT = -87
/** ln 2 in two parts, so that the reduction loses no bits (Cody and Waite 1980). */
const LN2_HIGH = 0.693359375
const LN2_LOW = -2.1219444005469057e-4
/** 1/7! … 1/0!: Taylor's terms are exact to a float's last bits for |x| ≤ ln 2 / 2. */
const TERMS = [1 / 5_040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1]
const EXPONENT_BIAS = 127
const MANTISSA_BITS = 23

/** x becomes e^x in each lane, for x ≤ 0. `whole` is scratch. */
export const exponentiate = (x: Local, whole: Local): Code => {
  const [leading = 0, ...rest] = TERMS
  const series = rest.reduce<Code>((sum, term) => f32x4.add(f32x4.mul(sum, get(x)), vectorOf(term)), vectorOf(leading))
  const powerOfTwo = i32x4.shiftLeft(i32x4.add(i32x4.fromFloat(get(whole)), i32x4.splat(int(EXPONENT_BIAS))), int(MANTISSA_BITS))
  return sequence(
    set(x, f32x4.max(get(x), vectorOf(LEAST_EXPONENT))),
    set(whole, f32x4.nearest(f32x4.mul(get(x), vectorOf(Math.LOG2E)))),
    set(x, f32x4.sub(get(x), f32x4.mul(get(whole), vectorOf(LN2_HIGH)))),
    set(x, f32x4.sub(get(x), f32x4.mul(get(whole), vectorOf(LN2_LOW)))),
    set(x, f32x4.mul(series, powerOfTwo)),
  )
}
