import { AppError } from '../domain/error'

type Accepts = (character: number) => boolean

export type PatternNode =
  | { kind: 'set'; accepts: Accepts }
  | { kind: 'assert'; holds: (text: readonly number[], at: number) => boolean }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'choice'; options: PatternNode[] }
  | { kind: 'repeat'; part: PatternNode; min: number; max: number | undefined }

const MAX_PATTERN_CHARACTERS = 500
const MAX_NESTING = 30
const MAX_COUNT = 1_000

const code = (character: string): number => character.codePointAt(0) ?? 0
const between =
  (from: string, to: string): Accepts =>
  (character) =>
    character >= code(from) && character <= code(to)
const anyOf =
  (...sets: Accepts[]): Accepts =>
  (character) =>
    sets.some((accepts) => accepts(character))
const not =
  (accepts: Accepts): Accepts =>
  (character) =>
    !accepts(character)

const digit = between('0', '9')
const word = anyOf(digit, between('a', 'z'), between('A', 'Z'), (character) => character === 95)
const space: Accepts = (character) => /\s/.test(String.fromCodePoint(character))
const CLASSES: Readonly<Record<string, Accepts>> = { d: digit, D: not(digit), w: word, W: not(word), s: space, S: not(space) }
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 }
const isWordAt = (text: readonly number[], at: number): boolean => text[at] !== undefined && word(text[at])
const boundary = (text: readonly number[], at: number): boolean => isWordAt(text, at - 1) !== isWordAt(text, at)

/** The tree of a pattern. Throws AppError `invalid` where the syntax is wrong or not supported. */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > MAX_PATTERN_CHARACTERS)
    throw new AppError('invalid', `A pattern may have ${MAX_PATTERN_CHARACTERS} characters; shorten it.`)
  const reader = new Reader(pattern)
  const node = choice(reader, 0)
  if (reader.peek() !== undefined) throw reader.wrong("there is a ')' too many")
  return node
}

class Reader {
  private readonly characters: string[]
  private at = 0
  constructor(private readonly pattern: string) {
    this.characters = Array.from(pattern)
  }
  peek(ahead = 0): string | undefined {
    return this.characters[this.at + ahead]
  }
  next(): string {
    const character = this.characters[this.at++]
    if (character === undefined) throw this.wrong('it ends too early')
    return character
  }
  take(text: string): boolean {
    const found = Array.from(text).every((character, ahead) => this.peek(ahead) === character)
    if (found) this.at += text.length
    return found
  }
  wrong(problem: string): AppError {
    return new AppError('invalid', `The pattern '${this.pattern}' cannot be used: ${problem}.`, { reason: 'pattern' })
  }
}

function choice(reader: Reader, depth: number): PatternNode {
  if (depth > MAX_NESTING) throw reader.wrong(`it is nested deeper than ${MAX_NESTING} groups`)
  const options = [sequence(reader, depth)]
  while (reader.take('|')) options.push(sequence(reader, depth))
  return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options }
}

function sequence(reader: Reader, depth: number): PatternNode {
  const parts: PatternNode[] = []
  for (let peek = reader.peek(); peek !== undefined && peek !== '|' && peek !== ')'; peek = reader.peek()) {
    parts.push(repeated(reader, atom(reader, depth)))
  }
  return { kind: 'sequence', parts }
}

function repeated(reader: Reader, part: PatternNode): PatternNode {
  const bounds = quantifier(reader)
  if (!bounds) return part
  // Lazy or greedy makes no difference to whether there is a match.
  reader.take('?')
  if (bounds.min > MAX_COUNT || (bounds.max ?? 0) > MAX_COUNT) throw reader.wrong(`a repetition count may be at most ${MAX_COUNT}`)
  if (bounds.max !== undefined && bounds.max < bounds.min) throw reader.wrong('a repetition ends before it begins')
  return { kind: 'repeat', part, ...bounds }
}

