/** What stands where a secret was echoed. */
export const REDACTED = '[secret]'
/** A shorter secret would be found in words. */
const MIN_SECRET_CHARACTERS = 6

/** The value without the secrets, also where they stand within longer texts: other sides repeat in answers and errors what they were sent. */
export function withoutSecrets<T>(value: T, secrets: readonly (string | undefined)[]): T {
  const found = secrets.flatMap((secret) =>
    secret !== undefined && secret.length >= MIN_SECRET_CHARACTERS ? [secret, JSON.stringify(secret).slice(1, -1)] : [],
  )
  if (found.length === 0) return value
  const redact = (text: string) => found.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text)
  return redacted(value, redact) as T
}

function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item: unknown) => redacted(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [redact(key), redacted(member, redact)]))
}
