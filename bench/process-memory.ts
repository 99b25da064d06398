import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Resident megabytes of the workerd of a process group, as the operating system counts them. */
export async function workerMegabytes(group: number): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,rss=,comm='])
  return residentMegabytes(stdout, group)
}

/** Of lines `group kilobytes command`; throws when no workerd is among them, so that a process that has ended is not taken for a slim one. */
export function residentMegabytes(listing: string, group: number): number {
  const sizes = listing.split('\n').flatMap((line) => {
    const [, pgid, kilobytes, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(pgid) === group && /workerd\s*$/.test(command ?? '') ? [Number(kilobytes)] : []
  })
  if (sizes.length === 0) throw new Error(`Process group ${group} has no workerd.`)
  return sizes.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1_024
}
