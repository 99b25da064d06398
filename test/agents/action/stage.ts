import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOutbound } from '../../../workers/adapters/guarded-outbound'
import type { EffectLedger, StepContext } from '../../../workers/agents/agent'
import type { OutgoingMail, Ports, StoredSecret } from '../../../workers/domain/ports'

type EffectState = { status: 'pending' | 'settled' | 'failed' | 'unknown'; receipt?: unknown; error?: unknown; target: string }

/** A ledger in memory with the rules of the run object's. */
export class MemoryLedger implements EffectLedger {
  readonly effects = new Map<string, EffectState>()
  async begin({ key, target }: Parameters<EffectLedger['begin']>[0]): ReturnType<EffectLedger['begin']> {
    const known = this.effects.get(key)
    if (known?.status === 'settled') return { decision: 'settled', receipt: known.receipt }
    if (known?.status === 'pending' || known?.status === 'unknown') {
      known.status = 'unknown'
      return { decision: 'unknown', idempotencyKey: key }
    }
    this.effects.set(key, { status: 'pending', target })
    return { decision: 'act', idempotencyKey: key }
  }
  async settle(key: string, receipt: unknown) {
    this.change(key, { status: 'settled', receipt: JSON.parse(JSON.stringify(receipt)) })
  }
  async fail(key: string, error: unknown) {
    this.change(key, { status: 'failed', error })
  }
  async unknown(key: string, reason: string) {
    this.change(key, { status: 'unknown', error: reason })
  }
  only(): EffectState & { key: string } {
    const [entry, second] = [...this.effects]
    if (!entry || second) throw new Error(`expected one effect, there are ${this.effects.size}`)
    return { key: entry[0], ...entry[1] }
  }
  private change(key: string, change: Partial<EffectState>) {
    const known = this.effects.get(key)
    if (!known) throw new Error(`effect ${key} was never begun`)
    this.effects.set(key, { ...known, ...change })
  }
}

export function createContext(effects: MemoryLedger, stepKey = 'notify'): StepContext {
  return {
    runId: 'run_1',
    stepKey,
    attempt: 1,
    signal: AbortSignal.timeout(10_000),
    progress: () => undefined,
    charge: () => undefined,
    effects,
    provenance: () => undefined,
  }
}

type Needed = Pick<Ports, 'outbound' | 'secrets' | 'clock' | 'mailer' | 'reports' | 'files'>

/** The ports that actions use: real HTTP on loopback, the rest in memory. A secret is its value, or its value with its hosts. */
export function createActionPorts(
  secrets: Record<string, string | StoredSecret>,
  changes: Partial<Needed> = {},
): { ports: Ports; mails: OutgoingMail[] } {
  const mails: OutgoingMail[] = []
  const find = async (name: string) => {
    const secret = secrets[name]
    return typeof secret === 'string' ? { value: secret } : secret
  }
  const needed: Needed = {
    outbound: createOutbound({ allowLoopback: true, fetch: (url, init) => fetch(url, init) }),
    secrets: { get: async (name) => (await find(name))?.value, find, put: async () => undefined, list: async () => [] },
    clock: { now: () => new Date('2026-11-21T05:00:00.000Z') },
    mailer: {
      async send(mail) {
        mails.push(mail)
        return { messageId: mail.messageId ?? '' }
      },
    },
    reports: {
      insert: async () => undefined,
      listByRun: async () => [],
      find: async (id) =>
        id === 'rep_1' ? { id, runId: 'run_1', title: 'Invoice 42', formats: ['pdf'], createdAt: '2026-11-21T05:00:00.000Z' } : undefined,
    },
    files: {
      put: async () => ({ size: 0 }),
      read: async (key) => (key === 'reports/rep_1/report.pdf' ? new TextEncoder().encode('%PDF') : undefined),
      stream: async () => undefined,
      delete: async () => undefined,
    },
    ...changes,
  }
  return { ports: needed as Ports, mails }
}

export interface Receiver {
  url: string
  received: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[]
  /** What each request is answered with, in turn; the last stays. `cut` drops the connection after reading. */
  answers: (number | 'cut' | { status: number; headers: Record<string, string> })[]
  close(): void
}

export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', received: [], answers: [200], close: () => undefined }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      receiver.received.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      })
      const { answers } = receiver
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 200
      if (answer === 'cut') request.socket.destroy()
      else if (typeof answer === 'number') response.writeHead(answer).end()
      else response.writeHead(answer.status, answer.headers).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  receiver.close = () => {
    server.closeAllConnections()
    server.close()
  }
  return receiver
}
