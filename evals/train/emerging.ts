import { featuresOf } from '../../workers/skills/entities/tagger/features'
import type { Lexicon } from '../../workers/skills/entities/tagger/lexicon'
import type { TaggedSentence } from './conll.ts'
import { type Crf, trainCrf } from './crf.ts'

export const EMERGING_TYPES = ['corporation', 'creative-work', 'group', 'location', 'person', 'product'] as const
export const EMERGING_LABELS = ['O', ...EMERGING_TYPES.flatMap((type) => [`B-${type}`, `I-${type}`])]
/** Chosen by cross-validation inside the development part. */
export const EMERGING_BIAS = 2

/** The tagger of names in informal text. */
export const trainEmerging = (sentences: TaggedSentence[], lexicon: Lexicon): Crf =>
  trainCrf(
    sentences.map(({ tokens, labels }) => ({
      features: featuresOf(tokens, lexicon),
      labels: labels.map((label) => Math.max(0, EMERGING_LABELS.indexOf(label))),
    })),
    { labels: EMERGING_LABELS.length, epochs: 8, l2: 5e-4, minCount: 2, rate: 0.1, dropout: 0.3 },
  )
