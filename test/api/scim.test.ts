import { beforeEach, describe, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, signInAs } from './members'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const JO = {
  schemas: [USER],
  userName: 'Jo@acme.example',
  externalId: '00u1',
  name: { givenName: 'Jo', familyName: 'Doe' },
  emails: [{ primary: true, value: 'Jo@acme.example', type: 'work' }],
  active: true,
}

let kit: Kit
let acme: Account
let directory: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  directory = await directoryOf(acme)
})

/** A service account of the directory, with a key that provisions and nothing else. */
async function directoryOf(account: Account, role = 'admin'): Promise<Account> {
  const { id } = (await call(kit, account, 'POST', '/api/v1/service-accounts', { name: 'Directory', role })).body
  const order = { name: 'SCIM', serviceAccountId: id, scopes: ['scim:read', 'scim:write'] }
  const { key } = (await call(kit, account, 'POST', '/api/v1/api-keys', order)).body
  return { ...account, apiKey: key }
}
const scim = (method: string, path: string, body?: unknown, account = directory) =>
  call(kit, account, method, `/api/v1/scim/v2${path}`, body, { 'Content-Type': 'application/scim+json' })
const create = async (more: object = {}) => await scim('POST', '/Users', { ...JO, ...more })
const patch = (id: string, Operations: object[]) => scim('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations })
const find = (filter: string) => scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)
const events = async (kind: string) => (await call(kit, acme, 'GET', `/api/v1/security-events?kind=${kind}`)).body.items

