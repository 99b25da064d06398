import * as z from 'zod'
import { MAX_ORIGINS, Origin } from './origins'
import { Branding } from './reports'

export const ROLES = ['admin', 'client', 'agent', 'customer_success'] as const
export type Role = (typeof ROLES)[number]

export const TenantSlug = z.string().regex(/^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/, 'use 3 to 40 lower-case letters, digits and dashes')

/** Where an action may send to, and how it signs. The secret is stored encrypted. */
export const WebhookEndpoint = z.object({ name: z.string(), url: z.url(), secret: z.string() })
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>

export const TenantSettings = z.object({
  branding: Branding,
  locale: z.string().default('en'),
  currency: z.string().length(3).default('EUR'),
  timeZone: z.string().default('UTC'),
  allowedOrigins: z.array(Origin).max(MAX_ORIGINS).optional().describe('Origins whose pages may call the API with a token of the tenant.'),
})
export type TenantSettings = z.infer<typeof TenantSettings>

export interface Tenant {
  id: string
  slug: string
  name: string
  settings: TenantSettings
  createdAt: string
  /** Nobody comes in and nothing starts until the operator reactivates it. */
  suspendedAt?: string
  deletionAskedAt?: string
  /** From when on nothing takes the deletion back. */
  erasedFrom?: string
}

export interface User {
  id: string
  tenantId: string
  email: string
  name: string
  /** One of `ROLES`, or a role that the tenant made. */
  role: string
  createdAt: string
  /** A disabled user cannot sign in. */
  disabledAt?: string
  emailVerifiedAt?: string
}

/** Who is asking: a person with a token or a program with a key, always of exactly one tenant. */
export interface Principal {
  kind: 'user' | 'api_key'
  id: string
  tenantId: string
  /** One of `ROLES`, or a role that the tenant made. */
  role: string
  /** All that it may do, where this is not what the built-in role may: a role of the tenant, or a key with scopes. */
  permissions?: readonly string[]
  /** The sign-in that the access token descends from; a key has none. */
  sessionId?: string
  /** Id of the person who made the key, where that is known. */
  madeBy?: string
  /** The service account that the key is for. */
  serviceAccountId?: string
}
