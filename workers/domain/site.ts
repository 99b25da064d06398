import { AppError } from './error'

/** Where people find this installation. */
export interface Site {
  /** Of the dashboard: `https://steward.example.com`. */
  origin: string
  /** Of the API; the same unless the dashboard lies elsewhere. */
  apiOrigin: string
  /** Domain that passkeys are bound to: the dashboard's host, or a domain above it. */
  passkeyDomain: string
}

export interface SiteSettings {
  publicUrl?: string | undefined
  publicApiUrl?: string | undefined
  passkeyDomain?: string | undefined
  /** Whether the address of the request may stand in for a setting: in development only, because a caller chooses it. */
  trustsRequest: boolean
}

/**
 * The site as configured. Without `publicUrl` it is the request's own origin where that may be trusted; else refuses `unavailable`.
 * Refuses `internal` for settings that contradict each other.
 */
export function siteOf({ publicUrl, publicApiUrl, passkeyDomain, trustsRequest }: SiteSettings, requestUrl: string): Site {
  if (publicUrl === undefined && !trustsRequest)
    throw new AppError('unavailable', 'This installation does not know its own address yet; whoever runs it must set PUBLIC_URL.')
  const dashboard = parse('PUBLIC_URL', publicUrl ?? requestUrl)
  const api = parse('PUBLIC_API_URL', publicApiUrl ?? publicUrl ?? requestUrl)
  const domain = passkeyDomain ?? dashboard.hostname
  if (dashboard.hostname !== domain && !dashboard.hostname.endsWith(`.${domain}`))
    throw new AppError('internal', `PASSKEY_DOMAIN '${domain}' is not the host of PUBLIC_URL or a domain above it.`)
  return { origin: dashboard.origin, apiOrigin: api.origin, passkeyDomain: domain }
}

function parse(name: string, text: string): URL {
  if (!URL.canParse(text)) throw new AppError('internal', `${name} is no URL; write it as https://host.`)
  return new URL(text)
}