describe('a directory', () => {
  test('reads what is spoken here', async () => {
    const config = await scim('GET', '/ServiceProviderConfig')
    expect(config.headers.get('Content-Type')).toBe('application/scim+json')
    expect(config.body).toMatchObject({
      patch: { supported: true },
      filter: { supported: true, maxResults: 200 },
      bulk: { supported: false },
    })
    expect((await scim('GET', '/ResourceTypes')).body.Resources.map(({ id }: { id: string }) => id)).toEqual(['User', 'Group'])
    expect((await scim('GET', '/Schemas')).body.Resources[0].id).toBe(USER)
  })

  test('makes a user with the least role, and reads it back', async () => {
    const made = await create()
    expect(made).toMatchObject({
      status: 201,
      body: {
        schemas: [USER],
        userName: 'Jo@acme.example',
        externalId: '00u1',
        name: { formatted: 'Jo Doe', givenName: 'Jo', familyName: 'Doe' },
        emails: [{ value: 'jo@acme.example', primary: true }],
        active: true,
        roles: [{ value: 'client' }],
      },
    })
    expect(made.headers.get('Location')).toBe(made.body.meta.location)
    expect((await scim('GET', `/Users/${made.body.id}`)).body).toEqual(made.body)
    expect((await call(kit, acme, 'GET', `/api/v1/users/${made.body.id}`)).body).toMatchObject({ email: 'jo@acme.example', role: 'client' })
    expect(await events('user_provisioned')).toHaveLength(1)
    expect(made.text).not.toMatch(/password/i)
  })

  test('cannot make the same user twice, by user name or address, also when no directory made the first', async () => {
    await create()
    const taken = { status: 409, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', scimType: 'uniqueness' } }
    const again = await create({ userName: 'JO@ACME.example', emails: [{ value: 'other@acme.example' }] })
    expect(again).toMatchObject(taken)
    expect(again.headers.get('Content-Type')).toBe('application/scim+json')
    expect(await create({ userName: 'other' })).toMatchObject(taken)
    await addMember(kit, acme, 'agent', 'eve')
    expect(await create({ userName: 'eve@acme.example', emails: [{ value: 'e@acme.example' }] })).toMatchObject(taken)
  })

  test('finds by user name, external id, address and id, without regard to case, page by page', async () => {
    const { id } = (await create()).body
    for (const filter of [
      'userName eq "jo@ACME.example"',
      'username Eq "jo@acme.example"',
      `${USER}:userName eq "jo@acme.example"`,
      'externalId eq "00u1"',
      'emails[type eq "work"].value eq "jo@acme.example"',
      `id eq "${id}"`,
    ])
      expect((await find(filter)).body, filter).toMatchObject({ totalResults: 1, Resources: [{ id }] })
    expect((await find('userName eq "nobody"')).body).toMatchObject({ totalResults: 0, Resources: [] })
    for (const filter of ['userName co "jo"', 'userName eq jo', 'password eq "x"', 'userName eq "a" or userName eq "b"'])
      expect((await find(filter)).body, filter).toMatchObject({ status: '400', scimType: 'invalidFilter' })
    const page = await scim('GET', '/Users?startIndex=2&count=1')
    expect(page.body).toMatchObject({ totalResults: 2, startIndex: 2, itemsPerPage: 1, Resources: [{ id }] })
    expect((await scim('GET', '/Users?count=0')).body).toMatchObject({ totalResults: 2, Resources: [] })
    expect((await scim('GET', '/Users?startIndex=-5&count=9999')).body).toMatchObject({ startIndex: 1, itemsPerPage: 2 })
  })

  test('finds people whom no directory made, and looks after them from then on', async () => {
    const eve = await addMember(kit, acme, 'agent', 'eve')
    const { Resources } = (await find('userName eq "eve@acme.example"')).body
    expect(Resources).toMatchObject([{ id: eve.id, userName: 'eve@acme.example', roles: [{ value: 'agent' }] }])
    await patch(eve.id, [{ op: 'add', path: 'externalId', value: '00u9' }])
    expect((await find('externalId eq "00u9"')).body.Resources).toMatchObject([{ id: eve.id, active: true, roles: [{ value: 'agent' }] }])
  })

  test('replaces a user, and the role stays where none is sent', async () => {
    const { id } = (await create({ roles: [{ value: 'agent', primary: true }] })).body
    const replaced = await scim('PUT', `/Users/${id}`, { ...JO, name: { givenName: 'Joan', familyName: 'Doe' }, externalId: undefined })
    expect(replaced).toMatchObject({ status: 200, body: { displayName: 'Joan Doe', roles: [{ value: 'agent' }] } })
    expect(replaced.body).not.toHaveProperty('externalId')
  })

  test('is told what is wrong in the words of the protocol', async () => {
    expect((await scim('GET', '/Users/usr_nobody')).body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '404',
      detail: 'There is no user with that id.',
    })
    expect((await scim('POST', '/Users', { userName: 'jo' })).body).toMatchObject({ status: '400', scimType: 'invalidValue' })
    expect((await scim('POST', '/Users', {})).body.status).toBe('400')
    expect((await create({ roles: [{ value: 'king' }] })).body).toMatchObject({ status: '400', scimType: 'invalidValue' })
    const stranger = await scim('GET', '/Users', undefined, { ...acme, apiKey: 'stw_nobody' })
    expect(stranger).toMatchObject({ status: 401, body: { status: '401' } })
    expect(stranger.headers.get('WWW-Authenticate')).toBe('Bearer')
  })
})

