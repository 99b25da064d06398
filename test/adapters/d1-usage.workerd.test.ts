import { beforeAll, expect, test } from 'vitest'
import { createD1Usage } from '../../workers/adapters/d1-usage'
import { describeUsage, usageRow } from '../contracts/usage'
import { bindings, migrate } from './d1-bindings'

const { DB } = bindings
let tenants = 0
const open = () => {
  tenants += 1
  return createD1Usage(DB, `ten_usage_${tenants}`)
}

beforeAll(migrate)

describeUsage('D1', open)

const all = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', limit: 100, groupBy: ['day' as const] }

test('a call that is there already stays as it is', async () => {
  const usage = open()
  const row = usageRow()
  await usage.insert([row])
  await usage.insert([{ ...row, actualMicroUsd: 999 }, usageRow()])
  expect(await usage.sum(all)).toMatchObject([{ calls: 2, costMicroUsd: 14 }])
})

test('a tenant sums only its own calls, also where ids are the same', async () => {
  const [mine, other] = [open(), open()]
  const row = usageRow()
  await mine.insert([row])
  await other.insert([{ ...row, actualMicroUsd: 1_000 }])
  expect(await mine.sum(all)).toMatchObject([{ calls: 1, costMicroUsd: 7 }])
})

test('a batch of a hundred calls is taken at once', async () => {
  const usage = open()
  await usage.insert(Array.from({ length: 100 }, () => usageRow()))
  await usage.insert([])
  expect(await usage.sum(all)).toMatchObject([{ calls: 100 }])
})
