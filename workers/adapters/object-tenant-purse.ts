import type { SettledCall } from '../domain/accounts'
import { type Purse, RESERVATION_MS, type Reservation, type ReserveRequest, type Settlement } from '../domain/budgets'
import { AppError, unwrap } from '../domain/error'
import type { NewId } from '../domain/ids'
import type { TenantObject } from '../domain/tenant-control'

export interface ObjectPurseOptions {
  tenant: () => Pick<TenantObject, 'reserve' | 'settle'>
  newId: NewId
  clock: { now(): Date }
}

/** Money that the tenant's object has set aside for this purse, to be drawn on without asking again. */
interface Slice {
  holdId: string
  freeMicroUsd: number
  /** Calls that have drawn and are not settled. */
  open: number
  expiresAt: number
  advice: Reservation['advice']
}
interface OpenCall {
  request: ReserveRequest
  reservedMicroUsd: number
  slice: Slice | undefined
}

/** While other calls of the same payer are under way, a slice is taken for so many of the same size at most. */
const CALLS_AHEAD = 16
/** A call waits no longer than this for others of its purse: one that was never settled must not hold it for ever. */
const HELD_WAIT_MS = 10_000
/** Calls that cost nothing are sent so many at once. */
const FREE_CALLS = 32
/** A slice nearer to its end than this is not drawn on: the call would outlive it. */
const MARGIN_MS = RESERVATION_MS / 2

/** Port Purse over the tenant's object; make one for each step or request. */
export const createObjectPurse = (options: ObjectPurseOptions): Purse => new ObjectPurse(options)

/**
 * 1. A call alone holds what it needs; a fan-out takes a slice for several, so that most calls do not ask the object.
 * 2. A call for which there would be money, were it not held by calls of this purse, waits for one of them to end.
 * 3. A call that cost more than it reserved ends its slice: the next one asks the object, which has counted the excess.
 * 4. When the last call that drew on a slice is settled, what is left goes back with the settlement.
 */
class ObjectPurse implements Purse {
  /** By payer. */
  private readonly slices = new Map<string, Slice>()
  private readonly taking = new Map<string, Promise<void>>()
  private readonly waiting = new Map<string, number>()
  private readonly calls = new Map<string, OpenCall>()
  private readonly settled = new Set<string>()
  /** Who waits for a call of this purse to end. */
  private readonly onEnd: (() => void)[] = []
  private free: SettledCall[] = []

  constructor(private readonly options: ObjectPurseOptions) {}

  async reserve(request: ReserveRequest): Promise<Reservation> {
    const { estimateMicroUsd } = request
    if (!Number.isSafeInteger(estimateMicroUsd) || estimateMicroUsd < 0)
      throw new AppError('invalid', `An estimate is a whole number of micro-dollars, not ${estimateMicroUsd}.`)
    const id = this.options.newId('reservation')
    if (estimateMicroUsd === 0 && request.takesTokens === true) await this.requireTokens(id, request)
    const slice = estimateMicroUsd === 0 ? undefined : await this.sliceFor(`${request.runId ?? ''}\n${request.workflow ?? ''}`, request)
    if (slice !== undefined) {
      slice.freeMicroUsd -= estimateMicroUsd
      slice.open += 1
    }
    this.calls.set(id, { request, reservedMicroUsd: estimateMicroUsd, slice })
    return { id, reservedMicroUsd: estimateMicroUsd, advice: slice?.advice ?? 'proceed' }
  }

  /** A call that costs nothing holds no money; the object says whether the plan has tokens for it. */
  private async requireTokens(id: string, { runId }: ReserveRequest): Promise<void> {
    // The run is named so that the object can wake it when there are tokens again.
    unwrap(await this.options.tenant().reserve({ id, ...(runId !== undefined && { runId }), neededMicroUsd: 0, wantedMicroUsd: 0 }))
  }

  async settle(id: string, settlement: Settlement): Promise<void> {
    const call = this.close(id)
    if (call === undefined && this.settled.has(id)) return
    if (call === undefined) throw new AppError('not_found', 'This purse gave no such reservation; settle with the purse that gave it.')
    // What is left in the slice was granted before anybody knew of the excess.
    if (call.slice !== undefined && settlement.actualMicroUsd > call.reservedMicroUsd) call.slice.freeMicroUsd = 0
    const done = { row: usageRow(id, call.request, settlement, this.options.clock.now()), reservedMicroUsd: call.reservedMicroUsd }
    if (call.slice !== undefined || settlement.actualMicroUsd > 0) return await this.end(call.slice, [done])
    this.free.push(done)
    if (this.free.length >= FREE_CALLS) await this.flush()
  }

