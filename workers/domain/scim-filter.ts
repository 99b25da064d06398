import { AppError } from './error'
import type { ScimFilter } from './scim'

const ATTRIBUTES: Record<string, ScimFilter['attribute']> = {
  username: 'userName',
  externalid: 'externalId',
  id: 'id',
  emails: 'email',
  'emails.value': 'email',
  'emails[type eq "work"].value': 'email',
  'emails[primary eq true].value': 'email',
}
/** Of a text without spaces at its ends. The attribute ends with something else than a space, so that a row of spaces is read once. */
const EQUALS = /^(\S(?:.*?\S)?)\s+eq\s+("(?:[^"\\]|\\.)*")$/i

/** Reads `attribute eq "value"`, with or without the schema's URN before the attribute. Refuses `invalid` (reason `invalidFilter`) for more. */
export function parseScimFilter(text: string): ScimFilter {
  const { path, value } = equality(text)
  const attribute = ATTRIBUTES[path]
  if (attribute === undefined) throw unsupported('userName, externalId, emails.value or id')
  return { attribute, value }
}

/** The name in `displayName eq "name"`, of groups. */
export function parseScimGroupFilter(text: string): string {
  const { path, value } = equality(text)
  if (path !== 'displayname' && path !== 'id') throw unsupported('displayName or id')
  return value
}

function equality(text: string): { path: string; value: string } {
  const [, attribute, quoted] = EQUALS.exec(text.trim()) ?? []
  if (attribute === undefined || quoted === undefined) throw unsupported('one attribute')
  return { path: attribute.replace(/^urn:ietf:params:scim:schemas:core:2\.0:\w+:/i, '').toLowerCase(), value: unquote(quoted) }
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch (cause) {
    throw new AppError('invalid', 'The value of the filter is no JSON text.', { reason: 'invalidFilter', cause })
  }
}

const unsupported = (what: string) =>
  new AppError('invalid', `Filters compare ${what} with \`eq\` and a quoted text.`, { reason: 'invalidFilter' })
