import type { Agent } from '../agents/agent'
import type { WorkflowVersion } from '../domain/workflows'
import documentIntake from './document-intake.yaml'
import evaluate from './evaluate.yaml'
import inboxDigest from './inbox-digest.yaml'
import jsonRelay from './json-relay.yaml'
import { parseWorkflow } from './parse'

/** The text of each workflow that is shipped. A new one is its file and one line here. */
const SOURCES: string[] = [documentIntake, evaluate, inboxDigest, jsonRelay]

/** The built-in workflows, checked like any other. */
export async function builtInWorkflows(agents: Record<string, Agent>): Promise<WorkflowVersion[]> {
  return await Promise.all(SOURCES.map((source) => parseWorkflow(source, { agents, builtIn: true })))
}
