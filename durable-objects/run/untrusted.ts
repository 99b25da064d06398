import { type ArgumentPath, argumentText, notAllowed, type UntrustedArgument, valueAt } from '../../workers/domain/approvals'
import type { Origin, UntrustedText } from '../../workers/domain/guardrails'
import { taintOf } from '../../workers/domain/taint'
import type { Step } from '../../workers/domain/workflows'
import { descentOf } from '../../workers/workflows/descent'
import { type ScopePath, visibleKey } from './layout'
import type { RunState } from './state'
import type { StepRow } from './steps'

/** Bounds of what is looked up to explain an argument; that it is untrusted does not hang on them. */
const MAX_STEPS = 50
const MAX_DOCUMENTS = 12
const MAX_CHARACTERS = 400_000
const MAX_PLACES = 12
const MAX_QUOTE = 300
const MAX_VALUE = 2_000

type Acting = Extract<Step, { kind: 'agent' | 'http' }>
type SourceRow = Pick<StepRow, 'key' | 'kind' | 'agent' | 'operation' | 'input' | 'output' | 'output_ref'>

interface Pending {
  path: ArgumentPath
  rows: SourceRow[]
}

/** The arguments of a step that acts which descend from untrusted text and which its workflow does not allow, with their origin. */
export async function untrustedArguments(state: RunState, path: ScopePath, step: Acting, args: unknown): Promise<UntrustedArgument[]> {
  const pending = descentOf(state.definition, step.id).flatMap(({ path: argument, sources }): Pending[] => {
    const left = notAllowed(args, argument, step.allowUntrusted)
    const rows = left.length === 0 ? [] : sources.flatMap((id) => rowsOf(state, path, id))
    return rows.length === 0 ? [] : left.map((each) => ({ path: each, rows: rows.slice(0, MAX_STEPS) }))
  })
  if (pending.length === 0) return []
  const read = await readSources(state, pending)
  return pending.map(({ path: argument, rows }) => explain(argument, rows, args, read))
}

/** Rows of a step that gave something: one that was skipped, or replaced by its default, gave nothing that others wrote. */
function rowsOf(state: RunState, path: ScopePath, stepId: string): SourceRow[] {
  const key = visibleKey(state.layout, path, stepId)
  const columns = 'SELECT key, kind, agent, operation, input, output, output_ref FROM steps'
  const done = "status = 'completed' AND error IS NULL"
  return key === undefined
    ? state.sql.exec<SourceRow>(`${columns} WHERE step_id = ? AND ${done} ORDER BY position LIMIT ?`, stepId, MAX_STEPS).toArray()
    : state.sql.exec<SourceRow>(`${columns} WHERE key = ? AND ${done}`, key).toArray()
}

interface Read {
  origins: Origin[]
  texts: UntrustedText[]
}

async function readSources(state: RunState, pending: Pending[]): Promise<Map<string, Read>> {
  const rows = new Map(pending.flatMap((each) => each.rows).map((row) => [row.key, row]))
  const documents = new Map<string, Read>()
  const read = new Map<string, Read>()
  let left = MAX_CHARACTERS
  for (const row of rows.values()) {
    const found: Read = { origins: [], texts: [] }
    const own = await ownSource(state, row)
    for (const id of own.documentIds.slice(0, MAX_DOCUMENTS)) {
      const known = documents.get(id) ?? (await documentSource(state, id))
      documents.set(id, known)
      found.origins.push(...known.origins)
      found.texts.push(...known.texts)
    }
    found.origins.push(...own.origins)
    found.texts.push(...own.texts)
    found.texts = found.texts.filter(({ text }) => {
      left -= text.length
      return left >= 0
    })
    read.set(row.key, found)
  }
  return read
}

async function documentSource(state: RunState, documentId: string): Promise<Read> {
  const { origin, texts } = await state.sources.describe(documentId)
  return { origins: [origin], texts }
}

/** What a step read, by its own record: documents that its input names, else those that its output names; of an http step the page. */
async function ownSource(state: RunState, row: SourceRow): Promise<Read & { documentIds: string[] }> {
  const input: unknown = JSON.parse(row.input ?? 'null')
  if (row.kind === 'http') {
    const origin: Origin = { kind: 'web', id: addressOf(input) }
    const output = await state.outputs.load({ output: row.output, outputRef: row.output_ref })
    const body = valueAt(output, ['body'])
    return { documentIds: [], origins: [origin], texts: [{ text: typeof body === 'string' ? body : JSON.stringify(body ?? ''), origin }] }
  }
  const named = documentIdsIn(input)
  const documentIds = named.length > 0 ? named : documentIdsIn(await state.outputs.load({ output: row.output, outputRef: row.output_ref }))
  return { documentIds, origins: [], texts: [] }
}

/** Without user and query: they may hold secrets. */
function addressOf(input: unknown): string {
  const url = valueAt(input, ['url'])
  if (typeof url !== 'string' || !URL.canParse(url)) return 'web'
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

function documentIdsIn(value: unknown, found = new Set<string>()): string[] {
  if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) {
      if (/^(?:documentId|beforeId|afterId)$/.test(key) && typeof member === 'string') found.add(member)
      else if (key === 'documentIds' && Array.isArray(member)) for (const id of member) found.add(String(id))
      else documentIdsIn(member, found)
    }
  return [...found]
}

function explain(path: ArgumentPath, rows: SourceRow[], args: unknown, read: Map<string, Read>): UntrustedArgument {
  const sources = rows.flatMap(({ key }) => read.get(key) ?? [])
  const origins = distinct(sources.flatMap((source) => source.origins))
  const texts = [...new Set(sources.flatMap((source) => source.texts))]
  const value = valueAt(args, path)
  const text = argumentText(path)
  const places = taintOf({ '': value }, texts).slice(0, MAX_PLACES)
  return {
    path: text,
    value: shortened(value),
    steps: rows.map(({ key }) => key),
    origins,
    places: places.map((place) => ({ ...place, path: below(text, place.path), quote: place.quote.slice(0, MAX_QUOTE) })),
  }
}

const below = (path: string, inner: string): string => (inner === '' || inner.startsWith('[') ? `${path}${inner}` : `${path}.${inner}`)

const distinct = (origins: Origin[]): Origin[] => [...new Map(origins.map((origin) => [`${origin.kind} ${origin.id}`, origin])).values()]

function shortened(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= MAX_VALUE ? value : `${text.slice(0, MAX_VALUE)}…`
}
