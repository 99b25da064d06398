import { Context, Drop, defaultOperators, Liquid, type Template } from 'liquidjs'
import type { ExpressionScope } from '../../domain/workflows'
import { adviseLiquid } from './advice'
import { badExpression, MAX_EXPRESSION_CHARACTERS, MAX_TEXT_CHARACTERS } from './limits'
import { memoise } from './memo'
import type { Reference } from './references'
import { refillWork, spendDeep, spendWork, WORK_REFUSAL, weightOf } from './work'

export interface CompiledLiquid {
  references: Reference[]
  render(scope: ExpressionScope): string
}

/** Long mails and letters are templates, so they may be longer than a condition. */
const MAX_TEMPLATE_CHARACTERS = 8 * MAX_EXPRESSION_CHARACTERS
/** Units of work of rendering one tag, output or text: 50,000 of them are all that a template may render. */
const NODE_WORK = 20
/** Units of what a filter does with each item of a list, as reading a property of it. */
const ITEM_WORK = 4
/** Last brake for what the counts do not see, where the clock goes on: in a deployed Worker it stands still. */
const MAX_RENDER_MS = 2_000

/** Compiles a Liquid text, or throws AppError `invalid`. Compiled texts are kept for reuse. */
export const compileLiquid: (text: string) => CompiledLiquid = memoise(500, compile)

const engine = createEngine()

/**
 * Own properties only, nothing loaded from files, no clock and no random source, so a text gives the same in a replay.
 * Values are not escaped: they go into mails and fields, not into pages; objects and lists print as JSON.
 */
function createEngine(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    templates: {},
    timezoneOffset: 0,
    locale: 'en-US',
    parseLimit: MAX_TEMPLATE_CHARACTERS,
    renderLimit: MAX_RENDER_MS,
    memoryLimit: 4 * MAX_TEXT_CHARACTERS,
    operators: weighedOperators(),
    outputEscape: (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value) as string,
  })
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag]
  delete liquid.filters.sample
  for (const name of ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string']) refuseNow(liquid, name)
  for (const name of Object.keys(liquid.filters)) weighFilter(liquid, name)
  weighRendering(liquid)
  return liquid
}

const spend = (units: number): void => {
  if (!spendWork(units)) throw new Error(WORK_REFUSAL)
}

/** Whatever is rendered, a loop's turn with nothing in it too, counts. */
function weighRendering({ renderer }: Liquid): void {
  const renderTemplates = renderer.renderTemplates.bind(renderer)
  renderer.renderTemplates = (templates, context, emitter) => {
    spend(NODE_WORK * (1 + templates.length))
    return renderTemplates(templates, context, emitter)
  }
}

/** A filter pays for its value and arguments before it reads them. */
function weighFilter(liquid: Liquid, name: string): void {
  const filter = liquid.filters[name]
  if (filter === undefined) return
  const handler = typeof filter === 'function' ? filter : filter.handler
  const weighed: typeof handler = function (value: unknown, ...args: unknown[]) {
    const items = Array.isArray(value) ? value.length * ITEM_WORK : 0
    spend([value, ...args].reduce((total: number, part) => total + weightOf(part), items))
    return handler.call(this, value, ...args)
  }
  liquid.registerFilter(name, typeof filter === 'function' ? weighed : { ...filter, handler: weighed })
}

/** Comparisons read both sides, lists with all that they hold; `contains` searches the left one. */
function weighedOperators(): typeof defaultOperators {
  const weighed = { ...defaultOperators }
  for (const name of ['==', '!=', '<', '>', '<=', '>=', 'contains']) {
    const operate = defaultOperators[name]
    if (operate === undefined) throw new Error(`Liquid has no operator '${name}' any more; adapt the list`)
    weighed[name] = (left: unknown, right: unknown, context) => {
      if (!spendDeep(left)) throw new Error(WORK_REFUSAL)
      return operate(left, right, context)
    }
  }
  return weighed
}

/** Of the engine's own objects, as `forloop` is one, only what their class offers is read: not its prototype or constructor. */
class MemberContext extends Context {
  override readProperty(value: Parameters<Context['readProperty']>[0], key: Parameters<Context['readProperty']>[1]): unknown {
    return value instanceof Drop && !offers(value, String(key)) ? undefined : super.readProperty(value, key)
  }
}

function offers(drop: Drop, key: string): boolean {
  if (key === 'constructor') return false
  for (let level: unknown = drop; level instanceof Drop; level = Object.getPrototypeOf(level)) if (Object.hasOwn(level, key)) return true
  return false
}

function refuseNow(liquid: Liquid, name: string): void {
  const filter = liquid.filters[name]
  if (typeof filter !== 'function') throw new Error(`Liquid has no filter '${name}' any more; adapt the list of date filters`)
  liquid.registerFilter(name, function (value: unknown, ...args: unknown[]) {
    if (value === 'now' || value === 'today') throw new Error(`'${value}' differs from run to run; use run.startedAt`)
    return filter.call(this, value, ...args)
  })
}

function compile(text: string): CompiledLiquid {
  if (text.length > MAX_TEMPLATE_CHARACTERS)
    throw badExpression(text, `a text with {{ … }} may have ${MAX_TEMPLATE_CHARACTERS} characters; shorten it`)
  try {
    const templates = engine.parse(text)
    return { references: engine.globalVariableSegmentsSync(templates).map(reference), render: (scope) => render(text, templates, scope) }
  } catch (error) {
    throw explain(text, error)
  }
}

/** Liquid nests the segments of a dynamic index as a list; the path then ends in `undefined`. */
const reference = (segments: readonly unknown[]): Reference =>
  segments.map((part) => (typeof part === 'string' || typeof part === 'number' ? String(part) : undefined))

function render(text: string, templates: Template[], scope: ExpressionScope): string {
  let rendered: unknown
  refillWork()
  try {
    rendered = engine.renderSync(
      templates,
      new MemberContext({ __proto__: null, ...scope }, engine.options, { sync: true }, { liquid: engine }),
    )
  } catch (error) {
    throw explain(text, error)
  }
  const output = String(rendered)
  if (output.length <= MAX_TEXT_CHARACTERS) return output
  throw badExpression(text, `the text is longer than ${MAX_TEXT_CHARACTERS / 1024} KB; take a part of the values`)
}

/** A message may quote a value. */
const MAX_MESSAGE_CHARACTERS = 300

function explain(text: string, error: unknown) {
  const whole = error instanceof Error ? error.message : String(error)
  const message = whole.replace(/, line:\d+, col:\d+.*$/s, '').slice(0, MAX_MESSAGE_CHARACTERS)
  const undefinedVariable = /undefined variable: ([^,]+)/.exec(message)
  if (undefinedVariable)
    return badExpression(text, `${undefinedVariable[1]} is missing; write {{ ${undefinedVariable[1]} | default: "…" }}`, error)
  const known = { filters: Object.keys(engine.filters), tags: Object.keys(engine.tags) }
  return badExpression(text, adviseLiquid(text, message, known), error)
}
