import { type Confirmation, confirmationIn, EFFECT_UNKNOWN, effectKey } from '../../domain/effects'
import { AppError } from '../../domain/error'
import type { StepContext } from '../agent'

export interface Effect<Receipt> {
  kind: string
  /** Where it acts, without secrets. */
  target: string
  /** What the key is made of: the same run, step and arguments are the same effect. */
  args: unknown
  /** Does it. The key is to be sent along. Throws AppError with reason `unknown_outcome` when nobody knows whether it happened. */
  act(idempotencyKey: string): Promise<Receipt>
  /** Asks the other side whether it happened: its receipt, or undefined when it did not. Throws when it cannot say. */
  reconcile?(idempotencyKey: string): Promise<Receipt | undefined>
  /** The receipt where a person found that it happened. */
  confirmed(idempotencyKey: string, confirmation: Confirmation): Receipt
}

/**
 * Does an effect through the run's ledger: recorded before it is sent, never repeated unless the other side said that it did not
 * happen. Gives the receipt, the old one when it was done before.
 * Throws what `act` throws when it certainly did not happen; else AppError `conflict` (reason `effect_unknown`), which hands it to
 * a person, or `unavailable` (reason `reconciling`) when another attempt can ask the other side.
 */
export async function performOnce<Receipt>(
  context: StepContext,
  effect: Effect<Receipt>,
  readReceipt: (receipt: unknown) => Receipt,
): Promise<Receipt> {
  const key = await effectKey(context.runId, context.stepKey, effect.args)
  const planned = { key, kind: effect.kind, target: effect.target, args: effect.args }
  let begun = await context.effects.begin(planned)
  if (begun.decision === 'unknown' && effect.reconcile) {
    const receipt = await effect.reconcile(begun.idempotencyKey)
    if (receipt !== undefined) return await settled(context, key, receipt)
    await context.effects.fail(key, { code: 'unavailable', message: 'The other side says that it did not happen.' })
    begun = await context.effects.begin(planned)
  }
  if (begun.decision === 'settled') {
    const confirmation = confirmationIn(begun.receipt)
    return confirmation === undefined ? readReceipt(begun.receipt) : effect.confirmed(key, confirmation)
  }
  if (begun.decision === 'unknown') throw unknownOutcome(effect.target)
  return await settled(context, key, await attempt(context, effect, begun.idempotencyKey, key))
}

async function settled<Receipt>(context: StepContext, key: string, receipt: Receipt): Promise<Receipt> {
  await context.effects.settle(key, receipt)
  return receipt
}

async function attempt<Receipt>(context: StepContext, effect: Effect<Receipt>, idempotencyKey: string, key: string): Promise<Receipt> {
  try {
    return await effect.act(idempotencyKey)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.reason !== 'unknown_outcome' && thrown.code !== 'internal') {
      await context.effects.fail(key, { code: thrown.code, message: thrown.message })
      throw thrown
    }
    // Whatever is not an answer may have come after the other side acted.
    await context.effects.unknown(key, thrown instanceof AppError ? thrown.message : 'The attempt broke off while it was acting.')
    throw effect.reconcile ? reconcilable(effect.target, thrown) : unknownOutcome(effect.target, thrown)
  }
}

const unknownOutcome = (target: string, cause?: unknown): AppError =>
  new AppError('conflict', `It is not known whether ${target} did it. Look there, then say in the run what happened.`, {
    reason: EFFECT_UNKNOWN,
    cause,
  })

const reconcilable = (target: string, cause: unknown): AppError =>
  new AppError('unavailable', `It is not known whether ${target} did it; the next attempt asks there.`, { reason: 'reconciling', cause })
