import { Liquid, type Template } from 'liquidjs'
import type { ExpressionScope } from '../../domain/workflows'
import { badExpression, MAX_EXPRESSION_CHARACTERS, MAX_TEXT_CHARACTERS } from './limits'
import { memoise } from './memo'
import type { Reference } from './references'

export interface CompiledLiquid {
  references: Reference[]
  render(scope: ExpressionScope): string
}

/** Long mails and letters are templates, so they may be longer than a condition. */
const MAX_TEMPLATE_CHARACTERS = 8 * MAX_EXPRESSION_CHARACTERS
/** Tags and outputs rendered by one template: some tens of milliseconds. */
const MAX_RENDERED_NODES = 50_000
/** Last brake for what the counts above do not see. Far above what a template within them takes. */
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
    outputEscape: (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value) as string,
  })
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag]
  delete liquid.filters.sample
  for (const name of ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string']) refuseNow(liquid, name)
  return liquid
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
  try {
    rendered = engine.renderSync(templates, { ...scope }, { templateLimit: MAX_RENDERED_NODES })
  } catch (error) {
    throw explain(text, error)
  }
  const output = String(rendered)
  if (output.length <= MAX_TEXT_CHARACTERS) return output
  throw badExpression(text, `the text is longer than ${MAX_TEXT_CHARACTERS / 1024} KB; take a part of the values`)
}

function explain(text: string, error: unknown) {
  const message = error instanceof Error ? error.message : String(error)
  const undefinedVariable = /undefined variable: ([^,]+)/.exec(message)
  if (undefinedVariable)
    return badExpression(text, `${undefinedVariable[1]} is missing; write {{ ${undefinedVariable[1]} | default: "…" }}`, error)
  return badExpression(text, message.replace(/, line:\d+, col:\d+.*$/s, ''), error)
}
