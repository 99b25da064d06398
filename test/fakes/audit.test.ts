import { auditContract } from '../contracts/audit'
import { createFakeAudit, fakeAuditKey } from './audit'
import { createTestClock } from './clock'

auditContract(async (tenantId) => ({ audit: createFakeAudit(tenantId, createTestClock()), keys: [(await fakeAuditKey()).publicJwk] }))
