import { describeIdentity } from '../contracts/identity'
import { describeMembers } from '../contracts/identity-members'
import { describeStores } from '../contracts/ports'
import { createFakeIdempotency } from './idempotency'
import { createFakeIdentity } from './identity'
import { createFakeMailLog } from './mail-log'
import { createFakePorts } from './ports'

describeStores('the fakes', (tenantId, builtIns) => ({
  ...createFakePorts({ tenantId, builtIns }),
  idempotency: createFakeIdempotency(),
  mailLog: createFakeMailLog(),
}))
describeIdentity('the fake identity', createFakeIdentity)
describeMembers('the fake identity', createFakeIdentity)
