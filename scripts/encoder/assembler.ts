/**
 * Just enough of a WebAssembly assembler to write the encoder's inner loops: an instruction is the bytes of its operands followed
 * by its own, so expressions nest as they read. Encodings are those of the core specification 3.0, chapter 5.
 */
export type Code = readonly number[]

type ValueType = 'i32' | 'f32' | 'v128'
const VALUE_TYPES: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }
const SIMD = 0xfd
const FUNCTION_TYPE = 0x60
const EMPTY_BLOCK = 0x40
const END = 0x0b

/** A parameter or variable of a function. */
export interface Local {
  index: number
  type: ValueType
}

const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)])
const signed = (value: number): number[] => (value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)])
const listed = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()]
const sized = (bytes: Code): number[] => [...unsigned(bytes.length), ...bytes]

const operator =
  (...opcode: number[]) =>
  (...operands: Code[]): Code => [...operands.flat(), ...opcode]
const simd = (opcode: number) => operator(SIMD, ...unsigned(opcode))
/** Alignment is only a hint and is given as none. */
const load =
  (...opcode: number[]) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, 0, ...unsigned(offset)]
const store =
  (...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...opcode, 0, ...unsigned(offset)]

export const int = (value: number): Code => [0x41, ...signed(value)]
export const float = (value: number): Code => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)]
export const get = ({ index }: Local): Code => [0x20, ...unsigned(index)]
export const set = ({ index }: Local, value: Code): Code => [...value, 0x21, ...unsigned(index)]
export const advance = (local: Local, by: Code): Code => set(local, i32.add(get(local), by))
export const sequence = (...steps: readonly Code[]): Code => steps.flat()
/** Does `body`, and again as long as `condition` holds after it. */
export const repeat = (body: Code, condition: Code): Code => [0x03, EMPTY_BLOCK, ...body, ...condition, 0x0d, 0, END]

export const i32 = { add: operator(0x6a), mul: operator(0x6c), shiftLeft: operator(0x74), isLess: operator(0x48) }
export const f32 = {
  add: operator(0x92),
  mul: operator(0x94),
  div: operator(0x95),
  max: operator(0x97),
  sqrt: operator(0x91),
  fromInt: operator(0xb2),
  store: store(0x38),
}
export const v128 = {
  zero: [SIMD, 12, ...new Array<number>(16).fill(0)] as Code,
  load: load(SIMD, 0),
  store: store(SIMD, 11),
  /** Eight signed bytes as eight 16-bit numbers. */
  loadBytes: load(SIMD, 1),
  /** 32 bits, four times. */
  loadSplat: load(SIMD, 9),
  /** Four 32-bit lanes out of the eight of both. */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [
    ...a,
    ...b,
    SIMD,
    13,
    ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
  ],
}
export const i32x4 = {
  splat: simd(0x11),
  add: simd(0xae),
  shiftLeft: simd(0xab),
  /** Products of 16-bit lanes, added in pairs. */
  dot: simd(0xba),
  fromFloat: simd(0xf8),
  /** Two vectors to one of 16-bit numbers. */
  narrow: simd(0x85),
}
export const f32x4 = {
  splat: simd(0x13),
  first: (value: Code): Code => [...value, SIMD, 0x1f, 0],
  abs: simd(0xe0),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  max: simd(0xe9),
  nearest: simd(0x6a),
  fromInt: simd(0xfa),
}

export interface AssembledFunction {
  name: string
  parameters: ValueType[]
  variables: ValueType[]
  body: Code
}

/** Declares a function that gives nothing back. `write` gets its parameters and a maker of variables, which start as zero. */
export function defineFunction<Parameters extends Record<string, ValueType>>(
  name: string,
  parameters: Parameters,
  write: (parameters: { [Name in keyof Parameters]: Local }, variable: (type: ValueType) => Local) => Code,
): AssembledFunction {
  const types = Object.values(parameters)
  const variables: ValueType[] = []
  const named = Object.fromEntries(Object.entries(parameters).map(([key, type], index) => [key, { index, type }]))
  const variable = (type: ValueType): Local => ({ index: types.length + variables.push(type) - 1, type })
  const body = write(named as { [Name in keyof Parameters]: Local }, variable)
  return { name, parameters: types, variables, body }
}

/** A module that exports the functions and one `memory` of at least `pages` × 64 KB. */
export function assemble(functions: readonly AssembledFunction[], pages: number): Uint8Array {
  const text = (name: string) => sized([...new TextEncoder().encode(name)])
  const section = (id: number, items: readonly Code[]): number[] => [id, ...sized(listed(items))]
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      functions.map(({ parameters }) => [FUNCTION_TYPE, ...listed(parameters.map((type) => [VALUE_TYPES[type]])), 0]),
    ),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [[...text('memory'), 2, 0], ...functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)])]),
    ...section(
      10,
      functions.map(({ variables, body }) => sized([...listed(variables.map((type) => [1, VALUE_TYPES[type]])), ...body, END])),
    ),
  ])
}
