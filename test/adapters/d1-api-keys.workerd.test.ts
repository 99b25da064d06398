import { applyD1Migrations, env } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { createD1Identity } from '../../workers/adapters/d1-identity'

const { DB, MIGRATIONS } = env as unknown as { DB: D1Database; MIGRATIONS: Parameters<typeof applyD1Migrations>[1] }
beforeAll(async () => applyD1Migrations(DB, MIGRATIONS))

test('a key keeps who made it, and one from before that was kept has nobody', async () => {
  const { apiKeys, createTenant } = createD1Identity(DB)
  const key = { tenantId: 'ten_k', name: 'k', role: 'admin', secretHash: 'h', createdAt: '2026-11-21T00:00:00.000Z' }
  const tenant = {
    id: 'ten_k',
    slug: 'keys',
    name: 'Keys',
    createdAt: key.createdAt,
    settings: {
      branding: { name: 'Keys', primaryColor: '#000000', accentColor: '#000000', footer: '' },
      locale: 'en',
      currency: 'EUR',
      timeZone: 'UTC',
    },
  }
  const admin = { ...tenant, tenantId: tenant.id, id: 'usr_k', email: 'a@k.example', role: 'admin', passwordHash: 'p' }
  await createTenant(tenant, admin, { ...key, id: 'key_first', prefix: 'AAAAAAAA' })
  await apiKeys.insert({ ...key, id: 'key_second', prefix: 'BBBBBBBB', madeBy: 'usr_k' })
  expect(await apiKeys.findByPrefix('BBBBBBBB')).toMatchObject({ id: 'key_second', madeBy: 'usr_k' })
  expect(await apiKeys.find('ten_k', 'key_second')).toMatchObject({ madeBy: 'usr_k' })
  expect((await apiKeys.list('ten_k')).map(({ id, madeBy }) => [id, madeBy])).toEqual([
    ['key_first', undefined],
    ['key_second', 'usr_k'],
  ])
})
