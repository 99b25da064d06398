import { act } from './acting'
import { clausesOf } from './clauses'
import { testsOf } from './conditions'
import { celOf } from './gates'
import { fulfil } from './generic'
import { readGoal } from './goal'
import { nameOf, titleOf } from './naming'
import { readDocument } from './reading'
import type { PlanInput, Planned, PlanTrigger } from './schema'
import { Draft, nowhere, type Place, plain } from './scope'
import { HOW } from './starting'
import { type Act, actsIn, type If, listsOf, type Statement } from './statements'
import { understand } from './understand'
import { PLAN_WORDS } from './words'
import { writeWorkflow } from './yaml'

/** Finds which operation comes nearest to words that no rule knows; undefined: none is near. */
export type Nearest = (words: string) => Promise<string | undefined>

/**
 * Plans by rule: what the goal says is found by words and phrases, English and German, and put together from steps that are known to
 * pass the checks. What no rule and no operation stands for is written down in `unsupported` and as a step that says so in the run;
 * words that changed nothing stand in `unread`.
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
  assumeClass(draft)
  const name = nameOf(title)
  const trigger = triggerOf(draft, name)
  const { clauses, unread } = clausesOf(draft)
  const left = [...draft.unsupported.map((text) => `Not done: ${plain(text)}`), ...unread.map((text) => `Not understood: ${plain(text)}`)]
  const source = writeWorkflow({
    comment: [`Planned from: ${plain(said)}`, ...left].join('\n'),
    name,
    title,
    description: plain(said).slice(0, 2_000),
    input: { type: 'object', ...(draft.required.length > 0 && { required: draft.required }), properties: draft.inputs },
    vars: draft.vars,
    steps: root.list,
    outputs: root.known.members(),
  })
  const { trace, assumptions, unsupported } = draft
  const steps = trace.map(({ id, does, from }) => ({ id, does, from }))
  return { name, title, source, trigger, steps, assumptions, unsupported, unread, clauses }
}

async function write(draft: Draft, place: Place, statements: Statement[], nearest?: Nearest): Promise<void> {
  for (const statement of statements) {
    draft.clause = statement.kind === 'act' ? statement.act.clause : statement.clause
    if (statement.kind === 'act') await writeAct(draft, place, statement.act, nearest)
    else if (statement.kind === 'if') await writeGate(draft, place, statement, nearest)
    else if (statement.kind === 'lines') await writeLines(draft, place, statement, nearest)
  }
}

async function writeAct(draft: Draft, place: Place, doing: Act, nearest?: Nearest): Promise<void> {
  const before = draft.trace.length
  if (act(draft, place, doing)) {
    const id = place.known.stepOf(doing.deed)
    // What was found out already is not found out again.
    if (draft.trace.length === before && id !== undefined)
      draft.trace.push({ id, does: doing.deed, from: draft.quote(doing.words), clause: doing.clause })
    return
  }
  const words = draft.quote(doing.words)
  if (await fulfil(draft, place, doing, nearest)) return
  const about = doing.deed === 'beyond' && doing.about.length > 0 ? ` (${doing.about.join(', ')})` : ''
  draft.leaveOut(`${words}${about}: there is no operation for this.`)
  draft.step(place, 'undone', doing.words, { set: draft.words.notDone(words) }, 'undone')
}

async function writeGate(draft: Draft, place: Place, statement: If, nearest?: Nearest): Promise<void> {
  const { condition, clause } = statement
  const words = draft.quote(condition.words)
  const cel = celOf(
    draft,
    place,
    condition,
    [...actsIn(statement.then)].some(({ deed }) => deed === 'approval'),
  )
  if (cel === undefined) {
    draft.leaveOut(`${words}: this cannot be told here, so what depends on it is not done.`)
    for (const { words: dependent } of actsIn([...statement.then, ...statement.else]))
      draft.leaveOut(`${draft.quote(dependent)}: depends on a condition that cannot be told.`)
    return
  }
  const branches = { then: { ...place, list: [] }, else: { ...place, list: [] } } satisfies Record<string, Place>
  const id = draft.id('gate')
  const before = draft.trace.length
  await write(draft, branches.then, statement.then, nearest)
  await write(draft, branches.else, statement.else, nearest)
  draft.clause = clause
  const [then, otherwise] = [branches.then.list, branches.else.list]
  const isIdle = draft.trace.length === before
  if (isIdle && then.length === 0 && otherwise.length === 0 && !statement.then.some(({ kind }) => kind === 'refrain')) {
    draft.leaveOut(`${words}: nothing is said that depends on it.`)
    draft.step(branches.then, 'undone', condition.words, { set: draft.words.notDone(words) }, 'undone')
  }
  draft.trace.push({ id, does: 'if', from: words, clause })
  if (then.length === 0 && otherwise.length === 0) return
  const isTurned = then.length === 0
  place.list.push({
    comment: isTurned ? `unless “${words}”` : `“${words}”`,
    body: {
      id,
      name: draft.words.names.if ?? id,
      if: isTurned ? `!(${cel})` : cel,
      then: isTurned ? otherwise : then,
      ...(!isTurned && otherwise.length > 0 && { else: otherwise }),
    },
  })
}

/** The steps for each line item that was read. */
async function writeLines(
  draft: Draft,
  place: Place,
  { list, clause }: Extract<Statement, { kind: 'lines' }>,
  nearest?: Nearest,
): Promise<void> {
  if (!act(draft, place, { deed: 'analysis.extract', words: '', clause }))
    return draft.leaveOut('Line items: there is no operation that reads them.')
  const inner: Place = { ...place, list: [] }
  const id = draft.id('lines')
  await write(draft, inner, list, nearest)
  if (inner.list.length === 0) return
  draft.clause = clause
  draft.trace.push({ id, does: 'forEach', from: '', clause })
  const forEach = `\${{ default(${place.known.output('analysis.extract', '.lineItems')}, []) }}`
  place.list.push({ comment: 'Each line item.', body: { id, forEach, steps: inner.list } })
}

