import { describeModelStores } from '../contracts/models'
import { createTestClock } from './clock'
import { createFakeModelCache } from './model-cache'
import { createFakeModelSettings } from './model-desk'
import { createFakePrompts } from './prompts'

describeModelStores('fakes', () => ({
  cache: createFakeModelCache(),
  settings: createFakeModelSettings(createTestClock()),
  prompts: createFakePrompts(),
}))
