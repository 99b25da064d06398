import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '..')
const run = promisify(execFile)
const CONFIGS = ['wrangler.toml', 'workers/agents/wrangler.toml', 'workers/models/wrangler.toml']
/** Development, demo and tests call receivers on this machine. No settings file says so: what serves tenants is not to call itself. */
const LOCAL_VARS = { ALLOW_LOOPBACK: 'true' }
const READY_TIMEOUT_MS = 90_000
const STOP_TIMEOUT_MS = 5_000
/** Whatever ends this process ends what it has started. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
})

export interface Steward {
  url: string
  adminToken: string
  /** Everything the Worker printed. */
  log(): string
  stop(): Promise<void>
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>
}

export interface LaunchOptions {
  /** Where D1, R2 and the objects are kept. */
  persistTo: string
  port?: number
  /** Printed lines of the Worker, as they come. */
  onLine?: (line: string) => void
}

/**
 * Starts the three scripts under `wrangler dev` on this machine, without account or network, and waits until `/ready` says so. They may
 * call hosts on loopback.
 */
export async function launchSteward(options: LaunchOptions): Promise<Steward> {
  const port = options.port ?? (await freePort())
  const secrets = localSecrets()
  await migrate(options.persistTo)
  const lines: string[] = []
  const child = startWrangler(port, options.persistTo, (line) => {
    lines.push(line)
    options.onLine?.(line)
  })
  const url = `http://127.0.0.1:${port}`
  await untilReady(url, child, () => lines.slice(-40).join('\n'))
  return {
    url,
    adminToken: secrets.STEWARD_ADMIN_TOKEN,
    log: () => lines.join('\n'),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  }
}

interface LocalSecrets {
  STEWARD_ADMIN_TOKEN: string
  STEWARD_MASTER_KEY: string
}

/**
 * The local secrets, where wrangler looks for them: `.dev.vars` beside each config that needs them. Made once, random, and kept, because
 * what they encrypt must stay readable after a restart. A file that is there already is used as it is.
 */
export function localSecrets(): LocalSecrets {
  const file = join(root, '.dev.vars')
  if (!existsSync(file)) {
    writeVars(file, { STEWARD_ADMIN_TOKEN: randomBytes(24).toString('base64url'), STEWARD_MASTER_KEY: randomBytes(32).toString('base64') })
  }
  const vars = Object.fromEntries(
    [...readFileSync(file, 'utf8').matchAll(/^(\w+)\s*=\s*"?([^"\n]*)"?$/gm)].map(([, name, value]) => [name, value]),
  ) as Partial<LocalSecrets>
  const { STEWARD_ADMIN_TOKEN, STEWARD_MASTER_KEY } = vars
  if (!STEWARD_ADMIN_TOKEN || !STEWARD_MASTER_KEY)
    throw new Error('.dev.vars must set STEWARD_ADMIN_TOKEN and STEWARD_MASTER_KEY; delete the file to have it made anew.')
  // For `wrangler dev`, whose options reach the first script only; `serve` says itself what it allows.
  writeVars(join(root, 'workers/agents/.dev.vars'), { STEWARD_MASTER_KEY, ...LOCAL_VARS })
  return { STEWARD_ADMIN_TOKEN, STEWARD_MASTER_KEY }
}

/** Leaves a file that says the same as it is: a running `wrangler dev` starts anew for each write. */
function writeVars(file: string, vars: Record<string, string>): void {
  const text = Object.entries(vars)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('')
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text, { mode: 0o600 })
}

async function migrate(persistTo: string): Promise<void> {
  await run(join(root, 'node_modules/.bin/wrangler'), ['d1', 'migrations', 'apply', 'steward', '--local', '--persist-to', persistTo], {
    cwd: root,
    env: wranglerEnv(),
  })
}

function startWrangler(port: number, persistTo: string, onLine: (line: string) => void): ChildProcess {
  const configs = CONFIGS.flatMap((config) => ['-c', config])
  const child = spawn(
    join(root, 'node_modules/.bin/wrangler'),
    [
      'dev',
      ...configs,
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--inspector-port',
      '0',
      '--persist-to',
      persistTo,
      ...Object.entries(LOCAL_VARS).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      '--show-interactive-dev-session=false',
    ],
    { cwd: root, env: wranglerEnv(), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  running.add(child)
  child.once('exit', () => running.delete(child))
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      const parts = (rest + piece).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) if (line.trim() !== '') onLine(line)
    })
  }
  return child
}

/** Node 24 of node_modules comes first, whatever the system has; no update checks, no telemetry, no local tracing (it halves the speed). */
export function wranglerEnv(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    X_LOCAL_OBSERVABILITY: 'false',
    CI: 'true',
    FORCE_COLOR: '0',
    ...workerdEnv(),
  }
}

/**
 * V8 looks for garbage early in isolates whose heaps are small: those of D1, R2 and the queues fill a heap of megabytes in minutes, and
 * each object there keeps native memory of a request. It looks when a fifth of the young generation is full, which may grow in isolates
 * that are busy; its memory balancer gives each old heap room by the rate at which it is filled. With V8's defaults the process takes two
 * thirds as much memory again (docs/BENCHES.md). What MINIFLARE_WORKERD_V8_FLAGS says in the environment takes the place of these.
 */
const V8_FLAGS =
  '--max-semi-space-size=16 --minor-gc-task-trigger=20 --initial-old-space-size=1 --memory-balancer --memory-balancer-c-value=5e-11'

/**
 * glibc keeps restartable sequences for itself unless it is told not to. Left to workerd's allocator they give it a cache for each processor
 * in place of one for each thread, and a run takes 5 to 7 % less CPU time. Other C libraries read nothing of this.
 */
const RSEQ = 'glibc.pthread.rseq'

/** What workerd's process finds in its environment: V8's flags, which Miniflare reads there and passes on, and a setting of its C library. */
export function workerdEnv(): { MINIFLARE_WORKERD_V8_FLAGS: string; GLIBC_TUNABLES: string } {
  const { MINIFLARE_WORKERD_V8_FLAGS = V8_FLAGS, GLIBC_TUNABLES = '' } = process.env
  const tunables = GLIBC_TUNABLES.split(':').filter((each) => each !== '')
  if (!tunables.some((each) => each.startsWith(`${RSEQ}=`))) tunables.push(`${RSEQ}=0`)
  return { MINIFLARE_WORKERD_V8_FLAGS, GLIBC_TUNABLES: tunables.join(':') }
}

async function untilReady(url: string, child: ChildProcess, tail: () => string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the Worker ended before it was ready:\n${tail()}`)
    const response = await fetch(`${url}/ready`).catch(() => undefined)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await end(child, 'SIGKILL')
  throw new Error(`the Worker was not ready within ${READY_TIMEOUT_MS / 1000} s:\n${tail()}`)
}

/** wrangler starts workerd as a child of its own, so the whole process group is ended. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  process.kill(-child.pid, signal)
  const late = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), STOP_TIMEOUT_MS)
  await gone
  clearTimeout(late)
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
