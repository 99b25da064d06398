import { createObjectPurse } from '../../workers/adapters/object-tenant-purse'
import { newId } from '../../workers/adapters/uuid-ids'
import { giveBack, settleCall, takeHold } from '../../workers/domain/accounts'
import { type Ceilings, DEFAULT_CEILINGS, type Purse } from '../../workers/domain/budgets'
import { ok } from '../../workers/domain/error'
import { createFakeAccountRows } from './account-rows'
import { createTestClock } from './clock'

/** A purse over accounts in memory, with the rules of the real one. `ceilings` may be changed by the test. */
export function createFakePurse({
  clock = createTestClock(),
  ceilings = DEFAULT_CEILINGS,
}: {
  clock?: { now(): Date }
  ceilings?: Ceilings
} = {}): Purse & {
  rows: ReturnType<typeof createFakeAccountRows>
  ceilings: Ceilings
} {
  const rows = createFakeAccountRows()
  const purse = createObjectPurse({
    tenant: () => ({
      reserve: async (request) => takeHold(rows, made.ceilings, request, clock.now()),
      settle: async (holdId, calls, isLast) => {
        for (const call of calls) settleCall(rows, holdId, call, clock.now())
        if (isLast && holdId !== undefined) giveBack(rows, holdId, clock.now())
        return ok(null)
      },
    }),
    newId,
    clock,
  })
  const made = Object.assign(purse, { rows, ceilings })
  return made
}
