import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createD1IdentityProviders } from '../../workers/adapters/d1-identity-providers'
import { createD1ModelCache } from '../../workers/adapters/d1-model-cache'
import { createD1SecondFactors } from '../../workers/adapters/d1-second-factors'
import { createD1Secrets } from '../../workers/adapters/d1-secrets'
import { createD1SigningKeys } from '../../workers/adapters/d1-signing-keys'
import { createR2Files } from '../../workers/adapters/r2-files'
import { createSealedFields } from '../../workers/adapters/sealed-fields'
import { createSealedFiles } from '../../workers/adapters/sealed-files'
import { createSealedModelCache } from '../../workers/adapters/sealed-model-cache'
import { createTenantKeys, shredTenantKeys } from '../../workers/adapters/sealed-tenants'
import { resealValues, rewrapKeys, tendKeys } from '../../workers/adapters/sealed-upkeep'
import { createTenantsVault, createTenantVault, forgetKeys, KEY_MEMORY_MS } from '../../workers/adapters/tenant-vault'
import { createMasterVault, createVault, type MasterVault } from '../../workers/adapters/vault'
import { IdentityProviderSettings } from '../../workers/domain/identity-providers'
import { KEY_GRACE_MS } from '../../workers/domain/tenant-keys'
import { createTestClock } from '../fakes/clock'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB } = bindings
const NEXT_KEY = btoa('fedcba9876543210fedcba9876543210')
const master = createMasterVault(MASTER_KEY)
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (plain: Uint8Array) => new TextDecoder().decode(plain)

let clock: ReturnType<typeof createTestClock>
const room = (vault: MasterVault = master) => ({ binding: DB, master: vault, clock })
const vaultOf = (tenantId: string, vault = master) => createTenantVault({ ...room(vault), tenantId })
const secretsOf = (tenantId: string, vault = master) => createD1Secrets(DB, tenantId, vaultOf(tenantId, vault))
const sealedIn = async (tenantId: string) =>
  (await DB.prepare('SELECT sealed FROM secrets WHERE tenant_id = ? ORDER BY name').bind(tenantId).all<{ sealed: string }>()).results.map(
    ({ sealed }) => sealed,
  )
const versionsOf = async (tenantId: string) =>
  (await createTenantKeys(room(), tenantId).list()).map(({ version, status }) => [version, status])

beforeAll(migrate)
beforeEach(async () => {
  clock = createTestClock()
  await DB.batch(
    ['data_keys', 'tenant_keys', 'secrets', 'second_factors', 'signing_keys'].map((table) => DB.prepare(`DELETE FROM ${table}`)),
  )
})

