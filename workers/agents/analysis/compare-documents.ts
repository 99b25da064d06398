import * as z from 'zod'
import { skills } from '../../skills'
import { CompareOutput } from '../../skills/compare/schema'
import { defineOperation } from '../agent'
import { settle, skillContext } from './context'
import { readParsed } from './parsed'

/** Output goes through queues and graph state: further changes are counted, not listed. */
const MAX_CHANGES = 300

export const compareDocuments = defineOperation({
  summary: 'Says what was added, removed, changed and moved between two stored versions of a document.',
  input: z.object({
    beforeId: z.string().min(1).describe('The older document.'),
    afterId: z.string().min(1).describe('The newer document.'),
  }),
  output: CompareOutput,
  example: { beforeId: 'doc_1', afterId: 'doc_2' },
  async run({ beforeId, afterId }, context, ports) {
    const [before, after] = [await readParsed(ports, beforeId), await readParsed(ports, afterId)]
    const found = settle(context, await skills.compare.run({ before, after, beforeId, afterId }, skillContext(context, ports)))
    const left = found.changes.length - MAX_CHANGES
    if (left <= 0) return found
    return {
      ...found,
      changes: found.changes.slice(0, MAX_CHANGES),
      warnings: [...found.warnings, `${left} further changes are counted but not listed.`],
    }
  },
})
