import * as z from 'zod'
import { AppError } from './error'
import { ScimUserBody } from './scim-wish'

/** PATCH of RFC 7644, 3.5.2. Entra writes the operation with a capital letter. */
export const ScimPatch = z.object({
  schemas: z.array(z.string().max(300)).max(20).optional(),
  Operations: z
    .array(
      z.object({
        op: z
          .string()
          .transform((op) => op.toLowerCase())
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(300).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(100),
})
export type ScimPatch = z.infer<typeof ScimPatch>
type Operation = ScimPatch['Operations'][number]
type Resource = Record<string, unknown>

/** `attribute`, `attribute.part`, `attribute[filter]`, `attribute[filter].part`. */
const PATH = /^([a-z][\w-]*)(?:\[[^\]]*\])?(?:\.([a-z][\w-]*))?$/i
const URN = /^urn:ietf:params:scim:schemas:core:2\.0:User:/i
/** Attributes that are kept, by their names in lower case. Others of the schema and of extensions are let pass and not kept. */
const KEPT: Record<string, string> = {
  username: 'userName',
  externalid: 'externalId',
  displayname: 'displayName',
  name: 'name',
  emails: 'emails',
  active: 'active',
  roles: 'roles',
}
const PARTS: Record<string, string> = { givenname: 'givenName', familyname: 'familyName', formatted: 'formatted' }
const LISTS: ReadonlySet<string> = new Set(['emails', 'roles'])

/** The body after the operations, in their order. Refuses `invalid` with `invalidPath` or `invalidValue` for what cannot be applied. */
export function patchScimUser(body: ScimUserBody, { Operations }: ScimPatch): ScimUserBody {
  let resource: Resource = { ...body }
  for (const operation of Operations) resource = apply(resource, operation)
  const patched = ScimUserBody.safeParse(resource)
  if (patched.success) return patched.data
  const field = patched.error.issues[0]?.path.join('.') ?? ''
  throw new AppError('invalid', `The value of ${field} does not fit.`, { reason: 'invalidValue' })
}

function apply(resource: Resource, { op, path, value }: Operation): Resource {
  if (path !== undefined) return applyAt(resource, op, path, value)
  if (op === 'remove') throw new AppError('invalid', 'A removal needs a path.', { reason: 'noTarget' })
  if (!isObject(value)) throw new AppError('invalid', 'Without a path the value must hold attributes.', { reason: 'invalidValue' })
  // Okta sends attributes by name, Entra also paths as names.
  return Object.entries(value).reduce((changed, [name, each]) => applyAt(changed, op, name, each), resource)
}

function applyAt(resource: Resource, op: Operation['op'], path: string, value: unknown): Resource {
  const local = path.replace(URN, '')
  if (/^(urn:|schemas$|id$|meta$)/i.test(local)) return resource
  const [, attribute = '', part] = PATH.exec(local) ?? []
  if (attribute === '') throw new AppError('invalid', 'The path of an operation cannot be read.', { reason: 'invalidPath' })
  const name = KEPT[attribute.toLowerCase()]
  if (name === undefined) return resource
  if (LISTS.has(name)) return { ...resource, [name]: op === 'remove' ? undefined : listOf(value) }
  if (part === undefined) return { ...resource, [name]: op === 'remove' ? undefined : merged(resource[name], value) }
  const key = PARTS[part.toLowerCase()]
  if (name !== 'name' || key === undefined) return resource
  return { ...resource, name: merged(resource.name, { [key]: op === 'remove' ? undefined : value }) }
}

/** One address and one role are kept: what comes takes the place of what was there, whichever filter stands before it. */
function listOf(value: unknown): unknown[] {
  if (typeof value === 'string') return [{ value, primary: true }]
  return Array.isArray(value) ? value : [value]
}

/** Parts of a name that are not sent stay. */
const merged = (before: unknown, value: unknown): unknown => (isObject(before) && isObject(value) ? { ...before, ...value } : value)

const isObject = (value: unknown): value is Resource => typeof value === 'object' && value !== null && !Array.isArray(value)
