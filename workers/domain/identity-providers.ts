import * as z from 'zod'

export const ProviderName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'use at most 39 lower-case letters, digits and dashes')
const Domain = z
  .string()
  .max(253)
  .transform((domain) => domain.toLowerCase())
  .pipe(z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+$/, 'use a domain such as acme.example'))

/** How people of a tenant sign in with an account that their company keeps elsewhere (OpenID Connect). */
export const IdentityProviderSettings = z
  .object({
    issuer: z.url().max(500).describe('As the provider names itself; `/.well-known/openid-configuration` is read below it.'),
    clientId: z.string().min(1).max(500),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'a scope has no spaces'))
      .max(20)
      .default(['openid', 'email', 'profile'])
      .describe('`openid` and `email` are always asked for.'),
    allowedDomains: z
      .array(Domain)
      .min(1)
      .max(50)
      .describe('A person who comes for the first time must have a verified e-mail address of one of these.'),
    createsAccounts: z
      .boolean()
      .default(false)
      .describe('Whether somebody without an account gets one; else only accounts that there are can be opened.'),
    defaultRole: z.string().max(64).default('client').describe('Role of those for whom `roleMapping` says nothing.'),
    roleClaim: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Claim that holds a text or a list of texts. With it the provider says the role, anew at each sign-in.'),
    roleMapping: z
      .array(z.object({ value: z.string().min(1).max(200), role: z.string().max(64) }))
      .max(100)
      .default([])
      .describe('The first one whose value is in the claim decides.'),
  })
  .refine((settings) => settings.roleClaim !== undefined || settings.roleMapping.length === 0, {
    path: ['roleClaim'],
    message: 'name the claim that roleMapping reads',
  })
export type IdentityProviderSettings = z.infer<typeof IdentityProviderSettings>

export type IdentityProvider = IdentityProviderSettings & { tenantId: string; name: string; createdAt: string; updatedAt: string }
/** `clientSecret` absent: a public client, which proves itself by PKCE alone. */
export type FoundIdentityProvider = IdentityProvider & { clientSecret?: string }

export interface IdentityProviderStore {
  /** Makes or replaces it. `clientSecret` undefined: the one that is kept stays; null: there is none. */
  put(provider: IdentityProvider, clientSecret: string | null | undefined): Promise<void>
  find(tenantId: string, name: string): Promise<FoundIdentityProvider | undefined>
  /** By name. */
  list(tenantId: string): Promise<(IdentityProvider & { hasSecret: boolean })[]>
  /** False when the tenant has none of the name. Links stay: whoever enters it again finds the same people. */
  delete(tenantId: string, name: string): Promise<boolean>
  /** Who is behind an account of a provider. */
  findLink(tenantId: string, issuer: string, subject: string): Promise<IdentityLink | undefined>
  /** Links once: of two at once both get the link that stands. */
  link(link: IdentityLink): Promise<IdentityLink>
}

/** An account of a provider and the person it opens: by issuer and subject, which never change hands, not by e-mail, which do. */
export interface IdentityLink {
  tenantId: string
  issuer: string
  subject: string
  userId: string
  createdAt: string
}

/** What a provider has said about a person, once signature, issuer, audience, nonce and time were checked. */
export interface ProvenClaims {
  issuer: string
  subject: string
  email?: string
  isEmailVerified: boolean
  name?: string
  /** All claims, for the role. */
  all: Record<string, unknown>
}

/** Sign-in at a provider. Throws `unavailable` when it cannot be reached, `unauthenticated` for an answer that does not hold. */
export interface OpenId {
  /** Where to send the browser. */
  authorizationUrl(provider: FoundIdentityProvider, attempt: OpenIdAttempt): Promise<string>
  /** Trades the code in the address that the provider sent the browser to. */
  redeem(provider: FoundIdentityProvider, attempt: OpenIdAttempt, callback: URLSearchParams): Promise<ProvenClaims>
}
export interface OpenIdAttempt {
  redirectUri: string
  state: string
  nonce: string
  codeVerifier: string
}

/** The role that the claims give; undefined when the provider says nothing about roles. */
export function roleOf({ roleClaim, roleMapping, defaultRole }: IdentityProviderSettings, claims: ProvenClaims): string | undefined {
  if (roleClaim === undefined) return undefined
  const value = Object.hasOwn(claims.all, roleClaim) ? claims.all[roleClaim] : undefined
  const held = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string')
  return roleMapping.find((row) => held.includes(row.value))?.role ?? defaultRole
}

/** Why somebody whom a provider knows may not come in for the first time; undefined: they may. */
export function refusalOf({ allowedDomains }: IdentityProviderSettings, { email, isEmailVerified }: ProvenClaims): string | undefined {
  if (email === undefined) return 'the provider gave no e-mail address'
  if (!isEmailVerified) return 'the provider has not verified the e-mail address'
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  return allowedDomains.includes(domain) ? undefined : 'the domain of the e-mail address is not allowed'
}