describe('a change', () => {
  test.each([
    ['Okta: without a path', [{ op: 'replace', value: { active: false } }]],
    ['Entra: with a path, a capital and truth as text', [{ op: 'Replace', path: 'active', value: 'False' }]],
  ])('closes an account at once: %s', async (_, operations) => {
    const member = await addMember(kit, acme, 'agent', 'eve')
    expect((await asPerson(kit, member, 'GET', '/auth/verify')).status).toBe(200)
    expect(await patch(member.id, operations)).toMatchObject({ status: 200, body: { active: false } })
    expect((await asPerson(kit, member, 'GET', '/auth/verify')).status).toBe(401)
    expect((await call(kit, undefined, 'POST', '/auth/refresh', { refreshToken: member.refreshToken })).status).toBe(401)
    expect(await events('user_disabled')).toMatchObject([{ detail: member.id }])
    expect((await patch(member.id, [{ op: 'replace', path: 'active', value: true }])).body.active).toBe(true)
    // The account is open again, the sign-ins of before are not.
    expect((await asPerson(kit, member, 'GET', '/auth/verify')).status).toBe(401)
    expect((await call(kit, undefined, 'POST', '/auth/refresh', { refreshToken: member.refreshToken })).status).toBe(401)
    expect((await signInAs(kit, acme, 'eve@acme.example')).id).toBe(member.id)
  })

  test('takes names, addresses and roles as Entra and Okta write them', async () => {
    const { id } = (await create()).body
    const changed = await patch(id, [
      { op: 'Replace', path: 'name.givenName', value: 'Joan' },
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'joan@acme.example' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'agent' },
      { op: 'Replace', path: `${USER}:userName`, value: 'joan@acme.example' },
      { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', value: 'Sales' },
      { op: 'Replace', value: { externalId: '00u2', title: 'Dr.' } },
    ])
    expect(changed).toMatchObject({
      status: 200,
      body: {
        userName: 'joan@acme.example',
        externalId: '00u2',
        displayName: 'Joan Doe',
        emails: [{ value: 'joan@acme.example' }],
        roles: [{ value: 'agent' }],
      },
    })
    expect((await patch(id, [{ op: 'replace', value: { displayName: 'Joanie', 'name.familyName': 'Smith' } }])).body).toMatchObject({
      displayName: 'Joanie',
      name: { familyName: 'Smith' },
    })
    expect((await patch(id, [{ op: 'remove', path: 'externalId' }])).body).not.toHaveProperty('externalId')
    expect((await patch(id, [{ op: 'remove' }])).body.scimType).toBe('noTarget')
    expect((await patch(id, [{ op: 'replace', path: '[[', value: 1 }])).body.scimType).toBe('invalidPath')
    expect((await patch(id, [{ op: 'replace', path: 'active', value: 'maybe' }])).body.scimType).toBe('invalidValue')
    expect((await patch(id, [{ op: 'move', path: 'active' }])).status).toBe(400)
  })

  test('of the address has to be proven anew', async () => {
    const eve = await addMember(kit, acme, 'agent', 'eve')
    await patch(eve.id, [{ op: 'replace', path: 'emails', value: [{ value: 'eva@acme.example', primary: true }] }])
    expect((await call(kit, acme, 'GET', `/api/v1/users/${eve.id}`)).body).not.toHaveProperty('emailVerifiedAt')
  })

  test('that would leave nobody to administer is refused, and nothing of it done', async () => {
    const refused = { status: 409, body: { status: '409', scimType: 'mutability' } }
    expect(await patch(acme.adminId, [{ op: 'replace', value: { active: false } }])).toMatchObject(refused)
    expect(await patch(acme.adminId, [{ op: 'replace', path: 'roles', value: [{ value: 'client' }] }])).toMatchObject(refused)
    expect(await scim('DELETE', `/Users/${acme.adminId}`)).toMatchObject(refused)
    expect((await scim('GET', `/Users/${acme.adminId}`)).body).toMatchObject({ active: true, roles: [{ value: 'admin' }] })
  })

  test('of a closed account with a taken address closes it all the same', async () => {
    await create()
    const eve = await addMember(kit, acme, 'agent', 'eve')
    const body = { ...JO, userName: 'eve@acme.example', active: false }
    expect((await scim('PUT', `/Users/${eve.id}`, body)).status).toBe(409)
    expect((await asPerson(kit, eve, 'GET', '/auth/verify')).status).toBe(401)
  })
})

describe('removing', () => {
  test('disables the account, takes it out of sight, and gives it back to whoever comes again', async () => {
    const { id } = (await create({ roles: [{ value: 'agent' }] })).body
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204)
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404)
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(404)
    expect((await find('userName eq "jo@acme.example"')).body.totalResults).toBe(0)
    expect((await call(kit, acme, 'GET', `/api/v1/users/${id}`)).body.disabledAt).toBeTruthy()
    // With what the directory says now: the role of before is not given back by itself.
    expect(await create()).toMatchObject({ status: 201, body: { id, active: true, roles: [{ value: 'client' }] } })
    expect((await call(kit, acme, 'GET', `/api/v1/users/${id}`)).body).not.toHaveProperty('disabledAt')
  })
})

