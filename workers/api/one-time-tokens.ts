import { ACCOUNT_TOKEN_MS, INVITATION_MS, type OneTimeToken } from '../domain/one-time-tokens'
import type { Tenant } from '../domain/tenants'
import { accountMail } from './account-mails'
import type { ApiDeps } from './deps'

/** Letters of a token: 256 bits and more. */
const TOKEN_LENGTH = 48

type Deps = Pick<ApiDeps, 'identity' | 'credentials' | 'clock' | 'newId' | 'portsFor'>
type Meant = Pick<OneTimeToken, 'purpose' | 'email' | 'userId' | 'role' | 'createdBy'>

/** Makes a token and mails it. When the mail is not taken, the token is void and the refusal of the mailer is thrown. */
export async function sendToken(deps: Deps, tenant: Pick<Tenant, 'id' | 'name'>, meant: Meant): Promise<OneTimeToken> {
  const { identity, credentials, clock, newId } = deps
  const now = clock.now()
  const code = credentials.random(TOKEN_LENGTH)
  const token: OneTimeToken = {
    ...meant,
    id: newId('oneTimeToken'),
    tenantId: tenant.id,
    tokenHash: credentials.hash(code),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + (meant.purpose === 'invitation' ? INVITATION_MS : ACCOUNT_TOKEN_MS)).toISOString(),
  }
  await identity.oneTimeTokens.insert(token)
  try {
    await deps.portsFor(tenant.id).mailer.send(accountMail(token, code, tenant.name))
  } catch (thrown) {
    await identity.oneTimeTokens.revoke(tenant.id, token.purpose, token.id, clock.now().toISOString())
    throw thrown
  }
  return token
}
