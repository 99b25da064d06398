import * as z from 'zod'
import { withDeadline } from '../domain/deadline'
import { readCapped } from './capped-body'

export interface DohOptions {
  /** A DNS-over-HTTPS server that answers `application/dns-json`, as Cloudflare's and Google's do. */
  url: string
  fetch: (url: string, init: RequestInit) => Promise<Response>
  now(): number
}

const TIMEOUT_MS = 5_000
const MAX_ANSWER_BYTES = 64 * 1024
/** An answer is kept for its own time to live, but not longer: what we know must not be older than what the platform looks up. */
const MAX_KEPT_MS = 30_000
const MAX_KEPT = 500

/** Numbers of DNS record types. */
const RECORDS = { A: 1, AAAA: 28 } as const
/** Numbers of DNS answers: no error, and no such name. */
const NO_ERROR = 0
const NO_SUCH_NAME = 3

const DnsAnswer = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string(), TTL: z.number().default(0) })).default([]),
})

/**
 * All IPv4 and IPv6 addresses of a name by DNS over HTTPS; an empty list for a name that has none. Rejects when the server does not
 * answer, so that nobody takes silence for a public address.
 */
export function createDohNames({ url, fetch, now }: DohOptions): (hostname: string) => Promise<string[]> {
  const kept = new Map<string, { addresses: string[]; until: number }>()
  return async (hostname) => {
    const known = kept.get(hostname)
    if (known !== undefined && known.until > now()) return known.addresses
    const found = (await Promise.all(Object.entries(RECORDS).map(([type, number]) => ask(hostname, type, number)))).flat()
    const addresses = found.map(({ data }) => data)
    if (kept.size >= MAX_KEPT) kept.clear()
    const lifeMs = Math.min(MAX_KEPT_MS, ...found.map(({ TTL }) => TTL * 1_000))
    kept.set(hostname, { addresses, until: addresses.length === 0 ? 0 : now() + lifeMs })
    return addresses
  }

  async function ask(hostname: string, type: string, number: number) {
    const question = new URL(url)
    question.searchParams.set('name', hostname)
    question.searchParams.set('type', type)
    const body = await withDeadline(TIMEOUT_MS, async (signal) => {
      const response = await fetch(question.href, { headers: { accept: 'application/dns-json' }, redirect: 'manual', signal })
      const capped = await readCapped(response, MAX_ANSWER_BYTES)
      if (!response.ok || capped === undefined) throw new Error(`the DNS server answered ${response.status}`)
      return capped
    })
    const { Status, Answer } = DnsAnswer.parse(JSON.parse(body))
    if (Status !== NO_ERROR && Status !== NO_SUCH_NAME) throw new Error(`the DNS server failed with ${Status}`)
    // Aliases on the way stand there too.
    return Answer.filter((record) => record.type === number)
  }
}
