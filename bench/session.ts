import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleScripts } from '../scripts/bundle.ts'
import { createDemoTenant } from '../scripts/client.ts'
import { freePort, root, wranglerEnv } from '../scripts/launch.ts'
import { bundleFloors } from './floor/floor.ts'

const READY_TIMEOUT_MS = 60_000
const started = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of started) signalGroup(child, 'SIGKILL')
})

export interface Session {
  url: string
  apiKey: string
  /** The process group of the served process and its workerd; another after a restart. */
  group(): number
  /** What the served process prints. */
  logFile: string
  /** Serves again on the same port and data. */
  restart(): Promise<void>
  /** SIGKILL for the process and its workerd, as a power cut would do it. */
  kill(): Promise<void>
  /** Kills and removes the data. */
  end(): Promise<void>
}

interface SessionOptions {
  /** For all isolates of the process, beside those that they are served with. */
  v8Flags?: string
  /** Opens the inspector of the isolates there. */
  inspectorPort?: number
}

/** Bundles, serves in a process of its own on a fresh data folder, and makes a tenant. */
export async function openSession(say: (line: string) => void, { v8Flags = '', inspectorPort }: SessionOptions = {}): Promise<Session> {
  say('bundling')
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'))
  await Promise.all([bundleScripts(undefined, join(folder, 'scripts')), bundleFloors(join(folder, 'scripts'))])
  mkdirSync(join(root, 'out'), { recursive: true })
  const logFile = join(root, 'out', 'bench-serve.log')
  const log = createWriteStream(logFile)
  const port = await freePort()
  const serveHere = () => serve({ port, folder, log, v8Flags, ...(inspectorPort !== undefined && { inspectorPort }) })
  let child = await serveHere()
  const tenant = await createDemoTenant(child.served, { slug: 'bench', name: 'Bench' })
  const kill = async () => {
    const gone = new Promise<void>((resolve) => child.process.once('exit', () => resolve()))
    if (child.process.exitCode !== null || child.process.signalCode !== null) return
    signalGroup(child.process, 'SIGKILL')
    await gone
  }
  return {
    url: child.served.url,
    apiKey: tenant.apiKey,
    group: () => child.process.pid ?? Number.NaN,
    logFile,
    kill,
    restart: async () => {
      child = await serveHere()
    },
    end: async () => {
      await kill()
      log.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Served {
  url: string
  adminToken: string
}

interface Serving {
  port: number
  folder: string
  log: NodeJS.WritableStream
  v8Flags: string
  inspectorPort?: number
}

/** Starts the process and waits for its READY line. */
async function serve({ port, folder, log, v8Flags, inspectorPort }: Serving): Promise<{ process: ChildProcess; served: Served }> {
  const env = wranglerEnv()
  const child = spawn(
    process.execPath,
    [
      ...[join(root, 'bench/serve-child.ts'), String(port), join(folder, 'state'), join(folder, 'scripts')],
      ...(inspectorPort === undefined ? [] : [String(inspectorPort)]),
    ],
    {
      cwd: root,
      env: { ...env, MINIFLARE_WORKERD_V8_FLAGS: `${env.MINIFLARE_WORKERD_V8_FLAGS} ${v8Flags}`.trim() },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  )
  started.add(child)
  child.once('exit', () => started.delete(child))
  child.stderr.pipe(log, { end: false })
  const served = await new Promise<Served>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`Steward was not ready within ${READY_TIMEOUT_MS / 1000} s; see the log.`)),
      READY_TIMEOUT_MS,
    )
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      log.write(piece)
      rest += piece
      const found = /^READY (.*)$/m.exec(rest)
      if (found?.[1] === undefined) return
      rest = ''
      clearTimeout(late)
      resolve(JSON.parse(found[1]) as Served)
    })
    child.once('exit', () => reject(new Error('Steward ended before it was ready; see the log.')))
  })
  return { process: child, served }
}

/** workerd is a child of the process, so the whole group is ended. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal)
}
