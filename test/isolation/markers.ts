/** What stands in everything that a tenant puts in: unmistakable, made of one word that no tokeniser splits, and nowhere else. */
export const markerOf = (slug: string): string => `zq${slug}zq7731`

/** Where a text of one tenant holds what is the other's. Case is looked past: an index may have folded it. */
export const leakOf = (text: string, secrets: readonly string[]): string | undefined => {
  const folded = text.toLowerCase()
  return secrets.find((secret) => folded.includes(secret.toLowerCase()))
}
