import { AppError } from '../domain/error'

/**
 * Memory for one heavy model at a time. OCR takes 60 MB and more: two of its kind would go over the 128 MB of an isolate, so
 * loading one lets go of the other. (The encoder takes 20 MB and needs no turn.)
 *
 * Invariants: 1. work never overlaps; 2. at most one model is loaded; 3. a model whose work failed unexpectedly is not used
 * again, because an aborted WASM instance answers every later call with garbage or another abort; 4. no request waits for a
 * promise of another: workerd may drop a request whose caller left, and with it everybody behind it. Hence turns by lease.
 */
export interface LoadableModel<T> {
  load(): Promise<T>
  /** Gives the memory back. Called once for each load. */
  unload(model: T): void
  /** True when the model has grown so much that it should start afresh next time. */
  isWorn?(model: T): boolean
}

export interface ModelSlot {
  /** Runs `work` alone with the model. Refuses with `unavailable` when no turn comes up in time. */
  use<T, R>(loadable: LoadableModel<T>, work: (model: T) => R | Promise<R>): Promise<R>
}

export interface SlotTiming {
  now(): number
  sleep(ms: number): Promise<void>
}

/** Longer than any single piece of work: whoever holds the slot past this is gone. */
const LEASE_MS = 30_000
/** The caller's own step would time out later than this and could not say why. */
const MAX_WAIT_MS = 120_000
const POLL_MS = 5

interface Resident {
  loadable: unknown
  model: unknown
  unload(): void
}

/** One slot for each isolate. */
export function createModelSlot({ now, sleep }: SlotTiming): ModelSlot {
  let resident: Resident | undefined
  let holder: { until: number } | undefined

  const evict = () => {
    const leaving = resident
    resident = undefined
    leaving?.unload()
  }
  const takeTurn = async () => {
    const giveUpAt = now() + MAX_WAIT_MS
    while (holder && now() < holder.until) {
      if (now() > giveUpAt)
        throw new AppError('unavailable', 'The embedded models are busy: try again shortly.', { retryAfterMs: LEASE_MS })
      await sleep(POLL_MS)
    }
    const turn = { until: now() + LEASE_MS }
    holder = turn
    return turn
  }
  const provide = async <T>(loadable: LoadableModel<T>): Promise<T> => {
    // A resident is only ever stored beside the loadable that made it, so its model is a T.
    if (resident?.loadable === loadable) return resident.model as T
    evict()
    const model = await loadable.load()
    resident = { loadable, model, unload: () => loadable.unload(model) }
    return model
  }
  return {
    async use(loadable, work) {
      const turn = await takeTurn()
      try {
        const model = await provide(loadable)
        const result = await work(model)
        if (loadable.isWorn?.(model)) evict()
        return result
      } catch (error) {
        if (!(error instanceof AppError)) evict()
        throw error
      } finally {
        if (holder === turn) holder = undefined
      }
    },
  }
}
