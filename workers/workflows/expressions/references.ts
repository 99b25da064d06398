import type { ASTNode } from '@marcbachmann/cel-js'
import { LOOPS } from './cel-rewrite'

/** One reading of the scope: `['steps', 'extract', 'output', 'fields']`; a dynamic part ends the path with `undefined`. */
export type Reference = (string | undefined)[]

/** Every path that an expression reads from the scope, variables bound by its own loops left out. */
export function celReferences(ast: ASTNode): Reference[] {
  const found: Reference[] = []
  visit(ast, new Set(), found)
  return found
}

function visit(node: ASTNode, bound: ReadonlySet<string>, found: Reference[]): void {
  const chain = pathOf(node)
  if (chain) {
    const root = chain.path[0]
    if (root !== undefined && !bound.has(root)) found.push(chain.path)
    for (const index of chain.dynamic) visit(index, bound, found)
    return
  }
  if (node.op === 'rcall' && LOOPS.has(node.args[0])) {
    const [, receiver, [variable, ...body]] = node.args
    visit(receiver, bound, found)
    const inner = variable?.op === 'id' ? new Set([...bound, variable.args]) : bound
    for (const part of body) visit(part, inner, found)
    return
  }
  for (const child of childrenOf(node)) visit(child, bound, found)
}

/** `a.b["c"][0]` as a path from its root, or undefined when the root is not a name. */
function pathOf(node: ASTNode): { path: Reference; dynamic: ASTNode[] } | undefined {
  if (node.op === 'id') return { path: [node.args], dynamic: [] }
  if (node.op !== '.' && node.op !== '[]') return undefined
  const left = pathOf(node.args[0])
  if (!left) return undefined
  if (node.op === '.') return { path: [...left.path, node.args[1]], dynamic: left.dynamic }
  const key = node.args[1]
  if (key.op === 'value' && typeof key.args !== 'object') return { path: [...left.path, String(key.args)], dynamic: left.dynamic }
  return { path: [...left.path, undefined], dynamic: [...left.dynamic, key] }
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    default:
      return node.args
  }
}

/** A path as an author writes it: `steps.extract.output[0]`. */
export const describePath = (path: Reference): string =>
  path.map((part, at) => (part === undefined ? '[…]' : /^\d+$/.test(part) ? `[${part}]` : at === 0 ? part : `.${part}`)).join('')

/** The path that a node of a rewritten expression names, as text for messages, or undefined when it names none. */
export function describeNode(node: ASTNode): string | undefined {
  const path = pathWithoutDyn(node)
  return path && describePath(path)
}

/** The rewriter wraps what has members in `at(…)` and what is read whole in `weigh(…)`; a message shows the path as the author wrote it. */
function pathWithoutDyn(node: ASTNode): Reference | undefined {
  if (node.op === 'id') return [node.args]
  if (node.op === 'call' && WRAPPERS.has(node.args[0]) && node.args[1][0]) return pathWithoutDyn(node.args[1][0])
  if (node.op !== '.' && node.op !== '[]') return undefined
  const left = pathWithoutDyn(node.args[0])
  if (!left) return undefined
  if (node.op === '.') return [...left, node.args[1]]
  return [...left, node.args[1].op === 'value' ? String(node.args[1].args) : undefined]
}
const WRAPPERS: ReadonlySet<string> = new Set(['at', 'dyn', 'weigh', 'weighAll'])
