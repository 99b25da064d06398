import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOutbound, type OutboundOptions } from '../../workers/adapters/guarded-outbound'

const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
let servers: { first: Server; second: Server }
let first: string
let second: string

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/echo': (_, response) => response.setHeader('X-Answer', 'yes').end(seen.at(-1)?.body ?? ''),
  '/moved': (_, response) => response.writeHead(302, { location: '/echo' }).end(),
  '/kept': (_, response) => response.writeHead(307, { location: '/echo' }).end(),
  '/away': (_, response) => response.writeHead(307, { location: `${second}/echo` }).end(),
  '/inside': (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/plain': (_, response) => response.writeHead(302, { location: 'http://example.com/' }).end(),
  '/round': (_, response) => response.writeHead(302, { location: '/round' }).end(),
  '/large': (_, response) => response.end('x'.repeat(3000)),
  '/bomb': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000))),
  '/slow': () => undefined,
  '/cut': (request) => request.socket.destroy(),
  '/half': (_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('abc', () => response.destroy())
  },
  '/busy': (_, response) => response.writeHead(503, { 'retry-after': '7' }).end('later'),
}

async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() })
      routes[request.url ?? '']?.(request, response)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
const originOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  servers = { first: await serve(), second: await serve() }
  first = originOf(servers.first)
  second = originOf(servers.second)
})
afterAll(() => {
  for (const server of Object.values(servers)) {
    server.closeAllConnections()
    server.close()
  }
})

const outbound = (options: Partial<OutboundOptions> = {}) =>
  createOutbound({ allowLoopback: true, fetch: (url, init) => fetch(url, init), ...options })
const refusalOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    (value) => value,
    (thrown: unknown) => thrown,
  )
  return error instanceof Error
    ? { code: Reflect.get(error, 'code'), reason: Reflect.get(error, 'reason'), message: error.message }
    : { answered: error }
}

