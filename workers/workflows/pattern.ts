import { AppError } from '../domain/error'
import { type PatternNode, parsePattern } from './pattern-parser'

/** Size of a compiled pattern; `(a{1,1000}){1,1000}` would be a million. */
const MAX_INSTRUCTIONS = 4_000

type Instruction =
  | { op: 'match' }
  | { op: 'test'; accepts: (character: number) => boolean }
  | { op: 'assert'; holds: (text: readonly number[], at: number) => boolean }
  | { op: 'split'; to: number[] }

/**
 * Compiles an ECMAScript-like pattern into a test that takes time in proportion to text × pattern, whatever the pattern: the
 * engine of the platform backtracks, and `(a+)+$` would hold it for minutes. Finds the pattern anywhere in the text.
 * Throws AppError `invalid` for syntax that it does not know: look-around and back-references.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const program: Instruction[] = []
  emit(parsePattern(pattern), program, pattern)
  program.push({ op: 'match' })
  return (text) =>
    run(
      program,
      Array.from(text, (character) => character.codePointAt(0) ?? 0),
    )
}

function run(program: readonly Instruction[], text: readonly number[]): boolean {
  let states = new Set<number>()
  for (let at = 0; at <= text.length; at++) {
    // A match may begin at every place.
    if (follow(program, 0, states, text, at)) return true
    const character = text[at]
    if (character === undefined) return false
    const next = new Set<number>()
    for (const state of states) {
      const instruction = program[state]
      if (instruction?.op === 'test' && instruction.accepts(character) && follow(program, state + 1, next, text, at + 1)) return true
    }
    states = next
  }
  return false
}

/** Adds what can be reached from `start` without reading a character; true when that is the end of the pattern. */
function follow(program: readonly Instruction[], start: number, states: Set<number>, text: readonly number[], at: number): boolean {
  const open = [start]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const instruction = program[state]
    if (!instruction || states.has(state)) continue
    states.add(state)
    if (instruction.op === 'match') return true
    if (instruction.op === 'split') open.push(...instruction.to)
    if (instruction.op === 'assert' && instruction.holds(text, at)) open.push(state + 1)
  }
  return false
}

function emit(node: PatternNode, program: Instruction[], pattern: string): void {
  if (program.length > MAX_INSTRUCTIONS)
    throw new AppError('invalid', `The pattern '${pattern}' is too large; use smaller repetition counts.`)
  switch (node.kind) {
    case 'set':
      program.push({ op: 'test', accepts: node.accepts })
      return
    case 'assert':
      program.push({ op: 'assert', holds: node.holds })
      return
    case 'sequence':
      for (const part of node.parts) emit(part, program, pattern)
      return
    case 'choice':
      emitChoice(node.options, program, pattern)
      return
    case 'repeat':
      emitRepeat(node, program, pattern)
  }
}

function emitChoice(options: readonly PatternNode[], program: Instruction[], pattern: string): void {
  const fork: number[] = []
  program.push({ op: 'split', to: fork })
  const exits: number[][] = []
  for (const option of options) {
    fork.push(program.length)
    emit(option, program, pattern)
    const exit: number[] = []
    program.push({ op: 'split', to: exit })
    exits.push(exit)
  }
  for (const exit of exits) exit.push(program.length)
}

function emitRepeat(node: Extract<PatternNode, { kind: 'repeat' }>, program: Instruction[], pattern: string): void {
  for (let count = 0; count < node.min; count++) emit(node.part, program, pattern)
  if (node.max === undefined) {
    const loop = program.length
    const fork = [loop + 1]
    program.push({ op: 'split', to: fork })
    emit(node.part, program, pattern)
    program.push({ op: 'split', to: [loop] })
    fork.push(program.length)
    return
  }
  const forks: number[][] = []
  for (let count = node.min; count < node.max; count++) {
    const fork = [program.length + 1]
    program.push({ op: 'split', to: fork })
    forks.push(fork)
    emit(node.part, program, pattern)
  }
  for (const fork of forks) fork.push(program.length)
}
