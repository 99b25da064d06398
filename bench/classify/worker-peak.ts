import { execFileSync } from 'node:child_process'

const SAMPLE_MS = 250

interface Process {
  cpuSeconds: number
  residentMegabytes: number
}

/** Watches the workerd that this process has started; the answer tells what it has used since, and the most memory above the first. */
export function workerPeak(): () => Promise<Process> {
  const start = workerd()
  let most = start.residentMegabytes
  const timer = setInterval(() => {
    most = Math.max(most, workerd().residentMegabytes)
  }, SAMPLE_MS)
  return async () => {
    clearInterval(timer)
    const end = workerd()
    return {
      cpuSeconds: end.cpuSeconds - start.cpuSeconds,
      residentMegabytes: Math.max(most, end.residentMegabytes) - start.residentMegabytes,
    }
  }
}

function workerd(): Process {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,rss=,cputimes=,comm='], { encoding: 'utf8' }).split('\n')
  const found = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([parent, , , command]) => Number(parent) === process.pid && command === 'workerd')
  if (found.length === 0) throw new Error('This process has started no workerd.')
  return {
    cpuSeconds: found.reduce((sum, [, , seconds]) => sum + Number(seconds), 0),
    residentMegabytes: found.reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) / 1_024,
  }
}
