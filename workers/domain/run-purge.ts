import { AppError } from './error'
import { type LegalHold, refuseHeld } from './legal-holds'
import { isTerminal, type RunStatus } from './runs'

export interface PurgedRun {
  files: number
  reports: number
}
/** Destroys a run with everything that it left. */
export type RunPurge = (runId: string) => Promise<PurgedRun>

export interface RunPurgeDeps {
  findHold(runId: string): Promise<LegalHold | undefined>
  /** Of the list row; undefined when there is none. */
  findStatus(runId: string): Promise<RunStatus | undefined>
  listReports(runId: string): Promise<string[]>
  /** Destroys the run's object. */
  purgeObject(runId: string): Promise<void>
  /** Removes every file below the key; gives how many. */
  removeFilesBelow(prefix: string): Promise<number>
  /** Rows of the run in every table; the list row goes with them. */
  removeRows(runId: string): Promise<void>
}

/**
 * Destroys a run: its object with log, steps and effects, its files, its reports, its rows. The row goes last, so a purge that broke
 * off is found and repeated. Refuses `conflict` for a run that is held or not at its end.
 */
export const createRunPurge =
  (deps: RunPurgeDeps): RunPurge =>
  async (runId) => {
    const status = await deps.findStatus(runId)
    if (status === undefined) throw new AppError('not_found', 'There is no run with that id.')
    refuseHeld(await deps.findHold(runId))
    if (!isTerminal(status))
      throw new AppError('conflict', `Run ${runId} is at work; wait for its end, or cancel it with DELETE /api/v1/runs/${runId}.`, {
        reason: 'run_at_work',
      })
    await deps.purgeObject(runId)
    let files = await deps.removeFilesBelow(`runs/${runId}/`)
    const reports = await deps.listReports(runId)
    for (const reportId of reports) files += await deps.removeFilesBelow(`reports/${reportId}/`)
    await deps.removeRows(runId)
    return { files, reports: reports.length }
  }
