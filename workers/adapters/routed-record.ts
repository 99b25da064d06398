import { AppError } from '../domain/error'
import type { Route } from '../domain/model-routing'
import type { ChatAnswer, ChatRequest, ModelCall } from '../domain/models'

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
export async function settle({ payer }: ChatRequest, reservation: string | undefined, call: ModelCall): Promise<void> {
  if (!payer?.purse || reservation === undefined) return
  const { provider, model, inputTokens, outputTokens, costMicroUsd: actualMicroUsd, latencyMs, failure, cached } = call
  if (failure && inputTokens + outputTokens === 0) return await payer.purse.release(reservation)
  await payer.purse.settle(reservation, {
    actualMicroUsd,
    inputTokens,
    outputTokens,
    provider,
    model,
    latencyMs,
    cached: cached !== undefined,
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

/** Tells the payer of a route that was not called. */
export const skip = (request: ChatRequest, route: Route, refusal: AppError): void =>
  request.payer?.onCall?.({ ...recordOf(route, request, nobody(route)), failure: failureOf(refusal) })

const MAX_MESSAGE_CHARACTERS = 300

export function failureOf(thrown: unknown): NonNullable<ModelCall['failure']> {
  if (!(thrown instanceof AppError)) return { code: 'internal', message: 'The call was broken off on our side.' }
  const { code, reason, message } = thrown
  return { code, ...(reason !== undefined && { reason }), message: message.slice(0, MAX_MESSAGE_CHARACTERS) }
}
