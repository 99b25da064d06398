import { beforeAll } from 'vitest'
import { createD1Datasets } from '../../workers/adapters/d1-datasets'
import { createD1Evaluations } from '../../workers/adapters/d1-evaluations'
import { createD1WorkflowGates } from '../../workers/adapters/d1-workflow-gates'
import { createD1Workflows } from '../../workers/adapters/d1-workflows'
import { describeEvaluationStores } from '../contracts/evaluations'
import { bindings, migrate } from './d1-bindings'

const { DB } = bindings
beforeAll(migrate)

describeEvaluationStores('D1', (tenantId) => ({
  datasets: createD1Datasets(DB, tenantId),
  evaluations: createD1Evaluations(DB, tenantId),
  gates: createD1WorkflowGates(DB, tenantId),
  workflows: createD1Workflows(DB, tenantId, []),
}))
