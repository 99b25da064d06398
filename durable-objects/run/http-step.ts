import { createHash } from 'node:crypto'
import { confirmationIn } from '../../workers/domain/effects'
import { AppError, type Refusal, toRefusal } from '../../workers/domain/error'
import { canonicalJson } from '../../workers/domain/json'
import type { Ports, StoredSecret } from '../../workers/domain/ports'
import type { EffectDecision } from '../../workers/domain/run-control'
import { assertSecretMayGo } from '../../workers/domain/secret-hosts'
import { EFFECT_UNKNOWN } from './transitions'

interface HttpInput {
  method: string
  url: string
  headers: Record<string, string>
  body?: unknown
}

export interface HttpStepDeps {
  outbound: Ports['outbound']
  /** Sent as a bearer token, to its own hosts only. */
  secret: (StoredSecret & { name: string }) | undefined
  timeoutMs: number
  begin(effect: { key: string; kind: string; target: string }): EffectDecision
  settle(key: string, receipt: unknown): void
  fail(key: string, error: Refusal): void
  unknown(key: string, reason: string): void
}

/** GET and HEAD change nothing on the other side and may be repeated freely. */
const READS = new Set(['GET', 'HEAD'])
/** Statuses that say "not now": the same request may do later. */
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504])

/** Performs an `http` step: a read at once, anything else through the ledger. Gives `{status, body}`; refuses on 4xx and 5xx, and, before anything is sent, hosts that are not the secret's. */
export async function performHttp(runId: string, stepKey: string, input: HttpInput, deps: HttpStepDeps): Promise<unknown> {
  if (deps.secret !== undefined) assertSecretMayGo(deps.secret.name, deps.secret.hosts, input.url)
  if (READS.has(input.method)) return answerOf(await send(input, deps, undefined))
  const key = createHash('sha256')
    .update(canonicalJson([runId, stepKey, input]))
    .digest('hex')
  const decision = deps.begin({ key, kind: 'http', target: new URL(input.url).host })
  if (decision.decision === 'settled') return confirmed(decision.receipt)
  if (decision.decision === 'unknown') throw unknownOutcome()
  return await act(input, key, deps)
}

/** Where a person found that it happened, there is the body that they know of and no status. */
function confirmed(receipt: unknown): unknown {
  const confirmation = confirmationIn(receipt)
  return confirmation === undefined ? receipt : { status: null, body: confirmation.answer ?? null, confirmedBy: confirmation.confirmedBy }
}

async function act(input: HttpInput, key: string, deps: HttpStepDeps): Promise<unknown> {
  let response: Awaited<ReturnType<Ports['outbound']['send']>>
  try {
    response = await send(input, deps, key)
  } catch (thrown) {
    const error = toRefusal(thrown)
    if (error.reason === 'unknown_outcome' || error.code === 'internal') {
      deps.unknown(key, error.message)
      throw unknownOutcome()
    }
    deps.fail(key, error)
    throw thrown
  }
  try {
    const answer = answerOf(response)
    deps.settle(key, answer)
    return answer
  } catch (thrown) {
    deps.fail(key, toRefusal(thrown))
    throw thrown
  }
}

async function send(input: HttpInput, deps: HttpStepDeps, idempotencyKey: string | undefined) {
  const isText = typeof input.body === 'string'
  return await deps.outbound.send({
    url: input.url,
    method: input.method,
    headers: {
      ...(input.body !== undefined && !isText && { 'content-type': 'application/json' }),
      ...input.headers,
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      // A redirect that leaves the host is followed without it.
      ...(deps.secret !== undefined && { authorization: `Bearer ${deps.secret.value}` }),
    },
    timeoutMs: deps.timeoutMs,
    ...(input.body !== undefined && { body: isText ? String(input.body) : JSON.stringify(input.body) }),
  })
}

function answerOf({ status, headers, body }: { status: number; headers: Record<string, string>; body: string }) {
  if (status >= 400) {
    const retryAfter = Number(headers['retry-after'])
    throw new AppError(
      RETRYABLE.has(status) ? (status === 429 ? 'rate_limited' : 'unavailable') : 'invalid',
      `The other side answered ${status}.`,
      {
        reason: `http_${status}`,
        ...(Number.isFinite(retryAfter) && retryAfter > 0 && { retryAfterMs: retryAfter * 1000 }),
      },
    )
  }
  return { status, body: parsed(headers['content-type'], body) }
}

function parsed(contentType: string | undefined, body: string): unknown {
  if (!contentType?.includes('json')) return body
  try {
    return JSON.parse(body)
  } catch {
    throw new AppError('unavailable', 'The other side said it sends JSON, but it is not.', { reason: 'malformed_json' })
  }
}

const unknownOutcome = () =>
  new AppError(
    'conflict',
    'It is not known whether the other side did it. Look there, then answer PUT /runs/{id}/continue with effectId and outcome.',
    { reason: EFFECT_UNKNOWN },
  )
