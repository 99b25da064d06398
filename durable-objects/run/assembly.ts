import type { Ports } from '../../workers/domain/ports'
import type { Dispatch } from '../../workers/domain/runs'
import { Aftermath } from './aftermath'
import { Driver } from './driver'
import { EventArchive } from './event-archive'
import { Outputs } from './outputs'
import { RunSaver } from './run-saver'
import { Sources } from './sources'
import { RunState } from './state'
import { Supervisor } from './supervisor'

/** What the parts of a run need of the object that holds them. */
export interface Host {
  sql: SqlStorage
  ports(): Ports
  dispatch(dispatch: Dispatch): Promise<void>
  commit<T>(change: () => T): T
  waitUntil(promise: Promise<unknown>): void
}

export interface RunParts {
  state: RunState
  archive: EventArchive
  saver: RunSaver
  aftermath: Aftermath
  driver: Driver
}

/** The parts of one run, tied to each other. `runId` is needed until the run's row is there. */
export function assemble(host: Host, runId?: string): RunParts {
  const { sql, commit, waitUntil } = host
  const files = () => host.ports().files
  const state: RunState = new RunState(
    sql,
    new Outputs(files, () => runId ?? state.run.id),
    () => host.ports().clock.now(),
    (kind) => host.ports().newId(kind),
    Math.random,
    new Sources(() => host.ports()),
  )
  const saver = new RunSaver(sql)
  const supervisor = new Supervisor({ state, saver, commit })
  const driver = new Driver({ state, supervisor, commit, waitUntil })
  const archive = new EventArchive({ sql, tables: state.archived, log: state.events, files, runId: () => state.run.id, commit })
  const aftermath = new Aftermath({ ...host, state, archive, drive: () => void driver.drive() })
  return { state, archive, saver, aftermath, driver }
}
