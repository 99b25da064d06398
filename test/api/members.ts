import { type Account, call, type Kit } from './kit'

export const PASSWORD = 'correct horse battery'

/** The code out of the last mail that the tenant sent. */
export function mailedCode(kit: Kit, tenantId: string): string {
  const mail = kit.tenant(tenantId).ports.mailer.sent.at(-1)
  return /^[A-Za-z0-9]{48}$/m.exec(mail?.text ?? '')?.[0] ?? ''
}

export interface Person {
  id: string
  email: string
  accessToken: string
  refreshToken: string
}

/** Invites somebody, lets them join, and signs them in. */
export async function addMember(kit: Kit, account: Account, role: string, name: string): Promise<Person> {
  const email = `${name}@${account.slug}.example`
  await call(kit, account, 'POST', '/api/v1/invitations', { email, role })
  const code = mailedCode(kit, account.tenantId)
  await call(kit, undefined, 'POST', '/api/v1/invitations/accept', { code, name, password: PASSWORD })
  return await signInAs(kit, account, email)
}

export async function signInAs(kit: Kit, { slug }: Pick<Account, 'slug'>, email: string, password = PASSWORD): Promise<Person> {
  const { body } = await call(kit, undefined, 'POST', '/api/v1/auth/login', { tenant: slug, email, password })
  const who = await asPerson(kit, body, 'GET', '/api/v1/auth/verify')
  return { id: who.body.id, email, accessToken: body.accessToken, refreshToken: body.refreshToken }
}

/** Calls the API as a person. */
export const asPerson = (kit: Kit, { accessToken }: Pick<Person, 'accessToken'>, method: string, path: string, body?: unknown) =>
  call(kit, undefined, method, path, body, { Authorization: `Bearer ${accessToken}` })
