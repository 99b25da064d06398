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
  const once = (method: string, path: string, body?: string | Buffer, extra?: Record<string, string>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const call = request({ agent, hostname, port, method, path, headers: { ...headers, ...length, ...extra } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }))
      })
      // The other side closes connections that lay idle, at times in the moment in which one is used again.
      call.once('error', (thrown: NodeJS.ErrnoException) =>
        call.reusedSocket && thrown.code === 'ECONNRESET' ? resolve(once(method, path, body, extra)) : reject(thrown),
      )
      call.end(body)
    })
  return {
    send: once,
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
