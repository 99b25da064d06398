import { expect, test } from 'vitest'
import { agents } from '../../workers/agents'
import { estimateRun } from '../../workers/domain/estimates'
import { ASKING_OPERATIONS, FREE_OPERATIONS } from '../../workers/domain/model-operations'
import { ModelSettings } from '../../workers/domain/model-settings'
import { DEFAULT_RETRY } from '../../workers/domain/workflows'

const settings = ModelSettings.parse({
  providers: { p: { protocol: 'openai', url: 'https://p.example/v1' } },
  models: { paid: { provider: 'p', name: 'm', price: { input: 1_000_000, output: 2_000_000 } } },
  purposes: { default: { use: ['paid'] }, embed: { use: [] } },
})

test('every operation is either estimated or known to ask no model, and no other is', () => {
  const real = Object.values(agents).flatMap(({ type, operations }) => Object.keys(operations).map((name) => `${type}.${name}`))
  expect([...Object.keys(ASKING_OPERATIONS), ...FREE_OPERATIONS].sort()).toEqual(real.sort())
})

test.each(['rewrite', 'draft', 'relations', 'sentiment', 'pii', 'injection', 'language', 'answer', 'analyse'])(
  'a workflow of %s is not estimated as free',
  (operation) => {
    const step = {
      id: 's',
      kind: 'agent' as const,
      agent: 'analysis',
      operation,
      input: {},
      retry: DEFAULT_RETRY,
      onError: { kind: 'fail' as const },
    }
    const definition = { name: 'w', title: '', description: '', input: {}, vars: {}, steps: [step], outputs: null }
    expect(estimateRun({ definition, settings, length: { pages: 3 }, items: 1 }).costMicroUsd.high).toBeGreaterThan(0)
  },
)
