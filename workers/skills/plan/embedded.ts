import { act } from './acting'
import { celOf } from './gates'
import { fulfil } from './generic'
import { readGoal } from './goal'
import { readDocument } from './reading'
import type { PlanInput, Planned, PlanTrigger } from './schema'
import { Draft, nowhere, type Place, plain } from './scope'
import { HOW } from './starting'
import { type Act, type Statement, understand } from './understand'
import { PLAN_WORDS } from './words'
import { writeWorkflow } from './yaml'

/** Finds which operation comes nearest to words that no rule knows; undefined: none is near. */
export type Nearest = (words: string) => Promise<string | undefined>

/**
 * Plans by rule: what the goal says is found by words and phrases, English and German, and put together from steps that are known to
 * pass the checks. What no rule and no operation stands for is written down in `unsupported` and as a step that says so in the run.
 */
export async function planEmbedded({ goal: said, catalogue }: PlanInput, nearest?: Nearest): Promise<Planned> {
  const goal = readGoal(said)
  const understanding = understand(goal)
  const title = titleOf(said)
  const draft = new Draft(understanding, goal, PLAN_WORDS[goal.language], title, catalogue)
  const root = nowhere('input.documentId')
  if (needsDocument(understanding.statements, understanding.trigger.kind)) {
    draft.input('documentId', { type: 'string', description: 'A document that was uploaded or came by mail.' })
    readDocument(draft, root)
  }
  const place = understanding.eachAttachment && root.known.has('ingestion.parse') ? openEach(draft, root) : root
  await write(draft, place, understanding.statements, nearest)
  if (root.list.length === 0) nothing(draft, root)
  const name = nameOf(title)
  const comment = [`Planned from: ${plain(said)}`, ...draft.unsupported.map((text) => `Not done: ${plain(text)}`)].join('\n')
  const source = writeWorkflow({
    comment,
    name,
    title,
    description: plain(said).slice(0, 2_000),
    input: { type: 'object', ...(draft.required.length > 0 && { required: draft.required }), properties: draft.inputs },
    vars: draft.vars,
    steps: root.list,
    outputs: root.known.members(),
  })
  const trigger = triggerOf(draft, name)
  const { trace: steps, assumptions, unsupported } = draft
  return { name, title, source, trigger, steps, assumptions, unsupported }
}

async function write(draft: Draft, place: Place, statements: Statement[], nearest?: Nearest): Promise<void> {
  for (const statement of statements)
    if (statement.kind === 'act') await writeAct(draft, place, statement.act, nearest)
    else await writeGate(draft, place, statement, nearest)
}

async function writeAct(draft: Draft, place: Place, doing: Act, nearest?: Nearest): Promise<void> {
  if (act(draft, place, doing)) return
  const words = draft.quote(doing.words)
  if (await fulfil(draft, place, doing, nearest)) return
  const about = doing.deed === 'beyond' && doing.about.length > 0 ? ` (${doing.about.join(', ')})` : ''
  draft.leaveOut(`${words}${about}: there is no operation for this.`)
  draft.step(place, 'undone', doing.words, { set: draft.words.notDone(words) }, 'undone')
}

async function writeGate(draft: Draft, place: Place, statement: Extract<Statement, { kind: 'if' }>, nearest?: Nearest): Promise<void> {
  const { condition } = statement
  const cel = celOf(draft, place, condition, asks(statement.then))
  if (cel === undefined) {
    draft.leaveOut(`${draft.quote(condition.words)}: this cannot be told here, so what depends on it is not done.`)
    for (const words of wordsOf([...statement.then, ...statement.else]))
      draft.leaveOut(`${draft.quote(words)}: depends on a condition that cannot be told.`)
    return
  }
  const branches = { then: { ...place, list: [] }, else: { ...place, list: [] } } satisfies Record<string, Place>
  const id = draft.id('gate')
  await write(draft, branches.then, statement.then, nearest)
  await write(draft, branches.else, statement.else, nearest)
  if (branches.then.list.length === 0) {
    draft.leaveOut(`${draft.quote(condition.words)}: nothing is said that depends on it.`)
    draft.step(branches.then, 'undone', condition.words, { set: draft.words.notDone(draft.quote(condition.words)) }, 'undone')
  }
  const comment = `“${draft.quote(condition.words)}”`
  draft.trace.push({ id, does: 'if', from: draft.quote(condition.words) })
  place.list.push({
    comment,
    body: {
      id,
      name: draft.words.names.if ?? id,
      if: cel,
      then: branches.then.list,
      ...(branches.else.list.length > 0 && { else: branches.else.list }),
    },
  })
}

