import { AppError } from './error'

/**
 * Runs work of many tenants that share one isolate. `isCrowded` tells the work that others are there while more of its own tenant waits:
 * what follows from it is then worth waiting for.
 */
export type FairGate = <T>(tenantId: string, work: (isCrowded: () => boolean) => Promise<T>) => Promise<T>

export interface FairGateOptions {
  /** How much may run at once in all; infinite where memory is no matter. */
  limit?: number
  /**
   * How much of one tenant may run at once while others are there too. After each piece it then rests for as long as the piece took, once
   * for each other tenant, so that what follows from the work has its share of time as well. Absent: only the order is fair.
   */
  shareWhenContended?: number
  /** How many of one tenant may wait; what comes then is refused `rate_limited`. Absent: all. */
  mostWaiting?: number
  /** Work that has not ended after this is no longer counted: a request that was broken off never tells. */
  staleMs: number
  now(): number
  sleep(ms: number): Promise<void>
}

interface Lane {
  /** When each piece of work under way began. */
  running: Set<{ at: number }>
  waiting: (() => void)[]
  /** When the tenant last asked for anything. */
  seenAt: number
  servedAt: number
  restUntil: number
}

/** A tenant counts as being there for so long after it was last seen: a person who works with it asks more often than this. */
export const CONTENTION_MS = 2_000
const TURN_RETRY_MS = 2_000
/** A piece that took long for reasons of its own does not make the tenant rest longer than this. */
const MAX_REST_MS = 1_000

/**
 * A gate through which tenants go in turn: who has least under way is next, then who has waited longest. A flood of one tenant waits in
 * its own lane. A tenant that is alone has all there is, so fairness costs nothing while nobody else is there.
 */
export function createFairGate(options: FairGateOptions): FairGate {
  const {
    limit = Number.POSITIVE_INFINITY,
    shareWhenContended = Number.POSITIVE_INFINITY,
    mostWaiting = Number.POSITIVE_INFINITY,
    staleMs,
    now,
    sleep,
  } = options
  const lanes = new Map<string, Lane>()

  /** Forgets who is gone and what is stale; gives how many tenants are there and how much is under way. */
  const survey = (): { present: number; running: number } => {
    const [since, staleBefore] = [now() - CONTENTION_MS, now() - staleMs]
    let running = 0
    for (const [tenantId, lane] of lanes) {
      for (const piece of lane.running) if (piece.at < staleBefore) lane.running.delete(piece)
      if (lane.running.size === 0 && lane.waiting.length === 0 && lane.seenAt < since) lanes.delete(tenantId)
      running += lane.running.size
    }
    return { present: lanes.size, running }
  }
  const shareOf = (present: number) => (present < 2 ? Number.POSITIVE_INFINITY : shareWhenContended)
  const next = (): void => {
    for (;;) {
      const { present, running } = survey()
      const chosen = running < limit ? leastServed(lanes.values(), shareOf(present)) : undefined
      const goOn = chosen?.waiting.shift()
      if (goOn === undefined) return
      goOn()
    }
  }
  const turnOf = async (lane: Lane): Promise<{ at: number }> => {
    const piece = { at: now() }
    const begin = () => {
      piece.at = now()
      lane.servedAt = piece.at
      lane.running.add(piece)
    }
    const { present, running } = survey()
    if (running < limit && lane.waiting.length === 0 && lane.running.size < shareOf(present)) begin()
    else {
      if (lane.waiting.length >= mostWaiting)
        throw new AppError('rate_limited', `${mostWaiting} requests of this kind wait for their turn; go on more slowly.`, {
          retryAfterMs: TURN_RETRY_MS,
        })
      const turn = new Promise<void>((resolve) =>
        lane.waiting.push(() => {
          begin()
          resolve()
        }),
      )
      // Whoever went before may have been broken off without a word; then the time limit calls the next.
      while (!lane.running.has(piece) && (await Promise.race([turn.then(() => false), sleep(staleMs).then(() => true)]))) next()
    }
    const restMs = survey().present < 2 ? 0 : lane.restUntil - now()
    if (shareWhenContended !== Number.POSITIVE_INFINITY && restMs > 0) await sleep(restMs)
    return piece
  }
  return async (tenantId, work) => {
    const lane = lanes.get(tenantId) ?? { running: new Set(), waiting: [], seenAt: 0, servedAt: 0, restUntil: 0 }
    lane.seenAt = now()
    lanes.set(tenantId, lane)
    const piece = await turnOf(lane)
    const startedAt = now()
    try {
      return await work(() => lane.waiting.length > 0 && survey().present > 1)
    } finally {
      const { present } = survey()
      lane.restUntil = now() + Math.min((now() - startedAt) * (present - 1), MAX_REST_MS)
      lane.running.delete(piece)
      next()
    }
  }
}

/** The lane to serve next: somebody waits in it and it has less than its share. */
function leastServed(lanes: Iterable<Lane>, share: number): Lane | undefined {
  let chosen: Lane | undefined
  for (const lane of lanes) {
    if (lane.waiting.length === 0 || lane.running.size >= share) continue
    const isLess = chosen === undefined || lane.running.size < chosen.running.size
    const isLonger = lane.running.size === chosen?.running.size && lane.servedAt < chosen.servedAt
    if (isLess || isLonger) chosen = lane
  }
  return chosen
}

/** A pause by the clock of the platform. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