/** What the goal calls its documents is believed, not checked, unless something depends on it. */
function assumeClass(draft: Draft): void {
  const { classes, gated } = draft.understanding
  const believed = classes.filter((name) => !gated.includes(name))
  if (gated.length === 0 && believed.length > 0)
    draft.assume(
      `Every document is taken for what the goal speaks of (${believed.join(', ')}): none is left out by its class. Say “only …” to have others left out.`,
    )
}

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
  const acts = [...actsIn(statements)]
  const deeds = acts.map(({ deed }) => deed)
  if (deeds.some((deed) => deed === 'analysis.compare' || deed === 'analysis.digest')) return false
  return (
    trigger === 'email' ||
    trigger === 'upload' ||
    acts.some((doing) => doing.deed === 'action.mail' && doing.toSender) ||
    deeds.some((deed) => !WITHOUT_DOCUMENT.has(deed)) ||
    looksAtDocument(statements) ||
    !deeds.includes('analysis.answer')
  )
}

/** Whether a condition reads a document, not only what was asked and answered. */
const looksAtDocument = (statements: readonly Statement[]): boolean =>
  statements.some(
    (statement) =>
      statement.kind === 'lines' ||
      (statement.kind === 'if' && [...testsOf(statement.condition)].some(({ kind }) => kind !== 'flag')) ||
      listsOf(statement).some(looksAtDocument),
  )

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
  const { kind, clock } = draft.understanding.trigger
  if (clock === undefined) return { kind, how: HOW[kind](name) }
  draft.leaveOut(
    `“${clock.words.trim()}”: a workflow does not start itself by the clock; let a scheduler call POST /workflows/execute at ${clock.cron} (cron).`,
  )
  if (!clock.isExact) draft.assume(`No exact time was said: ${clock.cron} (cron) is a proposal.`)
  return { kind, how: HOW[kind](name), cron: clock.cron }
}
