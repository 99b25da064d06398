import * as z from 'zod'

/** Name of the stored secret that senders sign with when they have no token. */
export const INCOMING_SECRET = 'webhook-in'

/** Name of the stored secret of an endpoint that actions send to. */
export const outgoingSecret = (endpoint: string): string => `webhook:${endpoint}`

/** A signing secret, and the one that it took over from for as long as that is still good. */
export const WebhookSecret = z.object({
  /** Where deliveries go; without it the workflow names the address. */
  url: z.url().optional(),
  secret: z.string().min(1),
  previous: z.object({ secret: z.string().min(1), until: z.iso.datetime() }).optional(),
})
export type WebhookSecret = z.infer<typeof WebhookSecret>

/** Longest overlap: within a week both sides have taken the new secret. */
export const MAX_OVERLAP_HOURS = 168
export const DEFAULT_OVERLAP_HOURS = 24
const HOUR_MS = 3_600_000

/** What is stored: this as JSON, or the bare secret. A secret that begins with a brace and is no such JSON is taken as it is. */
export function parseWebhookSecret(stored: string): WebhookSecret {
  if (!stored.trimStart().startsWith('{')) return { secret: stored }
  const parsed = WebhookSecret.safeParse(jsonOf(stored))
  return parsed.success ? parsed.data : { secret: stored }
}

/** The secrets that are good now, the newest first. */
export const currentSecrets = ({ secret, previous }: WebhookSecret, now: Date): string[] =>
  previous !== undefined && previous.until > now.toISOString() ? [secret, previous.secret] : [secret]

/** The next secret with the present one beside it for the overlap; without an overlap, as after a leak, the present one ends at once. */
export function rotateSecret(present: WebhookSecret | undefined, secret: string, now: Date, overlapHours: number): WebhookSecret {
  const { previous: _, ...rest } = present ?? {}
  if (present === undefined || overlapHours === 0) return { ...rest, secret }
  return { ...rest, secret, previous: { secret: present.secret, until: new Date(now.getTime() + overlapHours * HOUR_MS).toISOString() } }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
