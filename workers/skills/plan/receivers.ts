import { parse } from 'yaml'
import type { Problem } from '../../domain/error'
import { readGoal } from './goal'

const MAIL = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/giu
const URL_START = /(?:https?:)?\/\/[^\s"'<>{}()]+/giu
/** Arguments that say who gets something, by the step that takes them. */
const RECEIVING: readonly { of: (step: Members) => boolean; paths: readonly (readonly string[])[] }[] = [
  { of: ({ agent, operation }) => agent === 'action' && operation === 'mail', paths: [['input', 'to']] },
  {
    of: ({ agent, operation }) => agent === 'action' && operation === 'webhook',
    paths: [
      ['input', 'url'],
      ['input', 'reconcileUrl'],
    ],
  },
  { of: ({ http }) => http !== undefined, paths: [['http', 'url']] },
]
type Members = { [key: string]: unknown }

/**
 * Receivers of a workflow that its goal does not name. Sure of: every address and URL in constants, inputs and steps stands in the goal,
 * and who gets a mail, a webhook or a request is one of these, an input of the run, or the sender of the mail that started it. Nothing is
 * said about operations of other agents whose arguments hold no address.
 */
export function strangersIn(source: string, goal: string): Problem[] {
  const { mails, urls } = readGoal(goal)
  const { vars, steps, input } = membersOf(parse(source))
  const named: Named = { mails: new Set(mails.map((mail) => mail.toLowerCase())), urls, vars: membersOf(vars) }
  const texts = [
    ...textsIn(vars, 'vars'),
    ...textsIn(steps, 'steps'),
    ...textsIn(input, 'input').filter(({ path }) => !path.endsWith('.$schema')),
  ]
  const written = texts.flatMap(({ path, text }) =>
    [...text.matchAll(MAIL), ...text.matchAll(URL_START)].flatMap(([address]) =>
      isNamed(address, named) ? [] : [stranger(path, address)],
    ),
  )
  return [...written, ...stepsIn(steps, 'steps').flatMap(({ path, step }) => unboundIn(step, path, named))]
}

interface Named {
  mails: ReadonlySet<string>
  urls: readonly string[]
  vars: Members
}

/** An address of the goal, or a page below a URL of it. */
const isNamed = (address: string, { mails, urls }: Named): boolean =>
  mails.has(address.toLowerCase()) ||
  urls.some((known) => address === known || ['/', '?'].some((next) => address.startsWith(known.endsWith('/') ? known : `${known}${next}`)))

const stranger = (path: string, address: string): Problem => ({
  path,
  message: `'${address}' is not named by the goal: use only addresses that stand in it, or leave the variable empty`,
})

const membersOf = (value: unknown): Members => (typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {})

function textsIn(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (Array.isArray(value)) return value.flatMap((one, index) => textsIn(one, `${path}[${index}]`))
  return Object.entries(membersOf(value)).flatMap(([key, one]) => textsIn(one, `${path}.${key}`))
}

/** Every step, wherever it is nested. */
function stepsIn(value: unknown, path: string): { path: string; step: Members }[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => stepsIn(one, `${path}[${index}]`))
  const step = membersOf(value)
  const own = typeof step.id === 'string' ? [{ path, step }] : []
  return [...own, ...Object.entries(step).flatMap(([key, one]) => (typeof one === 'object' ? stepsIn(one, `${path}.${key}`) : []))]
}

function unboundIn(step: Members, path: string, named: Named): Problem[] {
  const paths = RECEIVING.filter(({ of }) => of(step)).flatMap((one) => one.paths)
  return paths.flatMap(([outer = '', inner = '']) =>
    textsIn(membersOf(step[outer])[inner], `${path}.${outer}.${inner}`)
      .filter(({ text }) => !isBound(text, named))
      .map((found) => ({
        path: found.path,
        message:
          'who gets this must be an address of the goal, a constant that holds one (vars.x), an input (input.x) or the sender of the mail (metadata.from)',
      })),
  )
}

const EXPRESSION = /^\$?\{\{(?<inner>[^{}]*)\}\}/
/** What may follow an address: a path or a query of the same host. */
const BELOW = /^(?:[/?][\s\S]*)?$/

/** An address of the goal, or one expression that reads a constant with such an address, an input, or the sender. */
function isBound(text: string, named: Named): boolean {
  const expression = EXPRESSION.exec(text)
  if (expression === null) return text === '' || isNamed(text.replace(/\{\{[\s\S]*$/, ''), named)
  return BELOW.test(text.slice(expression[0].length)) && readsNamed(expression.groups?.inner ?? '', named)
}

const READS = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g
const CALLS = /\b(?:default|contains|split|trim|lower|first|last|null)\b/g

function readsNamed(expression: string, named: Named): boolean {
  const bare = expression.replace(/"[<>, ]{0,2}"|'[<>, ]{0,2}'/g, ' ')
  // Put together from parts, an address could be anybody's.
  if (/["'+]/.test(bare)) return false
  const read = new Set(
    (bare.match(READS) ?? []).map((path) => path.replace(CALLS, '').replace(/^\.+|\.+$/g, '')).filter((path) => path !== ''),
  )
  return read.size === 1 && [...read].every((path) => isTrusted(path, named))
}

function isTrusted(path: string, named: Named): boolean {
  if (/^input\.\w+$/.test(path) || /^steps\.\w+\.output\.metadata\.from$/.test(path)) return true
  const name = /^vars\.(?<name>\w+)$/.exec(path)?.groups?.name
  if (name === undefined || !Object.hasOwn(named.vars, name)) return false
  return textsIn(named.vars[name], '').every(({ text }) => text === '' || isNamed(text, named))
}
