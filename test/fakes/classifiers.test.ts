import { describeClassifiers } from '../contracts/classifiers'
import { createFakeClassifiers } from './classifiers'

describeClassifiers('classifiers in memory', () => createFakeClassifiers())
