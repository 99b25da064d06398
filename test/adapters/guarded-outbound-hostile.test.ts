import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDohNames } from '../../workers/adapters/doh-names'
import { createGuardedFetch, createOutbound, type OutboundOptions } from '../../workers/adapters/guarded-outbound'
import { NOTATIONS } from '../domain/web-addresses'

let server: Server
let home: string
let hits: string[] = []
const CHUNK = Buffer.alloc(64 * 1024, 'x')

/** `/to?<address>` redirects there; `/chain/3` goes three hops; the others misbehave. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', home)
  hits.push(url.pathname)
  const chain = /^\/chain\/(\d+)$/.exec(url.pathname)
  if (url.pathname === '/to') response.writeHead(302, { location: decodeURIComponent(url.search.slice(1)) }).end()
  else if (chain) response.writeHead(301, { location: chain[1] === '0' ? '/end' : `/chain/${Number(chain[1]) - 1}` }).end()
  else if (url.pathname === '/endless') pour(response)
  else if (url.pathname === '/dribble') dribble(response)
  else if (url.pathname === '/lie') response.writeHead(200, { 'content-length': '10' }).end('0123456789')
  else response.end('end')
}

function pour(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(CHUNK));
  }
  response.on('drain', more)
  more()
}

/** A byte now and then: never silent for long, never done. */
function dribble(response: ServerResponse): void {
  const timer = setInterval(() => response.write('.'), 20)
  response.on('close', () => clearInterval(timer))
}

