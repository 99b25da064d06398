/** What a pressed key does next to those pressed before it. */
export type KeyStep<Name> = { kind: 'match'; name: Name } | { kind: 'prefix'; pressed: string } | { kind: 'none' }

/**
 * Matches keys against bindings such as `?` or `g r`. `pressed` holds the keys of a sequence that has begun.
 * A key that does not go on a sequence is tried as the beginning of another.
 */
export function matchKeys<Name extends string>(bindings: Record<string, Name>, pressed: string, key: string): KeyStep<Name> {
  for (const keys of pressed === '' ? [key] : [`${pressed} ${key}`, key]) {
    const name = bindings[keys]
    if (name !== undefined) return { kind: 'match', name }
    if (Object.keys(bindings).some((binding) => binding.startsWith(`${keys} `))) return { kind: 'prefix', pressed: keys }
  }
  return { kind: 'none' }
}
