import { createVectorizeIndex } from '../../workers/adapters/vectorize-index'
import type { Purse } from '../../workers/domain/budgets'
import { AppError } from '../../workers/domain/error'
import type { Encoder } from '../../workers/domain/models'
import type { VectorIndex } from '../../workers/domain/vectors'
import { createFakePurse } from './purse'
import type { FakeVectorize } from './vectorize'

/** Stands in for workers/env in tests of the Knowledge object: its encoder and vector store are what a test sets here. */
export const stage: { encoder?: Encoder; vectorize?: FakeVectorize; purse?: Purse; dimensions: number } = { dimensions: 4 }

/** As much of the environment as the object has in these tests. */
export type Env = Cloudflare.Env

export const createModels = () => ({
  async encoder(): Promise<Encoder> {
    if (stage.encoder === undefined) throw new AppError('unavailable', 'This test has no encoder.')
    return stage.encoder
  },
})

export const purseOf = (): Purse => stage.purse ?? createFakePurse()

export function vectorIndexOf(): VectorIndex | undefined {
  return stage.vectorize && createVectorizeIndex({ binding: stage.vectorize, dimensions: stage.dimensions })
}
