import { AppError } from '../domain/error'
import type { Route } from '../domain/model-routing'
import type { ChatAnswer, ChatRequest, ModelCall, Payer, Purpose } from '../domain/models'

type Told = Pick<ChatAnswer, 'provider' | 'model' | 'inputTokens' | 'outputTokens' | 'costMicroUsd' | 'cached' | 'latencyMs'>

/** The route's own names, for a call that no provider answered. */
export const nobody = (route: Route) => ({
  provider: route.providerName,
  model: typeof route.model.name === 'string' ? route.model.name : route.name,
  inputTokens: 0,
  outputTokens: 0,
  costMicroUsd: 0,
  latencyMs: 0,
})

export function recordOf(route: Route, { purpose = 'default', prompt }: ChatRequest, told: Told): ModelCall {
  const { provider, model, inputTokens, outputTokens, costMicroUsd = 0, latencyMs, cached } = told
  return {
    kind: 'chat',
    purpose,
    route: route.name,
    provider,
    model,
    ...(prompt && { prompt }),
    inputTokens,
    outputTokens,
    costMicroUsd,
    latencyMs,
    ...(cached && { cached }),
  }
}

/** Replaces a reservation by what the call took; gives it back when the call took nothing. */
export async function settle({ payer }: Pick<ChatRequest, 'payer'>, reservation: string | undefined, call: ModelCall): Promise<void> {
  if (!payer?.purse || reservation === undefined) return
  const { provider, model, inputTokens, outputTokens, costMicroUsd: actualMicroUsd, latencyMs, failure, cached, degraded } = call
  if (failure && inputTokens + outputTokens === 0) return await payer.purse.release(reservation)
  await payer.purse.settle(reservation, {
    actualMicroUsd,
    inputTokens,
    outputTokens,
    provider,
    model,
    latencyMs,
    cached: cached !== undefined,
    ...(degraded && { degraded }),
  })
}

/** Tells the payer of an answer, and the answer that the payer was told. */
export function report(route: Route, request: ChatRequest, answer: ChatAnswer): ChatAnswer {
  if (!request.payer?.onCall) return answer
  request.payer.onCall(recordOf(route, request, answer))
  return { ...answer, reported: true }
}

/** An earlier answer is counted at nothing, so that the hit rate can be told. */
export async function reportCached(route: Route, request: ChatRequest, answer: ChatAnswer): Promise<ChatAnswer> {
  const free = { ...answer, route: route.name, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 }
  const purse = request.payer?.purse
  if (purse) {
    const { id } = await purse.reserve({ feature: request.purpose ?? 'default', estimateMicroUsd: 0 })
    await settle(request, id, recordOf(route, request, free))
  }
  return report(route, request, free)
}

/** Counts an answer of the embedded way in place of the purpose's models: a call at nothing, so that usage and the run's log tell it. */
export async function reportStandIn(purpose: Purpose, payer: Payer | undefined): Promise<void> {
  const counts = { inputTokens: 0, outputTokens: 0, costMicroUsd: 0, latencyMs: 0 }
  const call: ModelCall = { kind: 'chat', purpose, route: 'embedded', provider: 'embedded', model: 'embedded', ...counts, degraded: true }
  if (payer?.purse) {
    const { id } = await payer.purse.reserve({ feature: purpose, estimateMicroUsd: 0 })
    await settle({ payer }, id, call)
  }
  payer?.onCall?.(call)
}

/** Tells the payer of a route that was not called. */
export const skip = (request: ChatRequest, route: Route, refusal: AppError): void =>
  request.payer?.onCall?.({ ...recordOf(route, request, nobody(route)), failure: failureOf(refusal) })

const MAX_MESSAGE_CHARACTERS = 300

export function failureOf(thrown: unknown): NonNullable<ModelCall['failure']> {
  if (!(thrown instanceof AppError)) return { code: 'internal', message: 'The call was broken off on our side.' }
  const { code, reason, message } = thrown
  return { code, ...(reason !== undefined && { reason }), message: message.slice(0, MAX_MESSAGE_CHARACTERS) }
}
