import { uuidv7 } from 'uuidv7'
import type { DocumentRecord } from '../../workers/domain/documents'
import { AppError } from '../../workers/domain/error'
import { ID_PREFIXES } from '../../workers/domain/ids'
import type { Files, Outbound, Ports, RunIndex } from '../../workers/domain/ports'
import type { Dispatch, RunSummary } from '../../workers/domain/runs'

export interface Env {
  RUN: DurableObjectNamespace
}

/** What the fakes hold, open to tests: one isolate runs both. */
export const world = {
  clockOffsetMs: 0,
  dispatches: [] as Dispatch[],
  dropDispatches: false,
  files: new Map<string, string>(),
  projected: new Map<string, RunSummary>(),
  requests: [] as { url: string; method: string; headers: Record<string, string>; body?: string }[],
  answer: (async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' })) as Outbound['send'],
  secrets: new Map<string, string>(),
  /** Hosts of secrets, by name. */
  secretHosts: new Map<string, readonly string[]>(),
  documents: new Map<string, DocumentRecord>(),
}

export async function sendDispatch(_env: Env, dispatch: Dispatch): Promise<void> {
  if (!world.dropDispatches) world.dispatches.push(dispatch)
}

export function createPorts(
  _env: Env,
  tenantId: string,
): Pick<Ports, 'tenantId' | 'files' | 'documents' | 'runIndex' | 'outbound' | 'secrets' | 'clock' | 'newId'> {
  return {
    tenantId,
    files,
    documents,
    runIndex,
    outbound: {
      async send(request) {
        world.requests.push({ ...request, headers: request.headers ?? {} })
        return await world.answer(request)
      },
    },
    secrets,
    clock: { now: () => new Date(Date.now() + world.clockOffsetMs) },
    newId: (kind) => `${ID_PREFIXES[kind]}_${uuidv7().replaceAll('-', '')}`,
  }
}

const secrets: Ports['secrets'] = {
  get: async (name) => world.secrets.get(name),
  put: async (name, value) => void world.secrets.set(name, value),
  find: async (name) => {
    const value = world.secrets.get(name)
    const hosts = world.secretHosts.get(name)
    return value === undefined ? undefined : { value, ...(hosts && { hosts }) }
  },
  list: async () => [...world.secrets.keys()].map((name) => ({ name })),
}

const files: Files = {
  async put(key, body) {
    if (typeof body !== 'string') throw new AppError('internal', 'the fake file store of the Run tests holds text only')
    world.files.set(key, body)
    return { size: body.length }
  },
  read: async (key) => (world.files.has(key) ? new TextEncoder().encode(world.files.get(key)) : undefined),
  async stream(key) {
    const text = world.files.get(key)
    return text === undefined ? undefined : { body: new Blob([text]).stream(), size: text.length, mediaType: 'application/json' }
  },
  delete: async (keys) => {
    for (const key of keys) world.files.delete(key)
  },
}

const refused = (): never => {
  throw new AppError('internal', 'the fake documents of the Run tests are found by their ids only')
}
const documents: Ports['documents'] = {
  find: async (id) => world.documents.get(id),
  insert: async (document) => void world.documents.set(document.id, document),
  findByHash: refused,
  claimFingerprint: refused,
  list: refused,
}

const runIndex: RunIndex = {
  upsert: async (rows) => {
    for (const row of rows) world.projected.set(row.id, row)
  },
  find: async (id) => world.projected.get(id),
  list: async () => ({ items: [...world.projected.values()] }),
}
