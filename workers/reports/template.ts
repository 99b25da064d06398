import type * as z from 'zod'
import type { Report } from '../domain/reports'

/** What a template knows of its surroundings: how the tenant writes, and when. */
export interface TemplateContext {
  /** BCP 47 */
  locale: string
  /** ISO 4217, for amounts that name none themselves. */
  currency: string
  /** IANA name, for times of day. */
  timeZone: string
  /** ISO 8601 */
  createdAt: string
  /** The title asked for, in place of the template's own. */
  title?: string
}

export interface Template<Input extends z.ZodType = z.ZodType> {
  /** Lower-case words joined by dashes; what a workflow writes. */
  name: string
  /** One sentence for docs and the dashboard. */
  summary: string
  input: Input
  /** A valid input, used by docs and by the contract test. */
  example: z.input<Input>
  /** Its statements come from outside: a figure without a source that is not called `own` counts as unverified. */
  needsEvidence?: true
  /** Pure: the same input and context give the same report. */
  build(input: z.output<Input>, context: TemplateContext): Report
}

/**
 * Declares a report template. Text of the input is data: it is shown, never interpreted.
 * @example
 * defineTemplate({ name: 'greeting', summary: 'Says hello.', input: z.object({ who: z.string() }), example: { who: 'Ada' },
 *   build: ({ who }, { locale, createdAt }) =>
 *     ({ title: 'Greeting', subtitle: '', locale, createdAt, citations: [], blocks: [{ kind: 'text', text: `Hello ${who}.` }] }) })
 */
export const defineTemplate = <Input extends z.ZodType>(template: Template<Input>): Template<Input> => template
