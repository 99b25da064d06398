import * as z from 'zod'
import type { Json } from '../domain/json'
import type { PlanOperation } from '../skills/plan/schema'
import type { Agent } from './agent'

/** What workflows can be made of, as the skill `plan` takes it: every operation with the JSON Schema of its input. */
export const catalogueOf = (agents: Record<string, Agent>): PlanOperation[] =>
  Object.values(agents).flatMap(({ type, operations }) =>
    Object.entries(operations).map(([operation, { summary, input, hasEffects = false }]) => ({
      agent: type,
      operation,
      summary,
      hasEffects,
      input: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Record<string, Json>,
    })),
  )
