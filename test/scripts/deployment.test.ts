import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DEPLOYED, databasesOf, PROVISIONS, planSecrets, secretsOf } from '../../scripts/deployment.ts'

const nobody = () => false
const everybody = () => true

describe('secrets of a deployment', () => {
  test('are made once where no script has them, the same for all who need them', () => {
    const { set, made } = planSecrets({ has: nobody, given: {}, mayMake: true })
    expect(Buffer.from(made.STEWARD_MASTER_KEY ?? '', 'base64')).toHaveLength(32)
    expect(set.steward).toEqual(made)
    expect(set['steward-agents']).toEqual({ STEWARD_MASTER_KEY: made.STEWARD_MASTER_KEY })
    expect(set['steward-models']).toEqual({})
  })

  test('that are there stay as they are', () => {
    const { set, made } = planSecrets({ has: everybody, given: {}, mayMake: true })
    expect([made, set]).toEqual([{}, { steward: {}, 'steward-agents': {}, 'steward-models': {} }])
  })

  test('that are given are set everywhere, and not shown', () => {
    const { set, made } = planSecrets({ has: everybody, given: { STEWARD_MASTER_KEY: 'new,old' }, mayMake: false })
    expect(made).toEqual({})
    expect(set.steward).toEqual({ STEWARD_MASTER_KEY: 'new,old' })
    expect(set['steward-agents']).toEqual({ STEWARD_MASTER_KEY: 'new,old' })
  })

  test('that one script has and another lacks are asked for: another value would open nothing', () => {
    const has = (script: string) => script === 'steward'
    expect(() => planSecrets({ has, given: {}, mayMake: true })).toThrow('steward-agents has no STEWARD_MASTER_KEY')
    expect(planSecrets({ has, given: { STEWARD_MASTER_KEY: 'k' }, mayMake: true }).set['steward-agents']).toEqual({
      STEWARD_MASTER_KEY: 'k',
    })
  })

  test('are not made where the log is kept', () => {
    expect(() => planSecrets({ has: nobody, given: {}, mayMake: false })).toThrow('No script has STEWARD_MASTER_KEY')
  })
})

describe('the list of secrets that wrangler gives', () => {
  const answering = (status: number, output: string) => () => ({ status, output })

  test('is read by name', () => {
    const output = '\n⛅️ wrangler\n[\n  { "name": "STEWARD_MASTER_KEY", "type": "secret_text" }\n]\n'
    expect(secretsOf(answering(0, output), 'wrangler.toml')).toEqual(['STEWARD_MASTER_KEY'])
  })

  test('is empty for a script that is not deployed yet', () => {
    expect(secretsOf(answering(1, 'This Worker does not exist on your account. [code: 10007]'), 'wrangler.toml')).toEqual([])
  })

  test('is never taken for empty when it could not be read', () => {
    expect(() => secretsOf(answering(1, 'Authentication error [code: 10000]'), 'wrangler.toml')).toThrow('could not be listed')
    expect(() => secretsOf(answering(0, ''), 'wrangler.toml')).toThrow('could not be listed')
  })
})

test('everything that the production settings bind to is provisioned', () => {
  const settings = readFileSync('wrangler.toml', 'utf8')
  const production = settings.slice(settings.indexOf('[env.production]'))
  const bound = [...production.matchAll(/^(?:database_name|bucket_name|queue|index_name) = "(.+)"$/gm)].map(([, name]) => name)
  expect(bound.length).toBeGreaterThan(7)
  const provided = PROVISIONS.flatMap(({ command }) => command)
  expect(bound.filter((name) => !provided.includes(name ?? ''))).toEqual([])
  const services = [...production.matchAll(/^service = "(.+)"$/gm)].map(([, name]) => name)
  expect(services.filter((name) => !DEPLOYED.some((script) => script.name === name))).toEqual([])
})

describe('databases of a deployment', () => {
  const DB = { binding: 'DB', database_name: 'steward' }
  const DB_EU = { binding: 'DB_EU', database_name: 'steward-eu' }

  test('are all that are bound, the directory first', () => {
    const scripts = ['steward', 'steward-agents'].map((script) => ({ script, bound: [DB_EU, DB], residency: 'us' }))
    expect(databasesOf(scripts)).toEqual(['steward', 'steward-eu'])
  })

  test.each([
    ['a shard that one script does not have', [DB]],
    ['a shard that is another database in one script', [DB, { ...DB_EU, database_name: 'other' }]],
  ])('refuse %s', (_, bound) => {
    const scripts = [
      { script: 'steward', bound: [DB, DB_EU], residency: undefined },
      { script: 'steward-agents', bound, residency: undefined },
    ]
    expect(() => databasesOf(scripts)).toThrow('must have the same d1_databases')
  })

  test('refuse another word of what DB meets, and two bindings of one database', () => {
    const script = { script: 'steward', bound: [DB], residency: 'eu' }
    expect(() => databasesOf([script, { ...script, residency: undefined }])).toThrow('D1_RESIDENCY')
    expect(() => databasesOf([{ ...script, bound: [DB, { ...DB_EU, database_name: 'steward' }] }])).toThrow('a database of its own')
  })
})
