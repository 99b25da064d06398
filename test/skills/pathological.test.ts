import { describe, expect, it } from 'vitest'
import type { ParsedDocument } from '../../workers/domain/documents'
import { skills } from '../../workers/skills'
import { classifyEmbedded } from '../../workers/skills/classify/embedded'
import { compareEmbedded } from '../../workers/skills/compare/embedded'
import { findEntities } from '../../workers/skills/entities/embedded'
import { extractEmbedded } from '../../workers/skills/extract/embedded'
import { detectLanguage } from '../../workers/skills/language/embedded'
import { findPii } from '../../workers/skills/pii/find'
import { rewriteEmbedded } from '../../workers/skills/rewrite/embedded'
import { judgeSentiment } from '../../workers/skills/sentiment/embedded'
import { summariseEmbedded } from '../../workers/skills/summarise/embedded'
import { tagEmbedded } from '../../workers/skills/tags/embedded'
import { textDocument } from './corpus/pdf-pages'

const CHARACTERS = 40_000
/** Of one skill on one text. Reading in the square of the length takes minutes; this only tells a hang from work. */
const MAX_CPU_SECONDS = 10

const repeated = (unit: string): string => unit.repeat(Math.ceil(CHARACTERS / unit.length)).slice(0, CHARACTERS)

/** One line each: what makes careless readers look at everything again for everything that they find. */
const TEXTS: Record<string, string> = {
  'labels with dates': repeated('Invoice date 2026-01-01 '),
  'named dates': repeated('4 March 2026, '),
  'amounts with labels': repeated('Total: 1,234.56 EUR '),
  'amounts in brackets': repeated('(5) '),
  figures: repeated('7'),
  'letters without a blank': repeated('qzjxkvbw'),
  'a label and figures without a blank': `Invoice ${repeated('12')}`,
  'opened tags': repeated('<a '),
  'opened brackets': repeated('('),
  'closed brackets': repeated('()'),
  'one word': repeated('contract '),
  cells: repeated('Date\tx\t'),
  'a mark and blanks': repeated('- '),
  'sentences of two words': repeated('Pay now. '),
  'opened comments': repeated('<!-- '),
  'hidden elements': repeated('<p style="color:#ff'),
  'lines of quotes': repeated('> a\n'),
  greetings: repeated('Dear \n'),
  'names with addresses': repeated('Ada Byron <ada@example.com>, '),
}

const SKILLS: Record<string, (document: ParsedDocument, text: string) => unknown> = {
  'extract invoice': (document) => extractEmbedded({ document, class: 'invoice' }),
  'extract receipt': (document) => extractEmbedded({ document, class: 'receipt' }),
  'extract contract': (document) => extractEmbedded({ document, class: 'contract' }),
  'extract email': (document) => extractEmbedded({ document, class: 'email' }),
  'extract bank statement': (document) => extractEmbedded({ document, class: 'bank_statement' }),
  'extract by a schema': (document) =>
    extractEmbedded({
      document,
      class: 'other',
      schema: {
        type: 'object',
        properties: { dueDate: { type: 'string', format: 'date' }, status: { enum: ['open', 'paid'] }, total: { type: 'number' } },
        required: [],
      },
    }),
  classify: (document) => classifyEmbedded(document),
  summarise: (document) => summariseEmbedded({ document, class: 'other', style: 'short' }),
  tags: (document) => tagEmbedded({ document, limit: 10 }),
  pii: (_, text) => findPii(text),
  entities: (document) => findEntities({ document, limit: 100 }),
  sentiment: (document) => judgeSentiment({ document, limit: 10 }),
  language: (_, text) => detectLanguage(text),
  'classify by labels': (document) =>
    classifyEmbedded(document, [{ name: 'invoice', description: 'Bills and payments.', keywords: [], examples: [] }]),
  compare: (document, text) => compareEmbedded({ before: document, after: textDocument(`${text.slice(7)} end`) }),
  'rewrite shorter': (_, text) => rewriteEmbedded({ text, style: 'shorter' }),
  'rewrite formally': (_, text) => rewriteEmbedded({ text, style: 'formal' }),
  'rewrite plainly': (_, text) => rewriteEmbedded({ text, style: 'plain' }),
  injection: (_, text) => skills.injection.run(skills.injection.input.parse({ text }), {}),
}

describe.each(Object.keys(TEXTS))('a line of %s', (name) => {
  const text = TEXTS[name] ?? ''
  it.each(Object.keys(SKILLS))('does not hold up: %s', { timeout: 300_000 }, async (skill) => {
    const document = textDocument(text)
    const before = process.cpuUsage()
    await SKILLS[skill]?.(document, text)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(MAX_CPU_SECONDS)
  })
})
