import type { Digest } from './intake'

/** Where a mail is to go: `<workflow>+<tenant-slug>@…`. */
export interface MailTarget {
  workflow: string
  tenantSlug: string
}

/** The target that an envelope recipient names, or undefined for an address of another form. */
export function parseRecipient(address: string): MailTarget | undefined {
  const match = /^<?([a-z0-9][a-z0-9_-]{0,63})\+([a-z0-9][a-z0-9-]{1,39})@[^@\s]+$/i.exec(address.trim())
  const [, workflow, tenantSlug] = match ?? []
  return workflow === undefined || tenantSlug === undefined
    ? undefined
    : { workflow: workflow.toLowerCase(), tenantSlug: tenantSlug.toLowerCase() }
}

/**
 * Why a mail counts as automatic (RFC 3834 and what is in use beside it), or undefined for one that a person or program sent on
 * purpose. Answering automatic mail makes loops, so it never starts a run.
 */
export function automaticReason(headers: Pick<Headers, 'get'>, returnPath: string): string | undefined {
  const value = (name: string) => headers.get(name)?.trim().toLowerCase()
  if (['', '<>'].includes(returnPath.trim()) || value('return-path') === '<>') return 'its return path is empty, as in a bounce'
  const submitted = value('auto-submitted')
  if (submitted !== undefined && !/^no(?:[\s;(]|$)/.test(submitted)) return `Auto-Submitted is '${submitted}'`
  const precedence = value('precedence')
  if (precedence !== undefined && ['bulk', 'list', 'junk'].includes(precedence)) return `Precedence is '${precedence}'`
  if (value('list-post') !== undefined) return 'it comes from a mailing list'
  if (/(?:^|<)\s*(?:mailer-daemon|postmaster)@/.test(value('from') ?? '')) return 'a mail server wrote it'
  const suppress = value('x-auto-response-suppress')
  if (suppress !== undefined && suppress !== '' && suppress !== 'none') return 'it carries X-Auto-Response-Suppress'
  return undefined
}

/** One entry of the log of mails that were taken. The run id is fixed before the start, so a cut-off delivery is finished, not repeated. */
export interface ReceivedMail {
  documentId: string
  runId: string
  isStarted: boolean
}

/** Mails of one tenant that were taken, by workflow and key. */
export interface MailLog {
  find(workflow: string, keys: string[]): Promise<ReceivedMail | undefined>
  /** Enters the mail unless one with any of the keys is there; gives the entry that stands. */
  claim(mail: { workflow: string; keys: string[]; documentId: string; runId: string; at: string }): Promise<ReceivedMail>
  markStarted(workflow: string, runId: string): Promise<void>
}

/** What the sender wrote, apart from the trace headers that each hop adds: these differ when the same mail is delivered again. */
const IDENTIFYING_HEADERS = ['from', 'to', 'subject', 'date', 'content-type'] as const

const CONTENT_KEY = 'content:'

/** Of the keys of a mail those that only the same content has. */
export const contentKeys = (keys: readonly string[]): string[] => keys.filter((key) => key.startsWith(CONTENT_KEY))

/**
 * Passes a raw mail through and learns by which keys it is known: its Message-ID, and a hash of its content without trace headers.
 * `keys` is complete once the chunks have been read to their end.
 */
export class MailKeys {
  private readonly tail: number[] = []
  private inBody = false

  constructor(
    private readonly headers: Pick<Headers, 'get'>,
    private readonly digest: Digest,
  ) {
    const encoder = new TextEncoder()
    for (const name of IDENTIFYING_HEADERS) digest.update(encoder.encode(`${name}:${headers.get(name)?.trim() ?? ''}\n`))
  }

  async *read(raw: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of raw) {
      const start = this.inBody ? 0 : this.findBody(chunk)
      if (start !== undefined) this.digest.update(chunk.subarray(start))
      yield chunk
    }
  }

  /** Its Message-ID, where it has one, and its content. */
  keys(): string[] {
    const messageId = this.headers.get('message-id')?.trim()
    const content = `${CONTENT_KEY}${this.digest.hex()}`
    return messageId ? [`message-id:${messageId}`, content] : [content]
  }

  /** Index after the blank line that ends the headers, which may lie across two chunks. */
  private findBody(chunk: Uint8Array): number | undefined {
    for (const [index, byte] of chunk.entries()) {
      if (byte === 13) continue
      this.tail.push(byte)
      if (this.tail.length > 2) this.tail.shift()
      if (this.tail[0] === 10 && this.tail[1] === 10) {
        this.inBody = true
        return index + 1
      }
    }
    return undefined
  }
}