describe('a tenant vault', () => {
  test('seals so that only the same tenant and purpose open it', async () => {
    const sealed = await vaultOf('ten_a').seal(bytes('plain'), 'one/ten_a/x')
    expect(sealed).toMatch(/^t1\.1\./)
    expect(text(await vaultOf('ten_a').open(sealed, 'one/ten_a/x'))).toBe('plain')
    await expect(vaultOf('ten_a').open(sealed, 'one/ten_a/y')).rejects.toMatchObject({ code: 'internal' })
    await expect(vaultOf('ten_b').open(sealed, 'one/ten_a/x')).rejects.toMatchObject({ code: 'internal' })
  })

  test('a changed text is refused without saying what it was', async () => {
    const sealed = await vaultOf('ten_a').seal(bytes('plain'), 'p')
    const changed = `${sealed.slice(0, -4)}${sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    await expect(vaultOf('ten_a').open(changed, 'p')).rejects.toThrow(/could not be decrypted/)
  })

  test('of isolates that make the first key at once all seal with the same', async () => {
    const sealed = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        forgetKeys(DB, 'ten_race')
        return await vaultOf('ten_race').seal(bytes(String(at)), 'p')
      }),
    )
    forgetKeys(DB, 'ten_race')
    const opened = await Promise.all(sealed.map(async (one) => text(await vaultOf('ten_race').open(one, 'p'))))
    expect(opened).toEqual(sealed.map((_, at) => String(at)))
    expect(await versionsOf('ten_race')).toEqual([[1, 'active']])
  })

  test('values from before versions open, and are sealed anew', async () => {
    const raw = crypto.getRandomValues(new Uint8Array(32))
    const bare = (key: string) => createVault(Uint8Array.from(atob(key), (character) => character.charCodeAt(0)))
    await DB.prepare('INSERT INTO tenant_keys (tenant_id, sealed) VALUES (?, ?)')
      .bind('ten_old', await bare(MASTER_KEY).seal(raw, 'tenant-key/ten_old'))
      .run()
    await DB.prepare('INSERT INTO secrets (tenant_id, name, sealed) VALUES (?, ?, ?)')
      .bind('ten_old', 'hook', await createVault(raw).seal(bytes('old-secret'), 'secret/ten_old/hook'))
      .run()
    await DB.prepare("INSERT INTO second_factors (tenant_id, user_id, sealed, created_at) VALUES (?, ?, ?, '2026-01-01')")
      .bind('ten_old', 'usr_1', await bare(MASTER_KEY).seal(bytes('TOTP'), 'second-factor/ten_old/usr_1'))
      .run()
    const factors = createD1SecondFactors(DB, createTenantsVault(room()))
    expect(await secretsOf('ten_old').get('hook')).toBe('old-secret')
    expect(await factors.find('ten_old', 'usr_1')).toEqual({ secret: 'TOTP' })
    clock.advance(KEY_GRACE_MS + 1)
    await resealValues(room())
    expect((await resealValues(room())).deletedKeys).toBe(1)
    expect(await versionsOf('ten_old')).toEqual([[2, 'active']])
    expect((await sealedIn('ten_old'))[0]).toMatch(/^t1\.2\./)
    expect(await secretsOf('ten_old').get('hook')).toBe('old-secret')
    expect(await factors.find('ten_old', 'usr_1')).toEqual({ secret: 'TOTP' })
  })
})

describe('rotation of a data key', () => {
  test('seals anew in batches, and deletes the version when nothing refers to it and no isolate can seal with it', async () => {
    for (let at = 0; at < 45; at += 1) await secretsOf('ten_r').put(`s${at}`, `value ${at}`)
    expect(await createTenantKeys(room(), 'ten_r').rotate()).toBe(2)
    await secretsOf('ten_r').put('late', 'new value')
    const first = await resealValues(room())
    expect(first).toEqual({ values: 40, deletedKeys: 0, broken: 0 })
    expect(await createTenantKeys(room(), 'ten_r').list()).toMatchObject([
      { version: 2, status: 'active', values: 41 },
      { version: 1, status: 'retiring', values: 5 },
    ])
    expect((await resealValues(room())).values).toBe(5)
    expect((await resealValues(room())).deletedKeys).toBe(0)
    clock.advance(KEY_GRACE_MS + 1)
    expect(await resealValues(room())).toEqual({ values: 0, deletedKeys: 1, broken: 0 })
    expect(await versionsOf('ten_r')).toEqual([[2, 'active']])
    expect(await secretsOf('ten_r').get('s44')).toBe('value 44')
    expect(await resealValues(room())).toEqual({ values: 0, deletedKeys: 0, broken: 0 })
  })

  test('a version that sealed fields stays and opens them', async () => {
    const fields = () => createSealedFields(vaultOf('ten_f'))
    const token = await fields().seal('Jane Doe')
    await createTenantKeys(room(), 'ten_f').rotate()
    clock.advance(KEY_GRACE_MS + 1)
    await resealValues(room())
    expect(await versionsOf('ten_f')).toEqual([
      [2, 'active'],
      [1, 'retired'],
    ])
    expect(await fields().open(token)).toBe('Jane Doe')
    expect(await fields().seal('x')).toMatch(/^~pii\.2\./)
  })

  test('an isolate that does not know of it yet seals with the version before, which opens everywhere', async () => {
    await secretsOf('ten_i').put('a', 'A')
    await DB.prepare("UPDATE data_keys SET retired_at = '2026-01-01T00:00:00.000Z' WHERE tenant_id = 'ten_i'").run()
    await secretsOf('ten_i').put('b', 'B')
    expect((await sealedIn('ten_i')).every((sealed) => sealed.startsWith('t1.1.'))).toBe(true)
    expect(KEY_MEMORY_MS).toBeLessThan(KEY_GRACE_MS)
  })

  test('two rotations at once make one version each or say conflict, and one of them seals', async () => {
    await secretsOf('ten_two').put('a', 'A')
    const outcomes = await Promise.allSettled([createTenantKeys(room(), 'ten_two').rotate(), createTenantKeys(room(), 'ten_two').rotate()])
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect((await versionsOf('ten_two')).filter(([, status]) => status === 'active')).toHaveLength(1)
    expect(await secretsOf('ten_two').get('a')).toBe('A')
  })

  test('a value that does not open keeps its key, and the others go on', async () => {
    await secretsOf('ten_x').put('fine', 'F')
    await secretsOf('ten_x').put('moved', 'M')
    await DB.prepare("UPDATE secrets SET name = 'elsewhere' WHERE name = 'moved' AND tenant_id = 'ten_x'").run()
    await createTenantKeys(room(), 'ten_x').rotate()
    clock.advance(KEY_GRACE_MS + 1)
    expect(await resealValues(room())).toEqual({ values: 1, deletedKeys: 0, broken: 1 })
    expect(await versionsOf('ten_x')).toContainEqual([1, 'retiring'])
  })
})

describe('rotation of the master key', () => {
  test('with both configured all goes on; after the rewrap the old one can go', async () => {
    await secretsOf('ten_m').put('hook', 'value')
    await createD1SigningKeys(DB, master, clock).signer()
    const both = createMasterVault(`${NEXT_KEY},${MASTER_KEY}`)
    const next = createMasterVault(NEXT_KEY)
    forgetKeys(DB, 'ten_m')
    expect(await secretsOf('ten_m', both).get('hook')).toBe('value')
    forgetKeys(DB, 'ten_m')
    await expect(secretsOf('ten_m', next).get('hook')).rejects.toThrow(/does not hold/)
    expect(await rewrapKeys(room(both))).toEqual({ done: 2, left: 0 })
    expect(await rewrapKeys(room(both))).toEqual({ done: 0, left: 0 })
    forgetKeys(DB, 'ten_m')
    expect(await secretsOf('ten_m', next).get('hook')).toBe('value')
    await expect(createD1SigningKeys(DB, next, clock).signer()).resolves.toHaveProperty('kid')
    forgetKeys(DB, 'ten_m')
    await expect(secretsOf('ten_m').get('hook')).rejects.toMatchObject({ code: 'internal' })
  })

  test('the sweep does it too, and names on keys are kept with what they wrapped', async () => {
    const named = createMasterVault(`y2026:${MASTER_KEY}`)
    await secretsOf('ten_n', named).put('hook', 'value')
    expect((await DB.prepare('SELECT master_key_id AS id FROM data_keys').first<{ id: string }>())?.id).toBe('y2026')
    const both = createMasterVault(`y2027:${NEXT_KEY}, y2026:${MASTER_KEY}`)
    expect(await tendKeys(room(both))).toMatchObject({ rewrapped: 1 })
    forgetKeys(DB, 'ten_n')
    expect(await secretsOf('ten_n', createMasterVault(`y2027:${NEXT_KEY}`)).get('hook')).toBe('value')
  })

  test('a key that is no key is refused without being repeated', () => {
    expect(() => createMasterVault('not base64 at all!')).toThrow(/not base64/)
    expect(() => createMasterVault(btoa('too short'))).toThrow(/9 bytes/)
    expect(() => createMasterVault(`${MASTER_KEY},${MASTER_KEY}`)).toThrow(/twice/)
  })
})

describe('shredding', () => {
  test('nothing opens any more, no new key is made, and doing it twice changes nothing', async () => {
    await secretsOf('ten_s').put('hook', 'value')
    const fields = createSealedFields(vaultOf('ten_s'))
    const token = await fields.seal('Jane Doe')
    await createTenantKeys(room(), 'ten_s').rotate()
    expect(await shredTenantKeys(room(), 'ten_s')).toBe(2)
    expect(await shredTenantKeys(room(), 'ten_s')).toBe(0)
    await expect(secretsOf('ten_s').get('hook')).rejects.toMatchObject({ code: 'not_found', reason: 'keys_destroyed' })
    await expect(secretsOf('ten_s').put('other', 'value')).rejects.toMatchObject({ reason: 'keys_destroyed' })
    await expect(createTenantKeys(room(), 'ten_s').rotate()).rejects.toMatchObject({ reason: 'keys_destroyed' })
    expect(await fields.open(token)).toBeUndefined()
    const { results } = await DB.prepare("SELECT wrapped FROM data_keys WHERE tenant_id = 'ten_s'").all()
    expect(results.every(({ wrapped }) => wrapped === null)).toBe(true)
  })

  test('a tenant without keys gets none afterwards', async () => {
    expect(await shredTenantKeys(room(), 'ten_never')).toBe(0)
    await expect(secretsOf('ten_never').put('hook', 'value')).rejects.toMatchObject({ reason: 'keys_destroyed' })
  })
})

describe('what lies in the stores', () => {
  const filesOf = (tenantId: string, seals = true) =>
    createSealedFiles({ files: createR2Files(bindings.FILES, tenantId), vault: vaultOf(tenantId), seals })
  const read = async (tenantId: string, key: string) => {
    const plain = await filesOf(tenantId, false).read(key)
    return plain && text(plain)
  }

  test('a sealed file opens after a rotation, for its tenant only, and never again once the keys are shredded', async () => {
    await filesOf('ten_files').put('note', 'the canary sings', 'text/plain')
    await createTenantKeys(room(), 'ten_files').rotate()
    clock.advance(KEY_GRACE_MS + 1)
    await resealValues(room())
    expect(await read('ten_files', 'note')).toBe('the canary sings')
    const stored = await (await bindings.FILES.get('tenants/ten_files/note'))?.bytes()
    expect(new TextDecoder('latin1').decode(stored)).not.toContain('canary')
    await bindings.FILES.put('tenants/ten_thief/note', stored ?? null)
    await expect(read('ten_thief', 'note')).rejects.toMatchObject({ code: 'internal' })
    await shredTenantKeys(room(), 'ten_files')
    await expect(read('ten_files', 'note')).rejects.toMatchObject({ reason: 'keys_destroyed' })
  })

  test('no row of any table holds what was sealed, under none of the keys', async () => {
    const canary = 'canary-4c1f70e2'
    const provider = IdentityProviderSettings.parse({
      issuer: 'https://login.example',
      clientId: 'steward',
      allowedDomains: ['acme.example'],
    })
    await secretsOf('ten_c').put('mail', canary)
    await createD1SecondFactors(DB, createTenantsVault(room())).begin('ten_c', 'usr_1', canary, clock.now().toISOString())
    await createD1IdentityProviders(DB, createTenantsVault(room())).put(
      { ...provider, tenantId: 'ten_c', name: 'company', createdAt: '', updatedAt: '' },
      canary,
    )
    const cache = createSealedModelCache(createD1ModelCache(DB, 'ten_c'), vaultOf('ten_c'))
    const answer = {
      text: canary,
      json: { name: canary },
      finish: 'stop' as const,
      provider: 'p',
      model: 'm',
      inputTokens: 1,
      outputTokens: 1,
    }
    await cache.store({ key: 'k', purpose: 'extract', answer, documentIds: [], createdAt: '2026-01-01', expiresAt: '2099-01-01' })
    const dump = async () => {
      const { results } = await DB.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
      ).all<{ name: string }>()
      const rows = await Promise.all(results.map(async ({ name }) => (await DB.prepare(`SELECT * FROM "${name}"`).all()).results))
      return JSON.stringify(rows)
    }
    expect(await dump()).not.toContain(canary)
    await createTenantKeys(room(), 'ten_c').rotate()
    expect((await resealValues(room())).values).toBe(3)
    expect(await dump()).not.toContain(canary)
    expect(await cache.find('k', '2026-06-01')).toEqual(answer)
    expect((await createD1IdentityProviders(DB, createTenantsVault(room())).find('ten_c', 'company'))?.clientSecret).toBe(canary)
  })
})
