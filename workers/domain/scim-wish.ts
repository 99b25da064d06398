import * as z from 'zod'
import { AppError } from './error'
import type { ScimUser, ScimWish } from './scim'

/** Entra sends truth as text. */
export const ScimBoolean = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(true|false)$/i)
    .transform((text) => text.toLowerCase() === 'true'),
])
const Text = z.string().trim().max(254)
/** Directories send absent texts as null or as empty ones. */
const Optional = Text.nullish().transform((text) => text || undefined)
const Valued = z.object({
  value: Text.nullish(),
  type: z.string().nullish(),
  primary: ScimBoolean.nullish(),
  display: z.string().nullish(),
})

/** A user as directories send it; what is not kept here is let pass, as the protocol wants it. */
export const ScimUserBody = z.object({
  schemas: z.array(z.string().max(300)).max(20).optional(),
  userName: Text.min(1),
  externalId: Optional,
  displayName: Optional,
  name: z.object({ formatted: Optional, givenName: Optional, familyName: Optional }).nullish(),
  emails: z.array(Valued).max(20).nullish(),
  active: ScimBoolean.nullish(),
  roles: z
    .array(z.union([Valued, Text.transform((value) => ({ value, primary: undefined }))]))
    .max(20)
    .nullish(),
})
export type ScimUserBody = z.infer<typeof ScimUserBody>

const Address = z.email().max(254)

/**
 * What a body asks for. The address is the primary e-mail, else the first, else the user name. Refuses `invalid` (reason `invalidValue`)
 * when none of them is an address.
 */
export function wishOf(body: ScimUserBody): ScimWish {
  const emails = body.emails?.filter(({ value }) => value !== undefined && value !== null && value !== '') ?? []
  const given = (emails.find((email) => email.primary === true) ?? emails[0])?.value ?? body.userName
  const email = Address.safeParse(given.toLowerCase())
  if (!email.success)
    throw new AppError('invalid', 'A person needs an e-mail address: send one in `emails`, or as `userName`.', { reason: 'invalidValue' })
  const { formatted, givenName, familyName } = body.name ?? {}
  const role = roleIn(body.roles)
  return {
    userName: body.userName,
    email: email.data,
    name: body.displayName ?? formatted ?? ([givenName, familyName].filter(Boolean).join(' ') || body.userName),
    isActive: body.active ?? true,
    ...(body.externalId !== undefined && { externalId: body.externalId }),
    ...(givenName !== undefined && { givenName }),
    ...(familyName !== undefined && { familyName }),
    ...(role !== undefined && { role }),
  }
}

/** The account as it stands, as a body: what a change is applied to. A name that is put together of its parts will follow them. */
export function bodyOf(user: ScimUser): ScimUserBody {
  const isOfParts = [user.givenName, user.familyName].filter(Boolean).join(' ') === user.name
  return {
    userName: user.userName,
    externalId: user.externalId,
    displayName: isOfParts ? undefined : user.name,
    name: { formatted: undefined, givenName: user.givenName, familyName: user.familyName },
    emails: [{ value: user.email, type: 'work', primary: true }],
    active: user.disabledAt === undefined,
    roles: [{ value: user.role, primary: true }],
  }
}

function roleIn(roles: ScimUserBody['roles']): string | undefined {
  const named = roles?.filter(({ value }) => value !== undefined && value !== null && value !== '') ?? []
  return (named.find((role) => role.primary === true) ?? named[0])?.value ?? undefined
}
