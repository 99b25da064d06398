import { Agent, request } from 'node:http'

export interface Answer {
  status: number
  body: string
}

export interface HttpClient {
  send(method: string, path: string, body?: string | Buffer, headers?: Record<string, string>): Promise<Answer>
  close(): void
}

/** Kept-alive connections of node:http, which cost the measuring side far less than fetch. */
export function openHttpClient(url: string, headers: Record<string, string>, connections: number): HttpClient {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    send: (method, path, body, extra) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
        const call = request({ agent, hostname, port, method, path, headers: { ...headers, ...length, ...extra } }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.once('error', reject)
          response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }))
        })
        call.once('error', reject)
        call.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** The parsed body of an answer that has to be a success. */
export function parsed<T>(answer: Answer): T {
  if (answer.status < 200 || answer.status > 299) throw new Error(`Steward answered ${answer.status}: ${answer.body.slice(0, 500)}`)
  return JSON.parse(answer.body) as T
}

/** Calls `work` for 0 … count-1, at most `concurrency` at once. */
export async function inParallel(count: number, concurrency: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) {
      const index = next
      next += 1
      await work(index)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}