beforeAll(async () => {
  server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const outbound = (options: Partial<OutboundOptions> = {}) =>
  createOutbound({ allowLoopback: true, fetch: (url, init) => fetch(url, init), ...options })
const get = (path: string, options: Partial<OutboundOptions> = {}, timeoutMs = 5_000) =>
  outbound(options).send({ url: `${home}${path}`, method: 'GET', timeoutMs })
const to = (address: string) => `/to?${encodeURIComponent(address)}`

describe('every refused notation', () => {
  it('is refused as an address and as the target of a redirect, and nothing is sent there', async () => {
    const sent: string[] = []
    const watched = outbound({
      fetch: async (url, init) => {
        sent.push(url)
        return await fetch(url, init)
      },
    })
    for (const url of NOTATIONS.forbidden) {
      await expect(watched.send({ url, method: 'GET' }), url).rejects.toMatchObject({ code: 'forbidden', reason: 'not_sent' })
      await expect(watched.send({ url: url.replace('http', 'https'), method: 'POST' }), url).rejects.toMatchObject({ code: 'forbidden' })
      // A header is ASCII.
      if (/^[ -~]+$/.test(url))
        await expect(watched.send({ url: `${home}${to(url)}`, method: 'GET' }), url).rejects.toMatchObject({ code: 'forbidden' })
    }
    expect(sent.filter((url) => !url.startsWith(home))).toEqual([])
  })

  it('of loopback is refused unless loopback is allowed', async () => {
    const blind = outbound({ allowLoopback: false })
    for (const url of NOTATIONS.loopback) await expect(blind.send({ url, method: 'GET' }), url).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('a redirect', () => {
  it('is followed three times at most, each hop checked', async () => {
    hits = []
    expect(await get('/chain/2')).toMatchObject({ body: 'end' })
    expect(hits).toEqual(['/chain/2', '/chain/1', '/chain/0', '/end'])
    await expect(get('/chain/3')).rejects.toMatchObject({ reason: 'redirects' })
    const inside = to(`${home}${to('http://169.254.169.254/')}`)
    await expect(get(inside)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('to this machine is not followed from a public name, even where loopback is allowed', async () => {
    const options = {
      resolve: async () => ['93.184.215.14'],
      fetch: async () => new Response(null, { status: 302, headers: { location: `${home}/end` } }),
    }
    await expect(outbound(options).send({ url: 'https://public.example/', method: 'GET' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('asks anew where its name leads', async () => {
    const asked: string[] = []
    const options = {
      resolve: async (name: string) => {
        asked.push(name)
        return name === 'second.example' ? ['10.0.0.1'] : ['93.184.215.14']
      },
      fetch: async () => new Response(null, { status: 302, headers: { location: 'https://second.example/' } }),
    }
    await expect(outbound(options).send({ url: 'https://first.example/', method: 'GET' })).rejects.toMatchObject({ code: 'forbidden' })
    expect(asked).toEqual(['first.example', 'second.example'])
  })

  it('to another scheme, port of a database, or address with credentials is refused', async () => {
    for (const target of [
      'file:///etc/passwd',
      'ftp://example.com/',
      'gopher://example.com/',
      'data:text/plain,x',
      'https://example.com:6379/',
      'https://u:p@example.com/',
      'http://127.0.0.1:6379/',
      'http://localhost:5432/',
      'http://[::1]:9200/',
      'http://127.0.0.1:22/',
    ])
      await expect(get(to(target)), target).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('an answer', () => {
  it('without an end is cut off at the cap', async () => {
    await expect(get('/endless')).rejects.toMatchObject({ code: 'too_large' })
  })

  it('that dribbles is given up when the time is over, although it is never silent', async () => {
    await expect(get('/dribble', {}, 300)).rejects.toMatchObject({ code: 'unavailable', reason: 'unknown_outcome' })
  })

  it('that is no HTTP is a cut connection', async () => {
    const tcp = createTcpServer((socket) => socket.end('220 mail ready\r\n')).listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const url = `http://127.0.0.1:${(tcp.address() as AddressInfo).port}/`
    await expect(outbound().send({ url, method: 'POST' })).rejects.toMatchObject({ code: 'unavailable', reason: 'unknown_outcome' })
    tcp.close()
  })
})

describe('a request', () => {
  it('carries no header that proxies and connections write, nor too many', async () => {
    const names = [
      'X-Forwarded-For',
      'Forwarded',
      'CF-Connecting-IP',
      'True-Client-IP',
      'Proxy-Authorization',
      'Sec-Fetch-Site',
      'Via',
      'HTTP2-Settings',
      'Transfer-Encoding',
      ':authority',
      'x\r\ny',
    ]
    for (const name of names)
      await expect(outbound().send({ url: home, method: 'GET', headers: { [name]: '1' } }), name).rejects.toMatchObject({
        code: 'invalid',
        reason: 'not_sent',
      })
    for (const value of ['a\r\nb: c', 'a\nb', 'a\0b', 'ä\u0100'])
      await expect(outbound().send({ url: home, method: 'GET', headers: { 'x-a': value } })).rejects.toMatchObject({ code: 'invalid' })
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`x-${at}`, '1']))
    await expect(outbound().send({ url: home, method: 'GET', headers: many })).rejects.toMatchObject({ code: 'invalid' })
    for (const method of ['CONNECT', 'TRACE', 'GET / HTTP/1.1\r\nX: y', ''])
      await expect(outbound().send({ url: home, method }), method).rejects.toMatchObject({ code: 'invalid', reason: 'not_sent' })
  })

  it('goes to ports of web services only', async () => {
    const sent: string[] = []
    const watched = outbound({
      fetch: async (url) => {
        sent.push(url)
        return new Response('')
      },
    })
    for (const port of [22, 25, 80, 445, 3306, 5432, 6379, 9200, 11_211])
      await expect(watched.send({ url: `https://example.com:${port}/`, method: 'GET' })).rejects.toMatchObject({ code: 'forbidden' })
    for (const port of [443, 8443, 10_443]) await watched.send({ url: `https://example.com:${port}/`, method: 'GET' })
    expect(sent).toHaveLength(3)
  })
})

describe('createGuardedFetch', () => {
  const guarded = (options: Partial<Parameters<typeof createGuardedFetch>[0]> = {}) =>
    createGuardedFetch({ allowLoopback: true, fetch, ...options })

  it('streams what is allowed, gives redirects as they are, and asks where names lead', async () => {
    expect(await (await guarded()(`${home}/end`)).text()).toBe('end')
    expect((await guarded()(new Request(`${home}${to('http://169.254.169.254/')}`))).status).toBe(302)
    await expect(guarded({ resolve: async () => ['10.0.0.1'] })('https://inner.example/')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(guarded({ allowLoopback: false })(home)).rejects.toMatchObject({ code: 'forbidden' })
    for (const url of NOTATIONS.forbidden) await expect(guarded()(url), url).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('breaks a stream off past its cap', async () => {
    const response = await guarded({ maxBytes: 100_000 })(`${home}/endless`)
    await expect(response.text()).rejects.toMatchObject({ code: 'too_large' })
  })
})

describe('createDohNames', () => {
  const zone: Record<string, unknown> = {
    'both.example/A': {
      Status: 0,
      Answer: [
        { type: 5, data: 'alias.example.', TTL: 60 },
        { type: 1, data: '93.184.215.14', TTL: 60 },
      ],
    },
    'both.example/AAAA': { Status: 0, Answer: [{ type: 28, data: '2606:4700::1', TTL: 60 }] },
    'gone.example/A': { Status: 3 },
    'gone.example/AAAA': { Status: 3 },
    'broken.example/A': { Status: 2 },
  }
  let asked: number
  let now = 0
  const names = () => {
    asked = 0
    return createDohNames({
      url: 'https://dns.example/dns-query',
      now: () => now,
      fetch: async (url) => {
        asked += 1
        const { searchParams } = new URL(url)
        const found = zone[`${searchParams.get('name')}/${searchParams.get('type')}`]
        return found === undefined ? new Response('', { status: 502 }) : Response.json(found)
      },
    })
  }

  it('gives the addresses of both families without aliases, and remembers them for their time', async () => {
    const resolve = names()
    expect(await resolve('both.example')).toEqual(['93.184.215.14', '2606:4700::1'])
    await resolve('both.example')
    expect(asked).toBe(2)
    now += 30_001
    await resolve('both.example')
    expect(asked).toBe(4)
  })

  it('gives nothing for a name that is not there, and fails when nobody can say', async () => {
    expect(await names()('gone.example')).toEqual([])
    await expect(names()('broken.example')).rejects.toThrow()
    await expect(names()('unknown.example')).rejects.toThrow()
    const cannotSay = outbound({ resolve: names() }).send({ url: 'https://unknown.example/', method: 'GET' })
    await expect(cannotSay).rejects.toMatchObject({ code: 'unavailable', reason: 'not_sent' })
    await expect(outbound({ resolve: names() }).send({ url: 'https://gone.example/', method: 'GET' })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})
