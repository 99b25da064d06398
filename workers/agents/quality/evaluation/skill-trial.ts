import * as z from 'zod'
import type { ParsedDocument } from '../../../domain/documents'
import { AppError } from '../../../domain/error'
import type { Ports } from '../../../domain/ports'
import { skills } from '../../../skills'
import { askCollection } from '../../../skills/answer/ask-collection'
import type { Skill } from '../../../skills/skill'
import type { StepContext } from '../../agent'
import { skillContext } from '../../analysis/context'
import { readParsed } from '../../analysis/parsed'
import type { Trial } from './trial'

/** The members of a skill's input that are documents, and how a case names each: by an id, or as a text. */
const DOCUMENTS = [
  { member: 'document', id: 'documentId', text: 'text' },
  { member: 'before', id: 'beforeId', text: 'beforeText' },
  { member: 'after', id: 'afterId', text: 'afterText' },
] as const

const Question = z.object({
  question: z.string().min(1),
  collection: z.string().min(1),
  limit: z.int().min(1).max(50).optional(),
  unverified: z.enum(['drop', 'mark']).optional(),
})

/** One case of a skill. Refuses `invalid` for an input that the skill does not take, and whatever the skill refuses with. */
export async function trySkill(name: string, input: Record<string, unknown>, context: StepContext, ports: Ports): Promise<Trial> {
  const skill = (Object.hasOwn(skills, name) ? Reflect.get(skills, name) : undefined) as Skill | undefined
  if (skill === undefined) throw new AppError('invalid', `There is no skill '${name}'; have: ${Object.keys(skills).join(', ')}.`)
  const using = skillContext(context, ports)
  if (name === 'answer' && 'collection' in input) {
    const asked = parse(Question, input)
    const payer = { ...(ports.purse && { purse: ports.purse }), onCall: context.charge }
    return trialOf(await askCollection(ports, { ...asked, payer }, using))
  }
  return trialOf(await skill.run(parse(skill.input, await withDocuments(skill, input, ports)), using))
}

function trialOf({ provider, degraded, ...output }: { provider: string; degraded: boolean }): Trial {
  return { output, provider, degraded }
}

function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const read = schema.safeParse(input)
  if (read.success) return read.data
  const problems = read.error.issues.map((issue) => ({ path: `input.${issue.path.join('.')}`, message: issue.message }))
  throw new AppError('invalid', `The input of the case does not fit: ${problems.map(({ path }) => path).join(', ')}.`, { problems })
}

async function withDocuments(skill: Skill, input: Record<string, unknown>, ports: Ports): Promise<Record<string, unknown>> {
  const known = skill.input instanceof z.ZodObject ? Object.keys(skill.input.shape) : []
  const filled = { ...input }
  for (const { member, id, text } of DOCUMENTS) {
    if (!known.includes(member) || member in filled) continue
    const [named, written] = [filled[id], filled[text]]
    if (typeof named === 'string') filled[member] = await readParsed(ports, named)
    else if (typeof written === 'string') filled[member] = textDocument(written)
  }
  return filled
}

/** A text as ingestion would give it: one page, a paragraph for each that a blank line ends. */
function textDocument(text: string): ParsedDocument {
  const blocks = [...text.matchAll(/(?:(?!\n[ \t]*\n)[\s\S])+/g)].map(({ 0: paragraph, index }) => ({
    kind: 'paragraph' as const,
    page: 1,
    start: index,
    end: index + paragraph.length,
  }))
  return {
    format: 'text',
    mediaType: 'text/plain',
    pages: [{ number: 1, text, boxes: [], source: 'text' }],
    blocks,
    tables: [],
    metadata: {},
    embedded: [],
    warnings: [],
  }
}
