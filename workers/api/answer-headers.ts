import type { Context } from 'hono'

/**
 * Sets headers of an answer that stands. `c.header` would copy the answer and its headers for every single one; here it is copied at
 * most once, and only when it came from a fetch, whose headers nobody may change.
 */
export function setHeaders(c: Context, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      c.res.headers.set(name, value)
    } catch (thrown) {
      if (!(thrown instanceof TypeError)) throw thrown
      c.header(name, value)
    }
  }
}
