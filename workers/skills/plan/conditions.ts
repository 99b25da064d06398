import type { NamedField } from './fields'
import type { Flag } from './findings'
import { isException, type Piece } from './goal'
import { type Mentioned, type Test, type TestPlace, testsIn } from './tests'

/** Tests and how they are joined. */
export type Condition = { words: string } & (
  | { kind: 'test'; test: Test; negated: boolean }
  | { kind: 'all' | 'any'; of: Condition[]; negated: boolean }
  /** Words that ask for something nobody can tell. What depends on them is not done. */
  | { kind: 'unknown'; negated: boolean }
)

export interface Stated {
  condition: Condition
  /** Where in the piece what is to be done begins: what stands before has been read as the condition. */
  spans: Pick<TestPlace, 'start' | 'end' | 'known'>[]
  /** The piece asks: it is all condition up to the last test. */
  asks: boolean
}

const ASKS = /(?<![\p{L}])(?:if|when|whenever|unless|in case|provided|once|as soon as|wenn|falls|sofern|sobald|es sei denn)(?![\p{L}])/iu
/** A German question in place of "if": "Fehlt die Kundennummer, …". */
const VERB_FIRST =
  /^(?:und )?(?:ist|sind|fehl(?:t|en)|enthält|liegt|gibt es|hat|übersteigt|steht|kommt|handelt|stimmt|stimmen|lehnt)(?![\p{L}])/iu
/** What is spoken of, ahead of what is done with it. */
const SCOPE =
  /^(?:and |und |but |aber |but only |aber nur )?(?:only(?: for)?|nur(?: für| bei)?|for|bei|für|im falle? (?:von|einer|eines)|those|diejenigen|solche)(?![\p{L}])/iu
const EACH = /^(?:and |und )?(?:for|bei|für) (?:each|every|all|any|jede\p{L}*|alle)(?![\p{L}])/iu
/** "die nicht von der Muster GmbH ist", "that are above 500". */
const RELATIVE = /^(?:that|which|who|whose|die|der|das|deren)(?! (?:a|an|the|person|human|ein\p{L}*|mensch) )(?![\p{L}])/iu
const SCOPE_WITHIN = /(?<![\p{L}])(?:only|nur|außer|except(?: for)?|but not|mit|with|for) (?:for |für |bei )?/iu

/** A finding as the name of what is dealt with: "duplicates go to …", "verdächtige Mails an …". */
const FINDING_FIRST =
  /^(?:and |und |all |alle |any |new |forward |send |route |leite )*(?:duplicates?|dubletten|duplikate|suspicious|verdächtige\p{L}*|incomplete|unvollständige\p{L}*|angry|negative|positive)(?![\p{L}])[^⟦]*⟦/iu

/** Whether a piece asks, so that findings, classes and opinions in it are tests and no orders. */
export const asksIn = ({ text, joint }: Pick<Piece, 'text' | 'joint'>): boolean =>
  joint === 'condition' || ASKS.test(text) || VERB_FIRST.test(text) || SCOPE.test(text) || RELATIVE.test(text) || FINDING_FIRST.test(text)

/** The condition that a piece states, or undefined. `continues`: the piece before has opened one that this may go on with. */
export function conditionOf(piece: Pick<Piece, 'text' | 'joint'>, mentioned: Mentioned, continues: boolean): Stated | undefined {
  const { text } = piece
  const isScope = SCOPE.test(text)
  const asks = asksIn(piece) || continues
  const found = narrowed(testsIn(text, asks, mentioned), text, {
    isScope: isScope || RELATIVE.test(text),
    isEach: EACH.test(text),
    mentioned,
  })
  const first = found[0]
  if (first === undefined) return undefined
  const joined = joinTests(found, text)
  const condition = isException(text) ? { ...joined, negated: !joined.negated } : joined
  return { condition: { ...condition, words: text.slice(first.start, found.at(-1)?.end) }, spans: found, asks }
}

interface Reach {
  isScope: boolean
  isEach: boolean
  mentioned: Mentioned
}

/** Of "for invoices above 900" the number is the test and the class only what is spoken of; "for each invoice" tests nothing. */
function narrowed(found: TestPlace[], text: string, { isScope, isEach }: Reach): TestPlace[] {
  const others = found.filter(({ test }) => test.kind !== 'class')
  if (isEach) return others.filter(({ test }) => !(test.kind === 'flag'))
  if (isScope && others.some(({ test }) => test.kind === 'number') && found.length > others.length) return others
  return SCOPE_WITHIN.test(text) || found.length > 0 ? found : []
}