  async release(id: string): Promise<void> {
    const call = this.close(id)
    if (call?.slice === undefined) return
    call.slice.freeMicroUsd += call.reservedMicroUsd
    await this.end(call.slice, [])
  }

  async flush(): Promise<void> {
    const rows = this.free
    this.free = []
    if (rows.length > 0) unwrap(await this.options.tenant().settle(undefined, rows, false))
  }

  /** The slice of the payer with room for the call; one asks the object at a time, the others draw on what it brings. */
  private async sliceFor(key: string, request: ReserveRequest): Promise<Slice> {
    const giveUpAt = this.now() + HELD_WAIT_MS
    for (;;) {
      const known = this.slices.get(key)
      const isGood = known !== undefined && known.expiresAt - this.now() > MARGIN_MS
      if (isGood && known.freeMicroUsd >= request.estimateMicroUsd) return known
      const underWay = this.taking.get(key)
      if (underWay !== undefined) {
        await this.waitFor(key, underWay)
        continue
      }
      const refused = await this.takeSlice(key, request)
      if (refused === undefined) continue
      if (!isHeldByOthers(refused) || this.calls.size === 0 || this.now() >= giveUpAt) throw refused
      await this.untilOneEnds()
    }
  }

  /** Asks the object for a slice. Gives what it was refused with. */
  private async takeSlice(key: string, { runId, workflow, estimateMicroUsd }: ReserveRequest): Promise<unknown> {
    const holdId = this.options.newId('reservation')
    const others = Math.max(this.slices.get(key)?.open ?? 0, this.waiting.get(key) ?? 0)
    const take = async () => {
      const granted = unwrap(
        await this.options.tenant().reserve({
          id: holdId,
          ...(runId !== undefined && { runId }),
          ...(workflow !== undefined && { workflow }),
          neededMicroUsd: estimateMicroUsd,
          wantedMicroUsd: estimateMicroUsd * Math.min(1 + others, CALLS_AHEAD),
        }),
      )
      const advice = granted.economise ? 'economise' : 'proceed'
      this.slices.set(key, { holdId, freeMicroUsd: granted.amountMicroUsd, open: 0, expiresAt: this.now() + RESERVATION_MS, advice })
    }
    const taken = take().finally(() => this.taking.delete(key))
    this.taking.set(key, taken)
    return await taken.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  }

  private async waitFor(key: string, underWay: Promise<void>): Promise<void> {
    this.waiting.set(key, (this.waiting.get(key) ?? 0) + 1)
    // Whether it was refused is its own affair: this call asks for itself then.
    await underWay.catch(() => undefined)
    this.waiting.set(key, (this.waiting.get(key) ?? 1) - 1)
  }

  private untilOneEnds(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, HELD_WAIT_MS)
      this.onEnd.push(() => {
        clearTimeout(late)
        resolve()
      })
    })
  }

  private close(id: string): OpenCall | undefined {
    const call = this.calls.get(id)
    this.calls.delete(id)
    if (call !== undefined) this.settled.add(id)
    return call
  }

  private async end(slice: Slice | undefined, done: SettledCall[]): Promise<void> {
    if (slice !== undefined) slice.open -= 1
    const isLast = slice !== undefined && slice.open === 0
    // Nobody may draw on a slice that is on its way back.
    if (isLast) for (const [key, each] of this.slices) if (each === slice) this.slices.delete(key)
    try {
      if (done.length > 0 || isLast) unwrap(await this.options.tenant().settle(slice?.holdId, done, isLast))
    } finally {
      for (const goOn of this.onEnd.splice(0)) goOn()
    }
  }

  private now(): number {
    return this.options.clock.now().getTime()
  }
}

const isHeldByOthers = (refused: unknown): boolean =>
  refused instanceof AppError && refused.code === 'over_budget' && refused.retryAfterMs !== undefined

function usageRow(callId: string, request: ReserveRequest, settlement: Settlement, at: Date): SettledCall['row'] {
  const { estimateMicroUsd: _, takesTokens: __, ...payer } = request
  const { actualMicroUsd, inputTokens, outputTokens, latencyMs } = settlement
  return {
    ...payer,
    ...settlement,
    callId,
    at: at.toISOString(),
    // The ledger counts in whole numbers; a price below one is still paid.
    actualMicroUsd: Math.max(0, Math.ceil(actualMicroUsd)),
    inputTokens: Math.max(0, Math.round(inputTokens)),
    outputTokens: Math.max(0, Math.round(outputTokens)),
    latencyMs: Math.max(0, Math.round(latencyMs)),
  }
}
