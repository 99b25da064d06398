import { describe, expect, it } from 'vitest'
import { findEntities } from '../../workers/skills/entities/embedded'
import { extractEmbedded } from '../../workers/skills/extract/embedded'
import { textDocument } from './corpus/pdf-pages'

/** Patterns of letters and figures on which careless expressions take minutes; a hang runs into the runner's limit. */
const HOSTILE = ['A.B.', '01.01.20', 'a@a.', '1 234 ', 'Aa Bb ', '("A ', 'DE89', 'governed by law of ', 'between A and ', '--- - - ']

describe('hostile text', () => {
  it.each(HOSTILE)('is read to the end when it repeats %j', async (unit) => {
    const document = textDocument(unit.repeat(100_000 / unit.length))
    for (const documentClass of ['invoice', 'contract'])
      expect(extractEmbedded({ document, class: documentClass }).class).toBe(documentClass)
    expect((await findEntities({ document, limit: 10 })).entities.length).toBeLessThanOrEqual(10)
  })
})
