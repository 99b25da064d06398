import { action } from './action'
import type { Agent } from './agent'
import { analysis } from './analysis'
import { ingestion } from './ingestion'
import { quality } from './quality'
import { report } from './report'

/** Every agent, by type. A new one is its file and one line here. */
export const agents: Record<string, Agent> = { ingestion, analysis, quality, report, action }
