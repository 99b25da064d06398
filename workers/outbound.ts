import { createBindingMailer } from './adapters/binding-mailer'
import { createDohNames } from './adapters/doh-names'
import { createOutbound } from './adapters/guarded-outbound'
import { createSmtpMailer } from './adapters/smtp-mailer'
import { couldConnect } from './adapters/socket-probe'
import { AppError } from './domain/error'
import type { Mailer, Ports } from './domain/ports'
import type { AgentsEnv } from './env'

/** The one way out, the same for every tenant. */
export function outboundOf(env: AgentsEnv): Ports['outbound'] {
  const way = wayOut(env)
  // Local workerd says the same for a refused and for a cut connection; Cloudflare's network refuses such a probe.
  return createOutbound({ ...way, ...(way.allowLoopback && { probe: couldConnect }) })
}

/** What a guard of calls to other hosts stands on. */
export const wayOut = (env: AgentsEnv): WayOut => ({
  allowLoopback: env.ALLOW_LOOPBACK === 'true',
  fetch: (input, init) => fetch(input, init),
  ...resolverOf(env),
})
interface WayOut {
  allowLoopback: boolean
  fetch: typeof fetch
  /** Addresses of a name; absent: names are trusted. */
  resolve?: (hostname: string) => Promise<string[]>
}

const DEFAULT_DNS_RESOLVER = 'https://cloudflare-dns.com/dns-query'
/** One for the isolate and server, so that what it remembers is of use. */
const resolvers = new Map<string, (hostname: string) => Promise<string[]>>()

function resolverOf({ DNS_RESOLVER: url = DEFAULT_DNS_RESOLVER }: AgentsEnv): Pick<WayOut, 'resolve'> {
  if (url === 'off') return {}
  const resolve = resolvers.get(url) ?? createDohNames({ url, fetch: (address, init) => fetch(address, init), now: Date.now })
  resolvers.set(url, resolve)
  return { resolve }
}

/** Sends mail as the installation is configured, and refuses `unavailable` where it is not. */
export function mailerOf(env: AgentsEnv): Mailer {
  if (env.SMTP_URL !== undefined) return createSmtpMailer({ url: env.SMTP_URL, from: env.MAIL_FROM })
  if (env.OUTGOING_MAIL !== undefined) return createBindingMailer({ binding: env.OUTGOING_MAIL, from: env.MAIL_FROM })
  return {
    send: async () => {
      throw new AppError('unavailable', 'No way to send mail is configured; set SMTP_URL or add the send_email binding OUTGOING_MAIL.', {
        reason: 'not_sent',
      })
    },
  }
}
