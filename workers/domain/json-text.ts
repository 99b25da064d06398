import type { Problem } from './error'

/** What a JSON text may have. Real requests stay far below; a parser, a schema or a merge further in need not fear the rest. */
export const JSON_LIMITS = {
  /** Lists and objects within each other. */
  depth: 64,
  /** Members of all objects and items of all lists together. */
  members: 100_000,
  /** Of one key. */
  keyCharacters: 1_000,
  /** Of one number; a double has 17 digits. */
  numberCharacters: 400,
} as const

/**
 * What is wrong with a text that should be JSON (RFC 8259, and I-JSON's rules of RFC 7493 for what programs read differently), with line
 * and column; undefined when it may be parsed. Beside bad syntax it finds: too deep, too many members, a key that comes twice in one
 * object, the key `__proto__`, a `prototype` within a `constructor`, numbers that no double holds, and halves of surrogate pairs.
 * Takes time in proportion to the text and builds no values.
 */
export function findJsonProblem(text: string, maxMembers: number = JSON_LIMITS.members): Problem | undefined {
  try {
    new JsonText(text, maxMembers).check()
    return undefined
  } catch (thrown) {
    if (thrown instanceof Misplaced) return thrown.problem
    throw thrown
  }
}

/** The value of a text, or what keeps it from being taken. Parse with it what comes from outside and did not pass the door for JSON bodies. */
export function readJson(text: string, maxMembers?: number): { value: unknown } | { problem: Problem } {
  const problem = findJsonProblem(text, maxMembers)
  return problem === undefined ? { value: JSON.parse(text) } : { problem }
}

class Misplaced extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORDS = ['true', 'false', 'null']
const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_PRINTABLE = 0x20
const ESCAPES = '"\\/bfnrt'

class JsonText {
  private at = 0
  private members = 0
  private readonly path: (string | number)[] = []

  constructor(
    private readonly text: string,
    private readonly maxMembers: number,
  ) {}

  check(): void {
    this.value()
    this.space()
    if (this.at < this.text.length) throw this.misplaced('there is something after the end')
  }

  private value(): void {
    this.space()
    const first = this.text[this.at]
    if (first === '{') this.object()
    else if (first === '[') this.list()
    else if (first === '"') this.string()
    else if (!this.word()) this.number()
  }

  private word(): boolean {
    const word = WORDS.find((candidate) => this.text.startsWith(candidate, this.at))
    this.at += word?.length ?? 0
    return word !== undefined
  }

  private object(): void {
    const keys = new Set<string>()
    this.within('}', () => {
      this.space()
      if (this.text[this.at] !== '"') throw this.misplaced('a key in double quotes is missing')
      const start = this.at
      const key = this.string()
      this.assertKey(key, keys, start)
      keys.add(key)
      this.space()
      if (this.text[this.at] !== ':') throw this.misplaced("a ':' is missing")
      this.at += 1
      this.path.push(key)
      this.value()
      this.path.pop()
    })
  }

  private list(): void {
    let index = 0
    this.within(']', () => {
      this.path.push(index)
      this.value()
      this.path.pop()
      index += 1
    })
  }

  /** What stands between brackets, with commas between. */
  private within(end: string, member: () => void): void {
    if (this.path.length >= JSON_LIMITS.depth) throw this.misplaced(`it is nested deeper than ${JSON_LIMITS.depth} levels; flatten it`)
    this.at += 1
    this.space()
    if (this.text[this.at] === end) {
      this.at += 1
      return
    }
    for (;;) {
      this.members += 1
      if (this.members > this.maxMembers)
        throw this.misplaced(`it has more than ${this.maxMembers} members and items; send it in parts or as a document`)
      member()
      this.space()
      const mark = this.text[this.at]
      if (mark !== ',' && mark !== end) throw this.misplaced(`a ',' or '${end}' is missing`)
      this.at += 1
      if (mark === end) return
    }
  }

  /** A merge or an assignment by key would write into the prototype that every object has. */
  private assertKey(key: string, known: ReadonlySet<string>, start: number): void {
    if (key === '__proto__' || (key === 'prototype' && this.path.at(-1) === 'constructor'))
      throw this.misplaced(`the key '${key}' is not taken here; rename it`, start)
    if (known.has(key)) throw this.misplaced(`the key '${key.slice(0, 60)}' comes twice in one object; send it once`, start)
    if (key.length > JSON_LIMITS.keyCharacters)
      throw this.misplaced(`a key has more than ${JSON_LIMITS.keyCharacters} characters; shorten it`, start)
  }

  private string(): string {
    const start = this.at
    let isPlain = true
    for (this.at += 1; ; this.at += 1) {
      const code = this.text.charCodeAt(this.at)
      if (code === QUOTE) break
      // Past the end the code is NaN.
      if (!(code >= FIRST_PRINTABLE)) throw this.misplaced('a text in double quotes does not end')
      if (code !== BACKSLASH) continue
      isPlain = false
      this.escape()
    }
    this.at += 1
    if (isPlain) return this.text.slice(start + 1, this.at - 1)
    const value: unknown = JSON.parse(this.text.slice(start, this.at))
    if (typeof value !== 'string' || !value.isWellFormed())
      throw this.misplaced('a text holds half of a surrogate pair, which is no character; send whole characters', start)
    return value
  }

  /** Leaves `at` on the last character of the escape. */
  private escape(): void {
    const kind = this.text[this.at + 1] ?? ''
    if (kind === 'u' && /^[0-9a-fA-F]{4}$/.test(this.text.slice(this.at + 2, this.at + 6))) this.at += 5
    else if (kind !== '' && ESCAPES.includes(kind)) this.at += 1
    else throw this.misplaced("after '\\' stands what JSON does not know")
  }

  private number(): void {
    NUMBER.lastIndex = this.at
    const digits = NUMBER.exec(this.text)?.[0]
    if (digits === undefined) throw this.misplaced(this.at >= this.text.length ? 'it ends too early' : 'a value is missing')
    if (digits.length > JSON_LIMITS.numberCharacters || !Number.isFinite(Number(digits)))
      throw this.misplaced('a number is larger or longer than a double holds; send it as text')
    this.at += digits.length
  }

  private space(): void {
    for (let code = this.text.charCodeAt(this.at); code === 32 || code === 10 || code === 13 || code === 9; ) {
      this.at += 1
      code = this.text.charCodeAt(this.at)
    }
  }

  private misplaced(message: string, at = this.at): Misplaced {
    const before = this.text.slice(0, at)
    const path = this.path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('')
    return new Misplaced({
      path: path.length > MAX_PATH_CHARACTERS ? `${path.slice(0, MAX_PATH_CHARACTERS)}…` : path,
      message,
      line: before.split('\n').length,
      column: at - before.lastIndexOf('\n'),
    })
  }
}

/** A path is for a person; keys may be long. */
const MAX_PATH_CHARACTERS = 200
