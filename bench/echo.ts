import { createServer } from 'node:http'

export interface Echo {
  url: string
  /** Resolves once the order with this id has come and been answered. */
  arrival(orderId: string): Promise<void>
  stop(): void
}

const PATIENCE_MS = 30_000

/** The other side of json-relay: answers at once with what it got. */
export async function startEcho(): Promise<Echo> {
  const waiting = new Map<string, () => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
      const { orderId } = JSON.parse(body.toString('utf8')) as { orderId: string }
      waiting.get(orderId)?.()
      waiting.delete(orderId)
    })
  })
  server.keepAliveTimeout = PATIENCE_MS
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('the echo server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/orders`,
    arrival: (orderId) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`order ${orderId} did not come within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS)
        waiting.set(orderId, () => {
          clearTimeout(late)
          resolve()
        })
      }),
    stop: () => server.close(),
  }
}
