import { withoutSecrets } from '../domain/redaction'

/** Answers that report a failure are read whole; a longer one is a page of a proxy. */
const MAX_CHARACTERS = 65_536

/** A fetch whose failed answers do not repeat the key: providers quote it in their refusals, and these are quoted in logs and errors. */
export function createFetchWithoutEcho(fetch: typeof globalThis.fetch, apiKey: string | undefined): typeof globalThis.fetch {
  if (apiKey === undefined) return fetch
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.ok) return response
    const body = withoutSecrets((await response.text()).slice(0, MAX_CHARACTERS), [apiKey])
    const headers = new Headers(response.headers)
    for (const name of ['Content-Length', 'Content-Encoding']) headers.delete(name)
    return new Response(body, { status: response.status, statusText: response.statusText, headers })
  }
}
