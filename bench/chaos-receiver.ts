import { createServer } from 'node:http'

export interface ChaosReceiver {
  url: string
  /** Deliveries by idempotency key. */
  deliveries: Map<string, { orderId: string; count: number }>
  stop(): void
}

/** Answers are held back up to this long, so that kills also fall between a delivery and its answer. */
const MAX_DELAY_MS = 500

/** Counts what comes, and does not recognise repetitions: it is Steward that is on trial. GET says 200 for a key that has come, else 404. */
export async function startChaosReceiver(): Promise<ChaosReceiver> {
  const deliveries: ChaosReceiver['deliveries'] = new Map()
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const key = decodeURIComponent((request.url ?? '').split('/').pop() ?? '')
      response.writeHead(deliveries.has(key) ? 200 : 404).end()
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { id, data } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string; data: { orderId: string } }
      deliveries.set(id, { orderId: data.orderId, count: (deliveries.get(id)?.count ?? 0) + 1 })
      setTimeout(() => response.writeHead(200).end('{}'), Math.random() * MAX_DELAY_MS)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('the receiver has no port')
  return { url: `http://127.0.0.1:${address.port}/orders`, deliveries, stop: () => server.close() }
}
