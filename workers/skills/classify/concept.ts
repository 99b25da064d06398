import type { Feature } from './features'

/** What offices sort by: how people name it, and what then stands in the texts, in English and German. */
export interface Concept {
  /** Names of labels, and words of descriptions, that mean it. */
  names: RegExp
  features: Feature[]
}

/** A concept by the words that name it, as a pattern of whole words in any case. */
export const concept = (names: string, ...features: Feature[]): Concept => ({
  names: new RegExp(`(?<![\\p{L}\\p{N}])(?:${names})(?![\\p{L}\\p{N}])`, 'iu'),
  features,
})
