import type { Agent } from '../agents/agent'
import type { WorkflowVersion } from '../domain/workflows'
import { parseWorkflow } from './parse'

/** The text of each workflow that is shipped. A new one is its file and one line here. */
const SOURCES: string[] = [
`name: json-relay
title: JSON relay
description: x
input: { type: object }
steps:
  - id: double
    set: { n: "\${{ input.n * 2 }}" }
outputs: { n: "\${{ steps.double.output.n }}" }
`]

/** The built-in workflows, checked like any other. */
export async function builtInWorkflows(agents: Record<string, Agent>): Promise<WorkflowVersion[]> {
  return await Promise.all(SOURCES.map((source) => parseWorkflow(source, { agents, builtIn: true })))
}
