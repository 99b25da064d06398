import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request, in the order in which requests come. Those that are sent at once come in any order: `to` says which is meant. */
export type ChatScript = { to?: (body: Record<string, unknown>) => boolean } & (
  | { kind: 'json'; status?: number; headers?: Record<string, string>; body: unknown }
  /** Sent as it is, so that it may be broken. */
  | { kind: 'text'; status?: number; headers?: Record<string, string>; body: string }
  /** Server-sent events, each piece written by itself; `cut` ends the connection in the middle, `stall` leaves it open and silent. */
  | { kind: 'stream'; pieces: string[]; cut?: boolean; stall?: boolean }
  /** Accepts the request and never answers. */
  | { kind: 'silence' }
)

export interface ReceivedChat {
  path: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

export interface ChatServer {
  /** What a client takes as its base URL. */
  baseUrl: string
  received: ReceivedChat[]
  /** Adds answers for the requests to come. */
  script(...answers: ChatScript[]): void
  /** Forgets what was received and what was scripted but not asked for. */
  reset(): void
  close(): Promise<void>
}

/** An OpenAI-compatible server on loopback that answers as told. A request that nothing was scripted for gets 418, so that it is noticed. */
export async function startChatServer(): Promise<ChatServer> {
  const answers: ChatScript[] = []
  const received: ReceivedChat[] = []
  const server = createServer(async (request, response) => {
    const body: Record<string, unknown> = JSON.parse(await readBody(request))
    received.push({ path: request.url ?? '', headers: request.headers, body })
    const next = answers.findIndex(({ to }) => to?.(body) ?? true)
    const [answer] = next < 0 ? [] : answers.splice(next, 1)
    await play(answer ?? { kind: 'json', status: 418, body: { error: { message: 'no answer is scripted' } } }, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    script: (...more) => void answers.push(...more),
    reset() {
      answers.length = 0
      received.length = 0
    },
    close: () => close(server),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

async function play(answer: ChatScript, response: ServerResponse): Promise<void> {
  if (answer.kind === 'silence') return
  if (answer.kind === 'stream') return await playStream(answer, response)
  const body = answer.kind === 'json' ? JSON.stringify(answer.body) : answer.body
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
  response.end(body)
}

async function playStream({ pieces, cut, stall }: Extract<ChatScript, { kind: 'stream' }>, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const piece of pieces) {
    response.write(piece)
    // Lets the piece leave by itself, so that the client meets every boundary.
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  if (stall) return
  if (cut) response.destroy()
  else response.end()
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
}
