import * as z from 'zod'
import { isAddress } from './addresses'
import { AppError } from './error'

/** Says that a secret may be sent anywhere, on purpose. */
const ANYWHERE = '*'
/** Of https, where a host names none. */
const DEFAULT_PORT = '443'
const MAX_HOST_CHARACTERS = 300

/** Most hosts that a secret may name. */
export const MAX_SECRET_HOSTS = 20

/** A host that a secret may be sent to: `api.example.com`, `*.example.com` for every name below it, with a port where it is not 443; or `*`. */
export const SecretHost = z
  .string()
  .max(MAX_HOST_CHARACTERS)
  .refine(
    (text) => partsOf(text) !== undefined,
    'write a host such as api.example.com, *.example.com or api.example.com:8443, without https:// and without a path, or * for any host',
  )

interface HostParts {
  /** Whether it stands for the names below `name`, and not for `name` itself. */
  below: boolean
  name: string
  port: string
}

/**
 * Refuses `forbidden` (reason `secret_host`) an address that is not among the hosts of a secret; without hosts none is refused.
 * To be asked with the whole address before anything is sent there.
 */
export function assertSecretMayGo(name: string, hosts: readonly string[] | undefined, address: string): void {
  if (hosts === undefined || hosts.includes(ANYWHERE)) return
  if (!URL.canParse(address)) throw new AppError('invalid', 'The address is no URL; write it as https://host/path.', { reason: 'not_sent' })
  const url = new URL(address)
  const target = { name: bare(url.hostname), port: url.port === '' ? (url.protocol === 'http:' ? '80' : DEFAULT_PORT) : url.port }
  if (hosts.some((host) => covers(partsOf(host), target))) return
  throw new AppError(
    'forbidden',
    `The secret '${name}' is for ${hosts.join(', ')} and was not sent to ${url.host}; use another secret there, or add the host with PUT /api/v1/tenants/me/secrets/${name}.`,
    { reason: 'secret_host' },
  )
}

function covers(host: HostParts | undefined, target: Pick<HostParts, 'name' | 'port'>): boolean {
  if (host === undefined || host.port !== target.port) return false
  return host.below ? target.name.endsWith(`.${host.name}`) && !isAddress(target.name) : target.name === host.name
}

/** Undefined for what is no host. Names are as `URL` writes them: lower case, umlauts as punycode, addresses in their one notation. */
function partsOf(text: string): HostParts | undefined {
  if (text === ANYWHERE) return { below: true, name: '', port: '' }
  const below = text.startsWith('*.')
  const authority = below ? text.slice(2) : text
  if (/[\s/\\?#@%*,]/.test(authority) || !URL.canParse(`https://${authority}`)) return undefined
  const url = new URL(`https://${authority}`)
  const name = bare(url.hostname)
  // A whole top level is no host of anybody.
  if (below && (isAddress(url.hostname) || !name.includes('.'))) return undefined
  return { below, name, port: url.port === '' ? DEFAULT_PORT : url.port }
}

/** A name with the dot of the root at its end is the same name. */
const bare = (hostname: string): string => hostname.replace(/\.$/, '')
