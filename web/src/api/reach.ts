import { ApiError } from './problem'

/** Where the API answers: another origin by configuration, else the page's own. */
export const API_ORIGIN: string = new URL(import.meta.env.VITE_API_URL || location.origin).origin

/** A fetch that tells a missing answer from a refusal. An aborted call stays an abort. */
export async function reach(url: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw new ApiError(0, 'unreachable', '')
  }
}
