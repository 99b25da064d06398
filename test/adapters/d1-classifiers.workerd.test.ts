import { beforeAll } from 'vitest'
import { createD1Classifiers } from '../../workers/adapters/d1-classifiers'
import { describeClassifiers } from '../contracts/classifiers'
import { bindings, migrate } from './d1-bindings'

beforeAll(migrate)

describeClassifiers('D1 classifiers', (tenantId) => createD1Classifiers(bindings.DB, tenantId))
