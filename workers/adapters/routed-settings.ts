import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { AppError, type Problem } from '../domain/error'
import { danglingNames, ModelSettings, overlay, variablesIn } from '../domain/model-settings'
import shipped from './models.yaml'

/** The file that comes with Steward: what holds while a tenant has set nothing. */
export const SHIPPED_SOURCE: string = shipped
const MAX_BYTES = 64 * 1024
const MAX_ALIASES = 50

let operator: ModelSettings | undefined

/** The shipped settings, read once. */
export function shippedSettings(): ModelSettings {
  operator ??= readSettings(SHIPPED_SOURCE, undefined)
  return operator
}

/**
 * A tenant's models.yaml on top of the shipped one. Throws `invalid` with line and column of every problem, `too_large` over 64 KB.
 * It may not name the installation's variables: its own address with the installation's key would carry the key away.
 */
export const parseTenantSettings = (source: string): ModelSettings => readSettings(source, shippedSettings())

function readSettings(source: string, below: ModelSettings | undefined): ModelSettings {
  if (new TextEncoder().encode(source).length > MAX_BYTES)
    throw new AppError('too_large', `models.yaml may have ${MAX_BYTES / 1024} KB; leave out models that nothing uses.`)
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, schema: 'core', stringKeys: true })
  const place = (offset: number | undefined) => {
    if (offset === undefined) return {}
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const syntax = [...document.errors, ...document.warnings].map(
    ({ message, pos }): Problem => ({ path: '', message: `YAML: ${message}`, ...place(pos[0]) }),
  )
  if (syntax.length > 0) throw invalid(syntax)
  const at = (path: readonly PropertyKey[], message: string): Problem => ({
    path: path.map(String).join('.'),
    message,
    ...place(offsetOf(document.contents, path)),
  })
  const parsed = ModelSettings.safeParse(plainValue(() => document.toJS({ maxAliasCount: MAX_ALIASES })) ?? {})
  if (!parsed.success) throw invalid(parsed.error.issues.map(({ path, message }) => at(path, message)))
  const own = parsed.data
  const whole = below ? overlay(below, own) : own
  const problems = danglingNames(own, whole)
  const variables = below
    ? variablesIn(own).map((path) => ({
        path,
        message: 'only the shipped file may name variables; use a secret of this tenant: { secret: name }',
      }))
    : []
  if (problems.length + variables.length > 0) throw invalid([...problems, ...variables].map(({ path, message }) => at(path, message)))
  return whole
}

function plainValue(read: () => unknown): unknown {
  try {
    return read()
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown
    throw invalid([{ path: '', message: `The file repeats itself by more than ${MAX_ALIASES} aliases (*name); write the parts out.` }])
  }
}

function invalid(problems: Problem[]): AppError {
  const [first] = problems
  const where = first?.line === undefined ? '' : `line ${first.line}: `
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new AppError('invalid', `models.yaml has ${count}. ${where}${first?.message ?? ''}`, { problems, reason: 'models' })
}

/** Start of the nearest part of the text that exists. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = root
  let offset = rangeOf(root)
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part)
      if (!pair) return offset
      offset = rangeOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part]
      offset = rangeOf(node) ?? offset
    } else return offset
  }
  return offset
}

const rangeOf = (node: unknown): number | undefined => (isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined)
