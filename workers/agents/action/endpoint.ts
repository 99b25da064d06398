import { AppError } from '../../domain/error'
import type { Ports } from '../../domain/ports'
import { assertSecretMayGo } from '../../domain/secret-hosts'
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
  /** Where it is asked whether a delivery arrived: signed with the same secret. */
  reconcileUrl?: string | undefined
}

const secretName = ({ endpoint = 'default', secret }: Wanted): string => secret ?? outgoingSecret(endpoint)

/** Whether the tenant has stored what the endpoint needs. */
export const isStored = async (wanted: Wanted, secrets: Pick<Ports['secrets'], 'get'>): Promise<boolean> =>
  Boolean(await secrets.get(secretName(wanted)))

/**
 * Where to send and with what to sign. Throws AppError `invalid` when the secret is not stored or no address is known, and `forbidden`
 * when the secret is for other hosts than those that would be sent to. The address that is stored with a secret is always its own.
 */
export async function endpointOf(wanted: Wanted, { secrets, clock }: Pick<Ports, 'secrets' | 'clock'>): Promise<Endpoint> {
  const name = secretName(wanted)
  const found = await secrets.find(name)
  if (found === undefined || found.value === '')
    throw new AppError('invalid', `No secret '${name}' is stored; webhooks are always signed, so store one under this name.`, {
      reason: 'no_secret',
    })
  const stored = parseWebhookSecret(found.value)
  const url = wanted.url ?? stored.url
  if (url === undefined)
    throw new AppError(
      'invalid',
      `The secret '${name}' holds no address; store {"url": …, "secret": …} under it, or give the step a 'url'.`,
      { reason: 'no_url' },
    )
  const hosts = found.hosts && [...found.hosts, ...(stored.url === undefined ? [] : [new URL(stored.url).host])]
  for (const address of [url, ...(wanted.reconcileUrl === undefined ? [] : [wanted.reconcileUrl])]) assertSecretMayGo(name, hosts, address)
  return { url, secrets: currentSecrets(stored, clock.now()) }
}
