import type { Client } from './client.ts'

export interface WatchedRun {
  id: string
  status: string
  error?: { message: string }
  approvals: { id: string; title: string; status: string }[]
}
interface WatchedEvent {
  seq: number
  at: string
  type: string
  stepKey?: string
  body: {
    kind?: string
    message?: string
    error?: { message: string }
    title?: string
    approvalId?: string
    agent?: string
    operation?: string
    inMs?: number
    target?: string
  }
}

const PATIENCE_MS = 180_000
/** A silent connection is opened anew: a proxy may have dropped it without a word. */
const RECONNECT_MS = 20_000

/** Follows one run live, one line a step; approves what waits for a person, as the administrator would; gives the run at its end. */
export async function watchRun(client: Client, runId: string, name: string, say: (line: string) => void): Promise<WatchedRun> {
  const steps = new Map<string, number>()
  const deadline = Date.now() + PATIENCE_MS
  let seen = 0
  let ended = false
  const receive = async (event: WatchedEvent) => {
    seen = event.seq
    const line = lineOf(event, steps)
    if (line !== undefined) say(`${name.padEnd(28)} ${line}`)
    if (event.type === 'approval.requested') await approve(client, runId, event, name, say)
    ended ||= ['run.completed', 'run.failed', 'run.cancelled'].includes(event.type)
    return ended
  }
  // A connection that breaks is opened again after the last event seen: nothing is lost or shown twice.
  while (!ended) {
    if (Date.now() > deadline) throw new Error(`${name}: the run did not end within ${PATIENCE_MS / 1000} s`)
    await listen(await client.liveUrl(runId, seen), receive)
  }
  return await client.get<WatchedRun>(`/api/v1/runs/${runId}`)
}

/** Listens until `receive` says that it was the end, or the connection closes. */
async function listen(url: string, receive: (event: WatchedEvent) => Promise<boolean>): Promise<void> {
  const socket = new WebSocket(url)
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => socket.close(), RECONNECT_MS)
    let queue = Promise.resolve()
    socket.addEventListener('message', (message) => {
      queue = queue.then(async () => {
        if (await receive(JSON.parse(String(message.data)) as WatchedEvent)) socket.close()
      })
      queue.catch(reject)
    })
    socket.addEventListener('close', () => {
      clearTimeout(late)
      void queue.then(resolve)
    })
  })
}

async function approve(client: Client, runId: string, event: WatchedEvent, name: string, say: (line: string) => void): Promise<void> {
  await client.put(
    `/api/v1/runs/${runId}/continue`,
    JSON.stringify({ approvalId: event.body.approvalId, decision: 'approve', comment: 'Approved by the demo' }),
    'application/json',
  )
  say(`${name.padEnd(28)} ✓ approved as administrator`)
}

function lineOf(event: WatchedEvent, startedAt: Map<string, number>): string | undefined {
  const { type, body, stepKey = '' } = event
  if (type === 'step.started') startedAt.set(stepKey, Date.parse(event.at))
  const took = startedAt.has(stepKey) ? ` (${Date.parse(event.at) - (startedAt.get(stepKey) ?? 0)} ms)` : ''
  const lines: Record<string, string> = {
    // Steps that only compute are part of the log, not of the show.
    ...(event.body.kind !== 'set' && event.body.kind !== 'if' && { 'step.completed': `✓ ${stepKey}${took}` }),
    'step.failed': `✗ ${stepKey}: ${body.error?.message ?? ''}`,
    'step.retrying': `↻ ${stepKey} again in ${Math.round((body.inMs ?? 0) / 1000)} s: ${body.error?.message ?? ''}`,
    'approval.requested': `? ${body.title ?? ''}`,
    'effect.settled': '→ effect settled',
    'run.completed': '● completed',
    'run.failed': `● failed: ${body.error?.message ?? ''}`,
  }
  return lines[type]
}
