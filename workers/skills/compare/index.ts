import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { compareEmbedded } from './embedded'
import { compareQuestion, withSummary } from './prompt'
import { CompareInput, CompareOutput } from './schema'

/** Compares two versions of a document. */
export const compare = defineSkill({
  name: 'compare',
  summary: 'Says what was added, removed, changed and moved between two versions of a document, with both places.',
  input: CompareInput,
  output: CompareOutput,
  example: {
    before: textDocument('The rent is 2,450 EUR. Pets are allowed.'),
    after: textDocument('The rent is 2,600 EUR. Pets are allowed. Smoking is forbidden.'),
  },
  async run(input, context) {
    const found = compareEmbedded(input)
    // Nothing to sum up: no model is asked.
    if (found.identical) return { ...found, provider: 'embedded', degraded: false }
    return await askOrElse(
      context,
      () => compareQuestion(input, found),
      (summary) => withSummary(found, summary),
      () => found,
    )
  },
})
