import { withDeadline } from '../domain/deadline'
import { AppError } from '../domain/error'

export interface ProviderCall {
  /** What messages and records name: `openai`, `ollama`, … */
  provider: string
  /** For the whole answer, streaming included, milliseconds. */
  timeoutMs: number
  /** The caller's own. */
  signal?: AbortSignal
}

/**
 * Runs one request to a provider within its time. Refusals pass; any other failure becomes `unavailable`, as the failures of a
 * connection are many and named differently by every runtime: which signal fired tells what happened. The caller's own abort is
 * thrown as the reason it gave, so that a cancelled step does not look like a failed provider.
 */
export async function withinTime<T>(order: ProviderCall, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await withDeadline(order.timeoutMs, (timeout) => callBefore(timeout, order, call))
}

async function callBefore<T>(
  timeout: AbortSignal,
  { provider, timeoutMs, signal }: ProviderCall,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout
  try {
    // A binding or library that ignores its signal must not hold the caller.
    return await Promise.race([call(either), aborted(either)])
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof AppError) throw error
    if (timeout.aborted)
      throw new AppError('unavailable', `${provider} did not answer within ${timeoutMs} ms: try again or allow more time.`, {
        reason: 'timeout',
        cause: error,
      })
    throw new AppError('unavailable', `The connection to ${provider} failed: check that it can be reached, then try again.`, {
      reason: 'connection',
      cause: error,
    })
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
