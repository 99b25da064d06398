import { and, asc, eq } from 'drizzle-orm'
import type { IdentityProvider, IdentityProviderStore } from '../domain/identity-providers'
import { openD1 } from './d1'
import { identityLinks, identityProviders } from './schema'
import type { Vault } from './vault'

/** Identity providers in D1: their client secrets sealed with the master key and bound to tenant and name. */
export function createD1IdentityProviders(binding: D1Database, master: Vault): IdentityProviderStore {
  const db = openD1(binding)
  const one = (tenantId: string, name: string) => and(eq(identityProviders.tenantId, tenantId), eq(identityProviders.name, name))
  const purposeOf = (tenantId: string, name: string) => `identity-provider/${tenantId}/${name}`
  const sealed = async ({ tenantId, name }: IdentityProvider, secret: string | null | undefined) =>
    typeof secret === 'string' ? await master.seal(new TextEncoder().encode(secret), purposeOf(tenantId, name)) : secret
  return {
    put: async (provider, clientSecret) => {
      const { tenantId, name, createdAt, updatedAt, ...settings } = provider
      const sealedSecret = await sealed(provider, clientSecret)
      await db
        .insert(identityProviders)
        .values({ tenantId, name, settings, createdAt, updatedAt, sealedSecret: sealedSecret ?? null })
        .onConflictDoUpdate({
          target: [identityProviders.tenantId, identityProviders.name],
          set: { settings, updatedAt, ...(sealedSecret !== undefined && { sealedSecret }) },
        })
    },
    find: async (tenantId, name) => {
      const [row] = await db.select().from(identityProviders).where(one(tenantId, name)).limit(1)
      if (row === undefined) return undefined
      if (row.sealedSecret === null) return toProvider(row)
      return { ...toProvider(row), clientSecret: new TextDecoder().decode(await master.open(row.sealedSecret, purposeOf(tenantId, name))) }
    },
    list: async (tenantId) => {
      const mine = eq(identityProviders.tenantId, tenantId)
      const rows = await db.select().from(identityProviders).where(mine).orderBy(asc(identityProviders.name))
      return rows.map((row) => ({ ...toProvider(row), hasSecret: row.sealedSecret !== null }))
    },
    delete: async (tenantId, name) =>
      (await db.delete(identityProviders).where(one(tenantId, name)).returning({ name: identityProviders.name })).length > 0,
    findLink: async (tenantId, issuer, subject) => {
      const meant = and(eq(identityLinks.tenantId, tenantId), eq(identityLinks.issuer, issuer), eq(identityLinks.subject, subject))
      return (await db.select().from(identityLinks).where(meant).limit(1))[0]
    },
    link: async (link) => {
      const [standing] = await db
        .insert(identityLinks)
        .values(link)
        .onConflictDoUpdate({
          target: [identityLinks.tenantId, identityLinks.issuer, identityLinks.subject],
          // Changes nothing, so that the row that stands is given back.
          set: { subject: link.subject },
        })
        .returning()
      return standing ?? link
    },
  }
}

const toProvider = ({ settings, tenantId, name, createdAt, updatedAt }: typeof identityProviders.$inferSelect): IdentityProvider => ({
  ...settings,
  ...{ tenantId, name, createdAt, updatedAt },
})
