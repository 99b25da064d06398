import { AppError } from '../../domain/error'
import type { Ports } from '../../domain/ports'
import { currentSecrets, outgoingSecret, parseWebhookSecret } from '../../domain/webhook-secrets'

export interface Endpoint {
  url: string
  /** One, or two while one takes over from the other; the newest first. */
  secrets: string[]
}

interface Wanted {
  endpoint?: string | undefined
  url?: string | null | undefined
  secret?: string | undefined
}

const secretName = ({ endpoint = 'default', secret }: Wanted): string => secret ?? outgoingSecret(endpoint)

/** Whether the tenant has stored what the endpoint needs. */
export const isStored = async (wanted: Wanted, secrets: Pick<Ports['secrets'], 'get'>): Promise<boolean> =>
  Boolean(await secrets.get(secretName(wanted)))

/** Where to send and with what to sign. Throws AppError `invalid` when the secret is not stored or no address is known. */
export async function endpointOf(wanted: Wanted, { secrets, clock }: Pick<Ports, 'secrets' | 'clock'>): Promise<Endpoint> {
  const name = secretName(wanted)
  const value = await secrets.get(name)
  if (value === undefined || value === '')
    throw new AppError('invalid', `No secret '${name}' is stored; webhooks are always signed, so store one under this name.`, {
      reason: 'no_secret',
    })
  const stored = parseWebhookSecret(value)
  const url = wanted.url ?? stored.url
  if (url === undefined)
    throw new AppError(
      'invalid',
      `The secret '${name}' holds no address; store {"url": …, "secret": …} under it, or give the step a 'url'.`,
      { reason: 'no_url' },
    )
  return { url, secrets: currentSecrets(stored, clock.now()) }
}
