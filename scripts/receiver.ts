import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

export interface Received {
  event: string
  idempotencyKey: string
  isSigned: boolean
  body: unknown
}

/** A webhook receiver on loopback that checks signatures and keeps what came. */
export async function startReceiver(secret: string): Promise<{ url: string; received: Received[]; stop(): void }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      received.push({
        event: String(request.headers['steward-event'] ?? ''),
        idempotencyKey: String(request.headers['idempotency-key'] ?? ''),
        isSigned: isSigned(secret, String(request.headers['steward-signature'] ?? ''), body),
        body: JSON.parse(body),
      })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"received":true}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('the receiver has no port')
  return { url: `http://127.0.0.1:${address.port}/steward`, received, stop: () => server.close() }
}

/** `Steward-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, not older than five minutes. */
function isSigned(secret: string, header: string, body: string): boolean {
  const parts = new Map(header.split(',').map((part) => part.split('=', 2) as [string, string]))
  const time = parts.get('t') ?? ''
  const given = Buffer.from(parts.get('v1') ?? '', 'hex')
  const wanted = createHmac('sha256', secret).update(`${time}.${body}`).digest()
  return given.length === wanted.length && timingSafeEqual(given, wanted) && Math.abs(Date.now() / 1000 - Number(time)) < 300
}
