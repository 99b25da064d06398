import * as z from 'zod'
import { addressKind } from './addresses'

/** A web page's origin exactly as a browser names it in `Origin`: https, or http on loopback for development. No wildcards. */
export const Origin = z.string().max(300).refine(isOrigin, 'write an origin such as https://app.example.com, without a path or a wildcard')

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { origin, protocol, hostname } = new URL(text)
  return origin === text && !text.includes('*') && (protocol === 'https:' || (protocol === 'http:' && addressKind(hostname) === 'loopback'))
}

/** Most origins that a tenant may list. */
export const MAX_ORIGINS = 20