const asks = (statements: Statement[]): boolean =>
  statements.some((statement) =>
    statement.kind === 'act' ? statement.act.deed === 'approval' : asks([...statement.then, ...statement.else]),
  )

const wordsOf = (statements: Statement[]): string[] =>
  statements.flatMap((statement) => (statement.kind === 'act' ? [statement.act.words] : wordsOf([...statement.then, ...statement.else])))

/** Deeds that are about something else than one document. */
const WITHOUT_DOCUMENT = new Set([
  'analysis.compare',
  'analysis.digest',
  'analysis.answer',
  'http',
  'wait',
  'approval',
  'action.mail',
  'action.webhook',
  'report.write',
  'beyond',
])

function needsDocument(statements: Statement[], trigger: PlanTrigger): boolean {
  const deeds = statements.flatMap(function each(statement): string[] {
    return statement.kind === 'act'
      ? [statement.act.deed]
      : [statement.condition.kind === 'flag' ? 'flag' : 'if', ...[...statement.then, ...statement.else].flatMap(each)]
  })
  if (deeds.some((deed) => deed === 'analysis.compare' || deed === 'analysis.digest')) return false
  const repliesToSender = statements.some(
    (statement) => statement.kind === 'act' && statement.act.deed === 'action.mail' && statement.act.toSender,
  )
  return (
    trigger === 'email' ||
    trigger === 'upload' ||
    repliesToSender ||
    deeds.some((deed) => deed !== 'flag' && !WITHOUT_DOCUMENT.has(deed)) ||
    !deeds.includes('analysis.answer')
  )
}

/** Opens the loop over attachments; a mail without any is worked on itself. */
function openEach(draft: Draft, root: Place): Place {
  const own = root.known.output('ingestion.parse')
  const inner: Place = { ...nowhere('item.documentId'), list: [] }
  const forEach = `\${{ size(${own}.attachments) > 0 ? ${own}.attachments : [{"documentId": input.documentId}] }}`
  draft.step(root, 'forEach', '', { forEach, steps: inner.list }, 'each', 'Each attachment; a document without any is worked on itself.')
  draft.assume('Each attachment is worked on by itself, reports and messages included; a document without attachments is worked on itself.')
  readDocument(draft, inner)
  return inner
}

function nothing(draft: Draft, root: Place): void {
  draft.step(root, 'undone', '', { set: draft.words.notDone(draft.title) }, 'undone')
}

function triggerOf(draft: Draft, name: string): Planned['trigger'] {
  const { kind, schedule } = draft.understanding.trigger
  if (schedule !== undefined)
    draft.leaveOut(`“${schedule}”: a workflow does not start itself by the clock; let a scheduler call POST /workflows/execute.`)
  return { kind, how: HOW[kind](name) }
}

const MAX_TITLE_CHARACTERS = 80

/** The first sentence, without its stop, cut between words. */
function titleOf(goal: string): string {
  const first =
    plain(goal)
      .split(/(?<=[.!?])\s/)[0]
      ?.replace(/[.!?]+$/, '') ?? ''
  const cut = first.length <= MAX_TITLE_CHARACTERS ? first : `${first.slice(0, MAX_TITLE_CHARACTERS).replace(/\s+\S*$/, '')} …`
  return cut.charAt(0).toUpperCase() + cut.slice(1)
}

const SMALL = new Set([
  'the',
  'a',
  'an',
  'and',
  'or',
  'of',
  'to',
  'it',
  'is',
  'by',
  'in',
  'for',
  'if',
  'when',
  'der',
  'die',
  'das',
  'und',
  'ein',
  'eine',
  'wenn',
  'per',
  'den',
  'es',
  'zu',
  'im',
  'each',
  'every',
])

/** Up to five telling words of the title, as workflows are named. */
function nameOf(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/[^a-z0-9\s-]/g, ' ')
    .split(/[\s-]+/)
    .filter((word) => word !== '' && !SMALL.has(word))
  return words.slice(0, 5).join('-').slice(0, 60).replace(/-+$/, '') || 'planned'
}