const NEGATES = /(?<![\p{L}])(?:not|no|never|neither|nor|nicht|kein\p{L}*|weder)(?![\p{L}])|n['’]t(?![\p{L}])/iu
/** Tests whose words go from their subject to their value, with a negation between. */
const HOLDS_NEGATION: ReadonlySet<string> = new Set(['text', 'sender', 'number', 'judged', 'pages'])
const AMOUNTS: ReadonlySet<string> = new Set(['number', 'judged', 'pages', 'line'])
/** "no more than" is an operator. */
const WITHIN = /(?:no|not) (?:more|less) than|not (?:so |quite |really )?(?:sure|certain|confident)|nicht (?:ganz )?sicher/giu
const NOT_JUST_BEFORE = /(?:(?<![\p{L}])(?:not|nicht)|n['’]t)\s+(?:\p{L}+\s+){0,2}$/iu
const OR = /(?<![\p{L}])(?:or|oder|nor|noch)(?![\p{L}])/iu

function joinTests(found: TestPlace[], text: string): Condition {
  const groups: Condition[][] = [[]]
  let end = 0
  for (const { test, start, end: to, turned = false, or = false } of found) {
    const between = text.slice(end, start)
    const own = HOLDS_NEGATION.has(test.kind) ? text.slice(start, to) : ''
    const before = AMOUNTS.has(test.kind) ? NOT_JUST_BEFORE : NEGATES
    const negated = (before.test(between) !== NEGATES.test(own.replace(WITHIN, ' '))) !== turned
    const leaf: Condition = { kind: 'test', test, words: text.slice(start, to), negated }
    const isNeither = test.kind === 'absent' && /neither|weder/i.test(text.slice(Math.max(0, start), to))
    if (groups.at(-1)?.length !== 0 && ((OR.test(between) && !isNeither) || or)) groups.push([leaf])
    else groups.at(-1)?.push(leaf)
    end = Math.max(end, to)
  }
  return either(groups.map((group) => every(sameClass(group))))
}

/** A document is of one class: "contracts and leases" are either. */
const sameClass = (group: Condition[]): Condition[] => {
  const classes = group.filter((one) => one.kind === 'test' && one.test.kind === 'class')
  if (classes.length < 2) return group
  return [
    ...group.filter((one) => !classes.includes(one)),
    { kind: 'any', of: classes, words: classes.map(({ words }) => words).join(', '), negated: false },
  ]
}

const every = (of: Condition[]): Condition => joined('all', of)
const either = (of: Condition[]): Condition => joined('any', of)

function joined(kind: 'all' | 'any', of: Condition[]): Condition {
  const [only, ...others] = of
  if (only !== undefined && others.length === 0) return only
  return { kind, of, negated: false, words: of.map(({ words }) => words).join(kind === 'all' ? ' and ' : ' or ') }
}

/** A condition with what the next piece adds: "… and …", "… or …". */
export const extended = (condition: Condition, more: Condition, piece: string): Condition =>
  joined(/^(?:or|oder)(?![\p{L}])/iu.test(piece) ? 'any' : 'all', [condition, more])

/** None of them. */
export const noneOf = (conditions: Condition[]): Condition => {
  const any = either(conditions)
  return { ...any, negated: !any.negated }
}

/** Every test of a condition. */
export function* testsOf(condition: Condition): Iterable<Test> {
  if (condition.kind === 'test') yield condition.test
  else if (condition.kind !== 'unknown') for (const one of condition.of) yield* testsOf(one)
}

/** What a condition is about, to tell alternatives from things that have nothing to do with each other. */
export const aboutOf = (condition: Condition): string =>
  [
    ...new Set(
      [...testsOf(condition)].map((test) =>
        test.kind === 'number' ? `number ${test.field.name}` : test.kind === 'flag' ? `flag ${test.flag}` : test.kind,
      ),
    ),
  ].join()

/** Fields that a condition reads. */
export const fieldsIn = (condition: Condition): NamedField[] =>
  [...testsOf(condition)].flatMap((test) => (test.kind === 'number' || test.kind === 'absent' || test.kind === 'text' ? [test.field] : []))

export const hasFlag = (condition: Condition, flag: Flag): boolean =>
  [...testsOf(condition)].some((test) => test.kind === 'flag' && test.flag === flag)

const classesIn = (condition: Condition): Set<string> =>
  new Set([...testsOf(condition)].flatMap((test) => (test.kind === 'class' ? [test.name] : [])))

/** Whether two conditions are alternatives: of one question, or of different classes. */
export function excludes(one: Condition, other: Condition): boolean {
  const [mine, its] = [classesIn(one), classesIn(other)]
  return aboutOf(one) === aboutOf(other) || (mine.size > 0 && its.size > 0 && [...mine].every((name) => !its.has(name)))
}