describe('createOutbound', () => {
  it('sends over real HTTP and gives status, lower-case headers and text', async () => {
    const answer = await outbound().send({ url: `${first}/echo`, method: 'post', headers: { 'X-Key': '1' }, body: 'grüße' })
    expect(answer).toMatchObject({ status: 200, headers: { 'x-answer': 'yes' }, body: 'grüße' })
    expect(seen.at(-1)).toMatchObject({ method: 'POST', headers: { 'x-key': '1', 'user-agent': 'Steward/1.0' } })
    expect(await outbound().send({ url: `${first}/busy`, method: 'GET' })).toMatchObject({ status: 503, headers: { 'retry-after': '7' } })
  })

  it('refuses addresses that are not public before anything is sent', async () => {
    const before = seen.length
    const blind = outbound({ allowLoopback: false })
    const urls = [
      'http://example.com/',
      'https://10.0.0.1/',
      'https://0xa9fea9fe/',
      'https://[::ffff:169.254.169.254]/',
      'https://127.0.0.1/',
      'https://localhost./',
      'https://user:pw@example.com/',
      'https://metadata.google.internal/',
      'ftp://example.com/',
      'https://[fe80::1]/',
      `${first}/echo`,
    ]
    for (const url of urls)
      expect(await refusalOf(blind.send({ url, method: 'GET' }))).toMatchObject({ code: 'forbidden', reason: 'not_sent' })
    expect(await refusalOf(outbound().send({ url: 'http://example.com/', method: 'GET' }))).toMatchObject({ code: 'forbidden' })
    expect(await refusalOf(blind.send({ url: 'nonsense', method: 'GET' }))).toMatchObject({ code: 'invalid' })
    expect(seen.length).toBe(before)
  })

  it('never shows the path or query of an address in a message', async () => {
    expect((await refusalOf(outbound().send({ url: 'https://10.0.0.1/secret?token=abc', method: 'GET' }))).message).not.toMatch(
      /secret|abc/,
    )
  })

  it('refuses a name that leads inside', async () => {
    const send = (addresses: string[]) =>
      outbound({ resolve: async () => addresses, fetch: async () => new Response('in') }).send({
        url: 'https://evil.example.com/',
        method: 'GET',
      })
    expect(await refusalOf(send(['8.8.8.8', '10.0.0.1']))).toMatchObject({ code: 'forbidden' })
    expect(await refusalOf(send(['::ffff:127.0.0.1']))).toMatchObject({ code: 'forbidden' })
    expect(await send(['8.8.8.8'])).toMatchObject({ body: 'in' })
  })

  it('follows redirects of reads and checks each address again', async () => {
    expect(await outbound().send({ url: `${first}/moved`, method: 'GET' })).toMatchObject({ status: 200 })
    expect(await refusalOf(outbound().send({ url: `${first}/inside`, method: 'GET' }))).toMatchObject({ code: 'forbidden' })
    expect(await refusalOf(outbound().send({ url: `${first}/plain`, method: 'GET' }))).toMatchObject({ code: 'forbidden' })
    expect(await refusalOf(outbound().send({ url: `${first}/round`, method: 'GET' }))).toMatchObject({ reason: 'redirects' })
  })

  it('does not carry credentials to another origin', async () => {
    await outbound().send({
      url: `${first}/away`,
      method: 'GET',
      headers: { authorization: 'Bearer s', 'x-api-key': 'k', cookie: 'c', accept: 'text/plain' },
    })
    expect(seen.at(-1)?.headers).toMatchObject({ accept: 'text/plain' })
    for (const name of ['authorization', 'x-api-key', 'cookie']) expect(seen.at(-1)?.headers).not.toHaveProperty(name)
  })

  it('repeats a post only at the same origin and only when told to keep it', async () => {
    expect(await outbound().send({ url: `${first}/kept`, method: 'POST', body: 'b' })).toMatchObject({ status: 200, body: 'b' })
    expect(await outbound().send({ url: `${first}/moved`, method: 'POST', body: 'b' })).toMatchObject({ status: 302 })
    expect(await outbound().send({ url: `${first}/away`, method: 'POST', body: 'b' })).toMatchObject({ status: 307 })
  })

  it('stops reading at the cap, also of compressed answers', async () => {
    expect(await refusalOf(outbound({ maxBytes: 1000 }).send({ url: `${first}/large`, method: 'GET' }))).toMatchObject({
      code: 'too_large',
      reason: undefined,
    })
    expect(await refusalOf(outbound().send({ url: `${first}/bomb`, method: 'POST' }))).toMatchObject({
      code: 'too_large',
      reason: 'unknown_outcome',
    })
  })

  it('tells what was certainly not sent from what may have arrived', async () => {
    const closed = createTcpServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    closed.close()
    await once(closed, 'close')
    expect(await refusalOf(outbound().send({ url: `http://127.0.0.1:${port}/`, method: 'POST' }))).toMatchObject({
      code: 'unavailable',
      reason: 'not_sent',
    })
    for (const path of ['/cut', '/half'])
      expect(await refusalOf(outbound().send({ url: first + path, method: 'POST', body: 'x' }))).toMatchObject({
        code: 'unavailable',
        reason: 'unknown_outcome',
      })
    expect(await refusalOf(outbound().send({ url: `${first}/slow`, method: 'POST', timeoutMs: 100 }))).toMatchObject({
      code: 'unavailable',
      reason: 'unknown_outcome',
      message: expect.stringContaining('in time'),
    })
  })

  it('asks the probe before it changes something, not before reads', async () => {
    const blind = outbound({ probe: async () => false })
    expect(await refusalOf(blind.send({ url: `${first}/echo`, method: 'POST' }))).toMatchObject({ reason: 'not_sent' })
    expect(await blind.send({ url: `${first}/echo`, method: 'GET' })).toMatchObject({ status: 200 })
  })

  it('refuses headers that belong to the connection or break out of their line', async () => {
    for (const headers of [{ Host: 'x' }, { 'Content-Length': '5' }, { 'x-a': 'b\r\nx-c: d' }, { 'bad name': 'x' }] as Record<
      string,
      string
    >[]) {
      expect(await refusalOf(outbound().send({ url: `${first}/echo`, method: 'GET', headers }))).toMatchObject({
        code: 'invalid',
        reason: 'not_sent',
      })
    }
  })
})
