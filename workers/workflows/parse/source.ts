import { isCollection, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { AppError, type Problem } from '../../domain/error'
import { MAX_WORKFLOW_BYTES } from '../../domain/workflows'

export type Path = readonly PropertyKey[]

/** The text of a workflow with its value, and where in the text each part stands. */
export interface Source {
  value: unknown
  /** A problem at a path: the place is that of the nearest part that exists; with `key`, of that key of it. */
  problem(path: Path, message: string, key?: string): Problem
}

const MAX_ALIASES = 50
const MAX_NESTING = 60

/** Reads YAML 1.2. Throws AppError `invalid` with every syntax problem, `too_large` for more than 256 KB. */
export function readSource(text: string): Source {
  if (new TextEncoder().encode(text).length > MAX_WORKFLOW_BYTES)
    throw new AppError('too_large', `A workflow may have ${MAX_WORKFLOW_BYTES / 1024} KB; move large constants into documents.`)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, schema: 'core', stringKeys: true })
  const place = (offset: number | undefined) => (offset === undefined ? {} : position(lines, offset))
  const syntax = [...document.errors, ...document.warnings].map(
    (error): Problem => ({ path: '', message: `YAML: ${error.message}`, ...place(error.pos[0]) }),
  )
  const problems = [...syntax, ...protoKeys(document.contents).map((at) => ({ path: '', message: PROTO_KEY, ...place(at) }))]
  if (problems.length > 0) throw invalidWorkflow(problems)
  const depth = depthOf(document.contents)
  if (depth > MAX_NESTING)
    throw invalidWorkflow([{ path: '', message: `The file is nested deeper than ${MAX_NESTING} levels; flatten it.` }])
  return {
    value: plainValue(() => document.toJS({ maxAliasCount: MAX_ALIASES })),
    problem: (path, message, key) => ({ path: pathText(path), message, ...place(offsetOf(document.contents, path, key)) }),
  }
}

/** The one error of a workflow that is not accepted: every problem with its place. */
export function invalidWorkflow(problems: Problem[]): AppError {
  const first = problems[0]
  const where = first?.line === undefined ? '' : `line ${first.line}: `
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new AppError(
    'invalid',
    `The workflow has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}. ${where}${first?.message ?? ''}${more}`,
    { problems, reason: 'workflow' },
  )
}

/** `steps[2].input.documentId` */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`),
    '',
  )

function plainValue(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw invalidWorkflow([
      { path: '', message: `The file repeats itself by more than ${MAX_ALIASES} aliases (*name); write the parts out.` },
    ])
  }
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

/** Start of the key (for a missing or unknown member: of the nearest enclosing part). */
function offsetOf(root: Node | null, path: Path, key: string | undefined): number | undefined {
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const part of key === undefined ? path : [...path, key]) {
    if (!isCollection(node)) return offset
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === part) : undefined
    if (pair && isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
    node = pair ? pair.value : typeof part === 'number' ? node.items[part] : undefined
    if (node === undefined || isPair(node)) return offset
    if (!pair) offset = rangeStart(node) ?? offset
  }
  return offset
}

const PROTO_KEY = "the key '__proto__' is not taken here, because every object has something of its own by that name; rename it"

/** Where such keys stand: they would be lost on the way without a word. */
function protoKeys(root: Node | null): (number | undefined)[] {
  const places: (number | undefined)[] = []
  if (root)
    visit(root, {
      Pair: (_, { key }) => {
        if (isScalar(key) && key.value === '__proto__') places.push(key.range?.[0])
      },
    })
  return places
}

const rangeStart = (node: unknown): number | undefined => (isScalar(node) || isCollection(node) ? node.range?.[0] : undefined)

function depthOf(root: Node | null): number {
  let deepest = 0
  if (!root) return deepest
  visit(root, (_, __, ancestors) => {
    deepest = Math.max(deepest, ancestors.length)
  })
  // Ancestors count a map and its pair apart.
  return deepest / 2
}
