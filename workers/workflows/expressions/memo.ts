/** A function of a string whose latest `size` results are kept; the one used longest ago goes first. Throws are not kept. */
export function memoise<T>(size: number, compute: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) {
      kept.delete(text)
      kept.set(text, known)
      return known
    }
    const computed = compute(text)
    kept.set(text, computed)
    if (kept.size > size) {
      const oldest = kept.keys().next()
      if (!oldest.done) kept.delete(oldest.value)
    }
    return computed
  }
}
