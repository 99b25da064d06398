import type { Agent } from '../agents/agent'
import { AppError } from '../domain/error'
import type { WorkflowDefinition, WorkflowVersion } from '../domain/workflows'
import { checkSchema } from './json-schema'
import { normaliseSteps } from './parse/normalise'
import { checkOperations } from './parse/operations'
import { checkScope } from './parse/scope'
import { readShape } from './parse/shape'
import { invalidWorkflow, readSource } from './parse/source'
import { checkStructure } from './parse/structure'
import { checkUntrusted } from './parse/untrusted'

export interface ParseOptions {
  /** Agents that steps may name, by type. */
  agents: Record<string, Agent>
  builtIn?: boolean
  /** ISO 8601; the moment of parsing when absent. */
  now?: string
  /** Name of the file, for its problems. */
  file?: string
}

/**
 * Reads a workflow from YAML, checks it as a whole and fills in defaults; what it gives can be stored and run.
 * Throws AppError `invalid` (reason `workflow`) with every problem found, each with file, path, line, column and what to write instead;
 * `too_large` for more than 256 KB. Not checked: values that only a run knows.
 */
export async function parseWorkflow(text: string, options: ParseOptions): Promise<WorkflowVersion> {
  const { file } = options
  try {
    return await readWorkflow(text, options)
  } catch (thrown) {
    if (file === undefined || !(thrown instanceof AppError) || thrown.problems === undefined) throw thrown
    const { code, message, reason, problems } = thrown
    throw new AppError(code, message, { reason, problems: problems.map((problem) => ({ ...problem, file })) })
  }
}

async function readWorkflow(
  text: string,
  { agents, builtIn = false, now = new Date().toISOString() }: ParseOptions,
): Promise<WorkflowVersion> {
  const source = readSource(text)
  const { authored, unknown } = readShape(source)
  const normalised = normaliseSteps(authored.steps, source, agents)
  const { name, title = name, description, input, vars, outputs } = authored
  const definition: WorkflowDefinition = { name, title, description, input, vars, steps: normalised.steps, outputs }
  const told = new Set(unknown.map(({ path }) => path))
  const problems = [
    ...unknown,
    // A step of which the one telling key is misspelt says nothing, and that is told once.
    ...normalised.problems.filter(({ path }) => !told.has(path)),
    ...checkSchema(input).map(({ message }) => source.problem(['input'], message)),
    ...checkStructure(normalised, source),
    ...checkOperations(normalised, agents, source),
    ...checkUntrusted(normalised, source),
    // Steps that are not understood would make references to them look wrong.
    ...(normalised.problems.length === 0 ? checkScope(definition, normalised.places, source) : []),
  ]
  if (problems.length > 0)
    throw invalidWorkflow(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)))
  return { name, version: await versionOf(text), source: text, definition, createdAt: now, builtIn }
}

/** First 16 hex characters of the SHA-256 of the text. */
async function versionOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
