import * as z from 'zod'
import { RUN_STATUSES } from './runs'

/** Groups of fewer runs could be about one person, so they are shown together. */
export const SMALLEST_GROUP = 5
/** What stands for the names of groups that are too small. */
export const OTHERS = 'others'

/** Runs of a day, workflow, document class and status. */
export const DayCount = z
  .object({
    day: z.iso.date(),
    workflow: z.string(),
    class: z
      .string()
      .describe(
        `Class of the document; empty where a run has none, \`${OTHERS}\` for classes with fewer than ${SMALLEST_GROUP} runs of the row.`,
      ),
    status: z.enum(RUN_STATUSES),
    runs: z.int(),
    costMicroUsd: z.int(),
  })
  .meta({ id: 'DayCount' })
export type DayCount = z.infer<typeof DayCount>

/**
 * Counts in which every row stands for at least `SMALLEST_GROUP` runs. Smaller ones are counted together: first those of a day, workflow
 * and status, as the class `others`, then those of a day and status, as the workflow `others`; what is too small even so is left out.
 * Which runs stand in a row does not depend on the time that was asked for, so the difference of two answers tells no more than they do.
 */
export function anonymised(counts: readonly DayCount[]): DayCount[] {
  const byWorkflow = merged(counts.map((row) => (isSmall(row) ? { ...row, class: OTHERS } : row)))
  const byDay = merged(byWorkflow.map((row) => (isSmall(row) ? { ...row, workflow: OTHERS, class: OTHERS } : row)))
  return byDay.filter((row) => !isSmall(row))
}

const isSmall = ({ runs }: DayCount): boolean => runs < SMALLEST_GROUP

function merged(counts: readonly DayCount[]): DayCount[] {
  const rows = new Map<string, DayCount>()
  for (const row of counts) {
    const key = JSON.stringify([row.day, row.workflow, row.class, row.status])
    const known = rows.get(key)
    rows.set(key, known ? { ...known, runs: known.runs + row.runs, costMicroUsd: known.costMicroUsd + row.costMicroUsd } : row)
  }
  return [...rows.values()]
}
