import { AppError } from './error'

/** Runs work of many tenants that share one isolate. */
export type FairGate = <T>(tenantId: string, work: (turn: Turn) => Promise<T>) => Promise<T>

/** What a piece of work knows of the others. */
export interface Turn {
  /** Whether other tenants are there. */
  isShared(): boolean
  /** Whether they are there while more of its own tenant waits: what follows from it is then worth waiting for. */
  isCrowded(): boolean
  /** The work counts as under way until this has ended too, though its answer is given before. Must not reject. */
  follow(rest: Promise<unknown>): void
}

export interface FairGateOptions {
  /** How much may run at once in all; infinite where memory is no matter. */
  limit?: number
  /**
   * How much of one tenant may run at once while others are there too. A tenant that has more waiting then rests after each piece for as
   * long as the piece took, once for each other tenant, and lets what is under way of tenants without a queue go first, for a tenth of a
   * second at most: a lane that is never empty is not in a hurry. Absent: only the order is fair.
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
  running: Set<Piece>
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
/** However many others come and go, a lane goes on after this. */
const MAX_YIELD_MS = 100

/**
 * A gate through which tenants go in turn: who has least under way is next, then who has waited longest. A flood of one tenant waits in
 * its own lane. A tenant that is alone has all there is, so fairness costs nothing while nobody else is there.
 */
export function createFairGate(options: FairGateOptions): FairGate {
  const lanes = new Lanes(options)
  return async (tenantId, work) => {
    const { lane, piece } = await lanes.enter(tenantId)
    const startedAt = options.now()
    let rest: Promise<unknown> | undefined
    const isShared = () => lanes.survey().present > 1
    try {
      return await work({
        isShared,
        isCrowded: () => lane.waiting.length > 0 && isShared(),
        follow: (followed) => {
          rest = followed
        },
      })
    } finally {
      if (rest === undefined) lanes.leave(lane, piece, startedAt)
      else void rest.finally(() => lanes.leave(lane, piece, startedAt))
    }
  }
}

interface Piece {
  at: number
}

class Lanes {
  private readonly lanes = new Map<string, Lane>()
  private readonly limit: number
  private readonly share: number
  private readonly mostWaiting: number
  /** Told when a piece of work has ended. */
  private watchers: (() => void)[] = []

  constructor(private readonly options: FairGateOptions) {
    this.limit = options.limit ?? Number.POSITIVE_INFINITY
    this.share = options.shareWhenContended ?? Number.POSITIVE_INFINITY
    this.mostWaiting = options.mostWaiting ?? Number.POSITIVE_INFINITY
  }

  /** Forgets who is gone and what is stale; gives how many tenants are there and how much is under way. */
  survey(): { present: number; running: number } {
    const now = this.options.now()
    const [since, staleBefore] = [now - CONTENTION_MS, now - this.options.staleMs]
    let running = 0
    for (const [tenantId, lane] of this.lanes) {
      for (const piece of lane.running) if (piece.at < staleBefore) lane.running.delete(piece)
      if (lane.running.size === 0 && lane.waiting.length === 0 && lane.seenAt < since) this.lanes.delete(tenantId)
      running += lane.running.size
    }
    return { present: this.lanes.size, running }
  }

  /** Waits for the tenant's turn, and until others have had theirs. */
  async enter(tenantId: string): Promise<{ lane: Lane; piece: Piece }> {
    const lane = this.lanes.get(tenantId) ?? { running: new Set(), waiting: [], seenAt: 0, servedAt: 0, restUntil: 0 }
    lane.seenAt = this.options.now()
    this.lanes.set(tenantId, lane)
    const piece = await this.turnOf(lane)
    if (this.share !== Number.POSITIVE_INFINITY) await this.letOthersGo(lane)
    return { lane, piece }
  }

  leave(lane: Lane, piece: Piece, startedAt: number): void {
    const now = this.options.now()
    const { present } = this.survey()
    if (lane.waiting.length > 0) lane.restUntil = now + Math.min((now - startedAt) * (present - 1), MAX_REST_MS)
    lane.running.delete(piece)
    this.next()
    const told = this.watchers
    this.watchers = []
    for (const tell of told) tell()
  }

  private async turnOf(lane: Lane): Promise<Piece> {
    const piece = { at: this.options.now() }
    const { present, running } = this.survey()
    if (running < this.limit && lane.waiting.length === 0 && lane.running.size < this.shareAmong(present)) {
      this.begin(lane, piece)
      return piece
    }
    if (lane.waiting.length >= this.mostWaiting)
      throw new AppError('rate_limited', `${this.mostWaiting} requests of this kind wait for their turn; go on more slowly.`, {
        retryAfterMs: TURN_RETRY_MS,
      })
    const turn = new Promise<void>((resolve) =>
      lane.waiting.push(() => {
        this.begin(lane, piece)
        resolve()
      }),
    )
    const late = () => this.options.sleep(this.options.staleMs).then(() => true)
    // Whoever went before may have been broken off without a word; then the time limit calls the next.
    while (!lane.running.has(piece) && (await Promise.race([turn.then(() => false), late()]))) this.next()
    return piece
  }

  private begin(lane: Lane, piece: Piece): void {
    piece.at = this.options.now()
    lane.servedAt = piece.at
    lane.running.add(piece)
  }

  private async letOthersGo(lane: Lane): Promise<void> {
    const { now, sleep } = this.options
    const restMs = this.survey().present < 2 ? 0 : lane.restUntil - now()
    if (restMs > 0) await sleep(restMs)
    const until = now() + MAX_YIELD_MS
    while (lane.waiting.length > 0 && this.isOtherAtWork(lane) && now() < until)
      await Promise.race([new Promise<void>((resolve) => this.watchers.push(resolve)), sleep(until - now())])
  }

  private isOtherAtWork(lane: Lane): boolean {
    for (const other of this.lanes.values()) if (other !== lane && other.running.size > 0 && other.waiting.length === 0) return true
    return false
  }

  private next(): void {
    for (;;) {
      const { present, running } = this.survey()
      const chosen = running < this.limit ? leastServed(this.lanes.values(), this.shareAmong(present)) : undefined
      const goOn = chosen?.waiting.shift()
      if (goOn === undefined) return
      goOn()
    }
  }

  private shareAmong(present: number): number {
    return present < 2 ? Number.POSITIVE_INFINITY : this.share
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
