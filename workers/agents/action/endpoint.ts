import * as z from 'zod'
import { AppError } from '../../domain/error'
import type { Secrets } from '../../domain/ports'

export interface Endpoint {
  url: string
  secret: string
}

/** Stored as the secret `webhook:<name>`: this as JSON, or the bare signing secret when the workflow gives the address. */
const StoredEndpoint = z.object({ url: z.url(), secret: z.string().min(1) })

interface Wanted {
  endpoint?: string | undefined
  url?: string | null | undefined
  secret?: string | undefined
}

const secretName = ({ endpoint = 'default', secret }: Wanted): string => secret ?? `webhook:${endpoint}`

/** Whether the tenant has stored what the endpoint needs. */
export const isStored = async (wanted: Wanted, secrets: Pick<Secrets, 'get'>): Promise<boolean> =>
  Boolean(await secrets.get(secretName(wanted)))

/** Where to send and with which secret to sign. Throws AppError `invalid` when the secret is not stored or no address is known. */
export async function endpointOf(wanted: Wanted, secrets: Pick<Secrets, 'get'>): Promise<Endpoint> {
  const name = secretName(wanted)
  const value = await secrets.get(name)
  if (value === undefined || value === '')
    throw new AppError('invalid', `No secret '${name}' is stored; webhooks are always signed, so store one under this name.`, {
      reason: 'no_secret',
    })
  const stored = parseStored(value)
  const found = { url: wanted.url ?? stored.url, secret: stored.secret }
  if (found.url === undefined)
    throw new AppError(
      'invalid',
      `The secret '${name}' holds no address; store {"url": …, "secret": …} under it, or give the step a 'url'.`,
      { reason: 'no_url' },
    )
  return { url: found.url, secret: found.secret }
}

function parseStored(value: string): { url?: string; secret: string } {
  if (!value.trimStart().startsWith('{')) return { secret: value }
  const parsed = StoredEndpoint.safeParse(jsonOf(value))
  return parsed.success ? parsed.data : { secret: value }
}

function jsonOf(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    // A signing secret may begin with a brace; it is then used as it is.
    return undefined
  }
}