describe('groups', () => {
  test('are the roles of the tenant, with those who have them', async () => {
    await call(kit, acme, 'PUT', '/api/v1/roles/clerk', { permissions: ['runs:read'] })
    const all = await scim('GET', '/Groups')
    expect(all.body.Resources.map(({ displayName }: { displayName: string }) => displayName)).toEqual([
      'admin',
      'client',
      'agent',
      'customer_success',
      'clerk',
    ])
    expect(all.body.Resources[0].members).toMatchObject([{ value: acme.adminId, display: acme.email }])
    const filtered = await scim('GET', `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Clerk"')}`)
    expect(filtered.body).toMatchObject({ totalResults: 1, Resources: [{ id: 'clerk' }] })
    expect(filtered.body.Resources[0]).not.toHaveProperty('members')
    expect((await scim('GET', '/Groups/king')).status).toBe(404)
    expect((await scim('POST', '/Groups', { displayName: 'agent' })).body).toMatchObject({ status: '409', scimType: 'uniqueness' })
    expect((await scim('POST', '/Groups', { displayName: 'king' })).body).toMatchObject({ status: '400', scimType: 'mutability' })
  })

  test('give and take roles, as Okta and Entra write it', async () => {
    const { id } = (await create()).body
    const roleOf = async () => (await scim('GET', `/Users/${id}`)).body.roles[0].value
    const group = (name: string, Operations: object[]) => scim('PATCH', `/Groups/${name}`, { schemas: [PATCH_OP], Operations })
    expect((await group('agent', [{ op: 'Add', path: 'members', value: [{ value: id }] }])).status).toBe(204)
    expect(await roleOf()).toBe('agent')
    await group('agent', [{ op: 'remove', path: `members[value eq "${id}"]` }])
    expect(await roleOf()).toBe('client')
    await group('agent', [{ op: 'replace', value: { id: 'agent', displayName: 'agent' } }])
    expect(await roleOf()).toBe('client')
    await group('agent', [{ op: 'replace', path: 'members', value: [{ value: id }] }])
    expect(await roleOf()).toBe('agent')
    await group('agent', [{ op: 'replace', path: 'members', value: [] }])
    expect(await roleOf()).toBe('client')
    expect((await group('agent', [{ op: 'add', path: 'members', value: [{ value: 'usr_nobody' }] }])).status).toBe(404)
    expect((await group('admin', [{ op: 'remove', path: 'members' }])).status).toBe(409)
    expect((await group('agent', [{ op: 'add', path: 'members', value: [{ value: acme.adminId }] }])).status).toBe(409)
  })
})

describe('the key', () => {
  test('provisions and does nothing else', async () => {
    for (const path of ['/api/v1/users', '/api/v1/documents', '/api/v1/api-keys'])
      expect((await call(kit, directory, 'GET', path)).status).toBe(403)
  })

  test('hands out and touches no role above its own', async () => {
    await call(kit, acme, 'PUT', '/api/v1/roles/registrar', {
      permissions: ['scim:read', 'scim:write', ...(await permissionsOf('client'))],
    })
    directory = await directoryOf(acme, 'registrar')
    const { id } = (await create()).body
    expect(id).toBeTruthy()
    expect((await create({ userName: 'b@acme.example', emails: [], roles: [{ value: 'admin' }] })).status).toBe(403)
    expect((await patch(id, [{ op: 'replace', path: 'roles', value: 'admin' }])).status).toBe(403)
    expect((await patch(acme.adminId, [{ op: 'replace', path: 'displayName', value: 'X' }])).status).toBe(403)
    expect((await scim('DELETE', `/Users/${acme.adminId}`)).status).toBe(403)
    expect((await scim('PATCH', '/Groups/admin', { Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }] })).status).toBe(
      403,
    )
  })

  test("sees and changes nothing of another tenant's people", async () => {
    const { id } = (await create()).body
    const beta = await directoryOf(await createAccount(kit, 'beta'))
    expect((await scim('GET', '/Users', undefined, beta)).body.totalResults).toBe(1)
    expect((await scim('GET', `/Users/${id}`, undefined, beta)).status).toBe(404)
    expect((await scim('PUT', `/Users/${id}`, JO, beta)).status).toBe(404)
    expect((await scim('DELETE', `/Users/${id}`, undefined, beta)).status).toBe(404)
    expect((await scim('POST', '/Users', JO, beta)).status).toBe(201)
  })
})

async function permissionsOf(role: string): Promise<string[]> {
  const { items } = (await call(kit, acme, 'GET', '/api/v1/roles')).body
  return items.find(({ name }: { name: string }) => name === role).permissions
}
