import { describeEvaluationStores } from '../contracts/evaluations'
import { createFakePorts } from './ports'

describeEvaluationStores('the fakes', (tenantId) => createFakePorts({ tenantId }))
