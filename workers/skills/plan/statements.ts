import { type Condition, noneOf } from './conditions'
import type { Deed } from './cues'
import { isRefrained, type Refrain } from './refrains'
import type { Send } from './sends'

/** One thing to be done. `clause` is the number of the piece that says it. */
export type Act = (Send | { deed: Deed; words: string } | { deed: 'beyond'; words: string; about: string[] }) & {
  clause: number
  /** What a `wait` waits for. */
  event?: string
}

export type Statement =
  | { kind: 'act'; act: Act }
  | If
  | { kind: 'lines'; clause: number; list: Statement[] }
  | { kind: 'refrain'; clause: number; words: string; from: Refrain['from'] }

export interface If {
  kind: 'if'
  clause: number
  condition: Condition
  then: Statement[]
  else: Statement[]
}

export const isIf = (statement: Statement): statement is If => statement.kind === 'if'

/** Lists within a statement. */
export const listsOf = (statement: Statement): Statement[][] =>
  statement.kind === 'if' ? [statement.then, statement.else] : statement.kind === 'lines' ? [statement.list] : []

/** Every act below some statements, in order. */
export function* actsIn(statements: readonly Statement[]): Iterable<Act> {
  for (const statement of statements)
    if (statement.kind === 'act') yield statement.act
    else for (const list of listsOf(statement)) yield* actsIn(list)
}

/**
 * "Answer mails from the handbook. If one is suspicious, do not answer": what is forbidden under a condition is done only without it,
 * wherever in the same list it stands.
 */
export function withRefrains(statements: Statement[]): Statement[] {
  let list = statements.map((statement) =>
    statement.kind === 'if'
      ? { ...statement, then: withRefrains(statement.then), else: withRefrains(statement.else) }
      : statement.kind === 'lines'
        ? { ...statement, list: withRefrains(statement.list) }
        : statement,
  )
  for (const statement of list.filter(isIf)) {
    const refrain = statement.then.find((one) => one.kind === 'refrain')
    if (refrain === undefined || statement.else.length > 0) continue
    list = list.map((other) => (other === statement ? other : guarded(other, refrain, statement.condition)))
  }
  return list
}

function guarded(statement: Statement, refrain: Extract<Statement, { kind: 'refrain' }>, condition: Condition): Statement {
  const isMeant = statement.kind === 'act' && isRefrained(refrain.from, statement.act.deed)
  return isMeant ? { kind: 'if', clause: refrain.clause, condition: noneOf([condition]), then: [statement], else: [] } : statement
}
