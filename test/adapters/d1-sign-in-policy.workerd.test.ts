import { beforeAll } from 'vitest'
import { createD1Identity } from '../../workers/adapters/d1-identity'
import { createD1Passkeys } from '../../workers/adapters/d1-passkeys'
import { createD1SecondFactors } from '../../workers/adapters/d1-second-factors'
import { createTenantsVault } from '../../workers/adapters/tenant-vault'
import { createMasterVault } from '../../workers/adapters/vault'
import { describeSignInPolicy } from '../contracts/sign-in-policy'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB } = bindings
const clock = { now: () => new Date('2026-11-21T09:00:00.000Z') }
beforeAll(migrate)

describeSignInPolicy('D1 identity', (now) => ({
  identity: createD1Identity(DB, now),
  secondFactors: createD1SecondFactors(DB, createTenantsVault({ binding: DB, master: createMasterVault(MASTER_KEY), clock })),
  passkeys: createD1Passkeys(DB),
}))
