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
      .describe(`Class of the document; empty where a run has none, \`${OTHERS}\` where fewer than ${SMALLEST_GROUP} runs were of it.`),
    status: z.enum(RUN_STATUSES),
    runs: z.int(),
    costMicroUsd: z.int(),
  })
  .meta({ id: 'DayCount' })
export type DayCount = z.infer<typeof DayCount>

/**
 * Counts in which every class and workflow stands for at least `SMALLEST_GROUP` runs of the whole time; smaller ones are counted together
 * as `others`, and left out where even these are too few.
 */
export function anonymised(counts: readonly DayCount[]): DayCount[] {
  const byClass = merged(hideSmall(counts, 'class'))
  const hidden = merged(hideSmall(byClass, 'workflow'))
  const tooFew = new Set(
    (['class', 'workflow'] as const).flatMap((name) =>
      (totals(hidden, name).get(OTHERS) ?? SMALLEST_GROUP) < SMALLEST_GROUP ? [name] : [],
    ),
  )
  return hidden.filter((row) => ![...tooFew].some((name) => row[name] === OTHERS))
}

function hideSmall(counts: readonly DayCount[], name: 'class' | 'workflow'): DayCount[] {
  const runs = totals(counts, name)
  return counts.map((row) => (row[name] === '' || (runs.get(row[name]) ?? 0) >= SMALLEST_GROUP ? row : { ...row, [name]: OTHERS }))
}

function totals(counts: readonly DayCount[], name: 'class' | 'workflow'): Map<string, number> {
  const runs = new Map<string, number>()
  for (const row of counts) runs.set(row[name], (runs.get(row[name]) ?? 0) + row.runs)
  return runs
}

function merged(counts: readonly DayCount[]): DayCount[] {
  const rows = new Map<string, DayCount>()
  for (const row of counts) {
    const key = JSON.stringify([row.day, row.workflow, row.class, row.status])
    const known = rows.get(key)
    rows.set(key, known ? { ...known, runs: known.runs + row.runs, costMicroUsd: known.costMicroUsd + row.costMicroUsd } : row)
  }
  return [...rows.values()]
}