function quantifier(reader: Reader): { min: number; max: number | undefined } | undefined {
  if (reader.take('*')) return { min: 0, max: undefined }
  if (reader.take('+')) return { min: 1, max: undefined }
  if (reader.take('?')) return { min: 0, max: 1 }
  if (reader.peek() !== '{' || !/\d/.test(reader.peek(1) ?? '')) return undefined
  reader.next()
  const min = number(reader)
  const max = reader.take(',') ? (reader.peek() === '}' ? undefined : number(reader)) : min
  if (!reader.take('}')) throw reader.wrong("a '}' is missing")
  return { min, max }
}

function number(reader: Reader): number {
  let digits = ''
  while (/\d/.test(reader.peek() ?? '')) digits += reader.next()
  if (digits === '') throw reader.wrong('a repetition count is missing')
  return Number(digits)
}

function atom(reader: Reader, depth: number): PatternNode {
  const character = reader.next()
  if (character === '^') return { kind: 'assert', holds: (_, at) => at === 0 }
  if (character === '$') return { kind: 'assert', holds: (text, at) => at === text.length }
  if (character === '.') return { kind: 'set', accepts: (c) => c !== 10 && c !== 13 && c !== 0x2028 && c !== 0x2029 }
  if (character === '(') return group(reader, depth)
  if (character === '[') return { kind: 'set', accepts: set(reader) }
  if (character === '*' || character === '+' || character === '?') throw reader.wrong(`'${character}' has nothing to repeat`)
  if (character !== '\\') return { kind: 'set', accepts: (c) => c === code(character) }
  if (reader.take('b')) return { kind: 'assert', holds: boundary }
  if (reader.take('B')) return { kind: 'assert', holds: (text, at) => !boundary(text, at) }
  return { kind: 'set', accepts: escaped(reader).accepts }
}

function group(reader: Reader, depth: number): PatternNode {
  if (reader.peek() === '?' && !reader.take('?:')) throw reader.wrong("groups that begin with '(?' are not supported, except '(?:'")
  const inner = choice(reader, depth + 1)
  if (!reader.take(')')) throw reader.wrong("a ')' is missing")
  return inner
}

function set(reader: Reader): Accepts {
  const negated = reader.take('^')
  const members: Accepts[] = []
  while (!reader.take(']')) {
    const from = member(reader)
    if (from.single === undefined || reader.peek() !== '-' || reader.peek(1) === ']') {
      members.push(from.accepts)
      continue
    }
    reader.next()
    const to = member(reader)
    const { single: low } = from
    const { single: high } = to
    if (high === undefined || high < low) throw reader.wrong('a range in […] is the wrong way round')
    members.push((c) => c >= low && c <= high)
  }
  const accepts = anyOf(...members)
  return negated ? not(accepts) : accepts
}

interface Member {
  accepts: Accepts
  /** Code point, where the member is one character and may begin a range. */
  single?: number
}

function member(reader: Reader): Member {
  const character = reader.next()
  return character === '\\' ? escaped(reader) : one(code(character))
}

const one = (single: number): Member => ({ single, accepts: (c) => c === single })

function escaped(reader: Reader): Member {
  const letter = reader.next()
  const known = CLASSES[letter]
  if (known) return { accepts: known }
  const control = CONTROLS[letter]
  if (control !== undefined) return one(control)
  if (letter === 'u' || letter === 'x') return one(hexadecimal(reader, letter === 'u' ? 4 : 2))
  if (/[A-Za-z1-9]/.test(letter)) throw reader.wrong(`'\\${letter}' is not supported`)
  return one(code(letter))
}

function hexadecimal(reader: Reader, digits: number): number {
  const text = Array.from({ length: digits }, () => reader.next()).join('')
  if (!/^[0-9a-f]+$/i.test(text)) throw reader.wrong(`'${text}' is not a hexadecimal number`)
  return Number.parseInt(text, 16)
}
