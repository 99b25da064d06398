import type { FoundIdentityProvider, IdentityLink, IdentityProviderStore } from '../../workers/domain/identity-providers'

/** Identity providers and links in memory. */
export function createFakeIdentityProviders(): IdentityProviderStore {
  const rows = new Map<string, FoundIdentityProvider>()
  const links = new Map<string, IdentityLink>()
  const linkKey = (...parts: string[]) => parts.join('\n')
  return {
    put: async (provider, clientSecret) => {
      const key = `${provider.tenantId}/${provider.name}`
      const kept = clientSecret === undefined ? rows.get(key)?.clientSecret : (clientSecret ?? undefined)
      rows.set(key, { ...provider, ...(kept !== undefined && { clientSecret: kept }) })
    },
    find: async (tenantId, name) => rows.get(`${tenantId}/${name}`),
    list: async (tenantId) =>
      [...rows.values()]
        .filter((row) => row.tenantId === tenantId)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ clientSecret, ...row }) => ({ ...row, hasSecret: clientSecret !== undefined })),
    delete: async (tenantId, name) => rows.delete(`${tenantId}/${name}`),
    findLink: async (tenantId, issuer, subject) => links.get(linkKey(tenantId, issuer, subject)),
    link: async (link) => {
      const key = linkKey(link.tenantId, link.issuer, link.subject)
      const standing = links.get(key) ?? link
      links.set(key, standing)
      return standing
    },
  }
}
