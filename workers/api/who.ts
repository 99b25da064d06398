import type { Principal } from '../domain/tenants'
import type { ApiDeps } from './deps'

/** Who acts, as the record of a run names them for people: the person's e-mail address, or the key. */
export async function nameOf({ identity }: Pick<ApiDeps, 'identity'>, principal: Principal): Promise<string> {
  if (principal.kind === 'api_key') return `API key ${principal.id}`
  const user = await identity.findUser(principal.tenantId, principal.id)
  return user?.email ?? principal.id
}
