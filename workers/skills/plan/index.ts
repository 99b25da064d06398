import { parse } from 'yaml'
import * as z from 'zod'
import type { Problem } from '../../domain/error'
import { askOrElse } from '../ask'
import { defineSkill, type Provenance, type SkillContext } from '../skill'
import { planEmbedded } from './embedded'
import { BUILT, keyOf } from './generic'
import { nearestOperation } from './nearest'
import { type Answer, planQuestion } from './prompt'
import { strangersIn } from './receivers'
import { PlanInput, type PlanOperation, PlanOutput } from './schema'
import { HOW } from './starting'

/** Makes a workflow of a goal in words, and says what it assumed and what it could not honour. */
export const plan = defineSkill({
  name: 'plan',
  summary: 'Turns a goal in words into a workflow in YAML that passes the checks, and says what it assumed and what it left out.',
  input: PlanInput,
  output: PlanOutput,
  example: {
    goal: 'When an invoice arrives by mail, read the total; if it is over 5000 EUR ask a manager for approval.',
    catalogue: [
      {
        agent: 'ingestion',
        operation: 'parse',
        summary: 'Reads a file.',
        input: { required: ['documentId'], properties: { documentId: { type: 'string' } } },
      },
      {
        agent: 'analysis',
        operation: 'extract',
        summary: 'Reads the key fields.',
        input: { required: ['documentId'], properties: { documentId: { type: 'string' }, class: { type: 'string' } } },
      },
    ],
  },
  async run(input, context) {
    const embedded = () => planByRule(input, context)
    const first = await askOrElse<Answer, Drafted>(context, () => planQuestion(input), written, embedded)
    if (first.kind === 'planned') return withoutKind(first)
    const checked = await checkWritten(input.goal, first, context)
    if (checked.problems.length === 0) return outputOf(first, checked)
    const before = { source: first.answer.workflow, problems: checked.problems }
    const second = await askOrElse<Answer, Drafted>(context, () => planQuestion(input, before), written, embedded)
    if (second.kind === 'planned') return withoutKind(second)
    const again = await checkWritten(input.goal, second, context)
    if (again.problems.length === 0) return outputOf(second, again)
    const planned = await embedded()
    await context.chatModel?.standIn?.('plan')
    return { ...withoutKind({ ...planned, provider: 'embedded', degraded: true }) }
  },
})

type Drafted = { kind: 'written'; answer: Answer } | ({ kind: 'planned' } & PlanOutput)

const written = (answer: Answer): Drafted => ({ kind: 'written', answer })

const withoutKind = ({ kind: _kind, ...output }: { kind: 'planned' } & PlanOutput & Provenance): PlanOutput & Provenance => output

/** A plan by rule. Should an operation of the catalogue make it fail the checks, it is planned again without those that no rule knows. */
async function planByRule({ goal, catalogue }: PlanInput, context: SkillContext): Promise<{ kind: 'planned' } & PlanOutput> {
  const nearest = context.encoder && nearestOperation(context.encoder, catalogue, context.signal)
  const planned = await planEmbedded({ goal, catalogue }, nearest)
  const checked = await check(planned.source, context)
  if (checked.problems.length === 0) return { kind: 'planned', ...planned, ...checked }
  const known = await planEmbedded({ goal, catalogue: withoutOthers(catalogue) })
  return { kind: 'planned', ...known, ...(await check(known.source, context)) }
}

const withoutOthers = (catalogue: PlanOperation[]): PlanOperation[] => catalogue.filter((operation) => BUILT.has(keyOf(operation)))

interface Checked {
  checked: boolean
  problems: Problem[]
}

async function check(source: string, { checkWorkflow }: SkillContext): Promise<Checked> {
  if (checkWorkflow === undefined) return { checked: false, problems: [] }
  const problems = await checkWorkflow(source)
  return { checked: problems.length === 0, problems }
}

const Head = z.object({ name: z.string(), title: z.string().optional() })

/** What saving would refuse, and whoever would get something without being named by the goal. */
const checkWritten = async (goal: string, { answer }: { answer: Answer }, context: SkillContext): Promise<Checked> => {
  const found = await check(answer.workflow, context)
  if (headOf(answer.workflow) === undefined)
    return { checked: false, problems: [...found.problems, { path: '', message: 'it is no YAML mapping with a name' }] }
  const problems = [...found.problems, ...strangersIn(answer.workflow, goal)]
  return { checked: found.checked && problems.length === 0, problems }
}

function headOf(source: string): z.infer<typeof Head> | undefined {
  try {
    return Head.safeParse(parse(source)).data
  } catch {
    // Told as a problem by the caller.
    return undefined
  }
}

function outputOf({ answer, provider, degraded }: { answer: Answer } & Provenance, checked: Checked): PlanOutput & Provenance {
  const { name = 'planned', title = name } = headOf(answer.workflow) ?? {}
  const { workflow: source, trigger, assumptions, unsupported } = answer
  return {
    name,
    title,
    source,
    trigger: { kind: trigger, how: HOW[trigger](name) },
    steps: [],
    assumptions,
    unsupported,
    unread: [],
    clauses: [],
    ...checked,
    provider,
    degraded,
  }
}
