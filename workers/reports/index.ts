import { AppError } from '../domain/error'
import type { Report } from '../domain/reports'
import { blocks } from './blocks'
import { documentReport } from './document-report'
import { withEvidence } from './figure-evidence'
import { inboxDigest } from './inbox-digest'
import type { Template, TemplateContext } from './template'

/** Every report template, by name. A new one is its file and one line here. */
export const templates: Record<string, Template> = { 'document-report': documentReport, 'inbox-digest': inboxDigest, blocks }

/** The report that a template makes of its input. Refuses an unknown template and an input that does not fit with `invalid`. */
export function buildReport(name: string, input: unknown, context: TemplateContext): Report {
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined
  if (!template) throw new AppError('invalid', `There is no report template "${name}": use one of ${Object.keys(templates).join(', ')}.`)
  const parsed = template.input.safeParse(input)
  if (parsed.success) {
    const built = template.build(parsed.data, context)
    return template.needsEvidence ? withEvidence(built) : built
  }
  const problems = parsed.error.issues.map((issue) => ({ path: ['data', ...issue.path].join('.'), message: issue.message }))
  throw new AppError('invalid', `The data do not fit the report template "${name}": correct the fields named below.`, { problems })
}
