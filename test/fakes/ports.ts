import { newId } from '../../workers/adapters/uuid-ids'
import type { Ports } from '../../workers/domain/ports'
import { Branding } from '../../workers/domain/reports'
import type { DoorPorts } from '../../workers/domain/stores'
import { TenantSettings } from '../../workers/domain/tenants'
import type { WorkflowVersion } from '../../workers/domain/workflows'
import { createFakeClassifiers } from './classifiers'
import { createTestClock, type TestClock } from './clock'
import { createFakeDeletions } from './deletions'
import { createFakeDocuments } from './documents'
import { createFakeDatasets, createFakeEvaluations, createFakeGates } from './evaluations'
import { createFakeFiles } from './files'
import { createFakeKnowledge } from './knowledge'
import { createFakeMailer } from './mailer'
import { createFakeModelCache } from './model-cache'
import { createFakeEncoder, createFakeOcr } from './models'
import { createFakeOutbound } from './outbound'
import { createFakePrompts } from './prompts'
import { createFakeReports } from './reports'
import { createFakeRunIndex } from './run-index'
import { createFakeSecrets } from './secrets'
import { createFakeSealedFields } from './tenant-keys'
import { createFakeWorkflows } from './workflows'

/** All ports of one tenant in memory; each part keeps what tests look into. */
export function createFakePorts({
  tenantId = 'ten_test',
  clock = createTestClock(),
  builtIns = [],
}: {
  tenantId?: string
  clock?: TestClock
  builtIns?: readonly WorkflowVersion[]
} = {}) {
  const { collections, collectionDocuments, ...knowledge } = createFakeKnowledge()
  const documents = createFakeDocuments()
  const runIndex = createFakeRunIndex()
  return {
    tenantId,
    settings: async () => TenantSettings.parse({ branding: Branding.parse({ name: 'Test tenant' }) }),
    documents,
    files: createFakeFiles(),
    workflows: createFakeWorkflows(builtIns),
    runIndex,
    reports: createFakeReports(),
    knowledge,
    collections,
    collectionDocuments,
    deletions: createFakeDeletions(documents, runIndex),
    modelCache: createFakeModelCache(),
    secrets: createFakeSecrets(),
    sealedFields: createFakeSealedFields(),
    outbound: createFakeOutbound(),
    mailer: createFakeMailer(),
    encoder: createFakeEncoder(),
    ocr: createFakeOcr(),
    chatModel: undefined,
    prompts: createFakePrompts(),
    datasets: createFakeDatasets(),
    evaluations: createFakeEvaluations(),
    gates: createFakeGates(),
    classifiers: createFakeClassifiers(),
    clock,
    newId,
  } satisfies Ports & Pick<DoorPorts, 'workflows' | 'gates' | 'collectionDocuments' | 'deletions' | 'modelCache'>
}
