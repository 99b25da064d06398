/**
 * `npm test`: types, lint, and every test there is, one group after the other (two cores are enough for one workerd at a time).
 * The last line is the count over all groups.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from '../test/screens/browser.ts'
import { root } from './launch.ts'

interface Group {
  name: string
  command: string[]
  /** Vitest writes its counts here. */
  report?: string
}

const reportFile = (name: string) => join(root, 'node_modules', `.steward-${name}.json`)
const vitest = (name: string): Group => ({
  name,
  command: [
    'vitest',
    'run',
    '--config',
    `test/vitest.${name}.config.ts`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile(name)}`,
  ],
  report: reportFile(name),
})

const GROUPS: Group[] = [
  { name: 'assets', command: ['node', 'scripts/build-assets.ts'] },
  { name: 'web', command: ['vite', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'scripts types', command: ['tsc', '--noEmit', '-p', 'scripts/tsconfig.json'] },
  { name: 'web types', command: ['tsc', '--noEmit', '-p', 'web/tsconfig.json'] },
  { name: 'lint', command: ['biome', 'check', '.'] },
  ...['node', 'workerd', 'tenant', 'models', 'd1', 'tenancy', 'shards', 'reports', 'journeys', 'screens']
    .filter((name) => existsSync(join(root, `test/vitest.${name}.config.ts`)))
    .map(vitest),
]

provideBrowser()
let passed = 0
let failed = 0
let skipped = 0
for (const group of GROUPS) {
  console.log(`\n── ${group.name}`)
  if (group.report !== undefined) rmSync(group.report, { force: true })
  const status = await run(group.command)
  const counts =
    group.report === undefined ? { passed: Number(status === 0), failed: Number(status !== 0), skipped: 0 } : countsOf(group.report, status)
  passed += counts.passed
  failed += counts.failed
  skipped += counts.skipped
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1

/** The screens need a browser: one that is installed, Playwright's, or, as root on Debian, its package. Without any they are skipped, loudly. */
function provideBrowser(): void {
  if (findBrowser() !== undefined || process.getuid?.() !== 0) return
  console.log("no browser found: installing Debian's chromium")
  const installed = spawnSync(
    'sh',
    ['-c', 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core'],
    { stdio: 'inherit' },
  )
  if (installed.status !== 0) console.warn('chromium could not be installed')
}

async function run([program, ...parameters]: string[]): Promise<number> {
  return await new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', program ?? ''), parameters, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}` },
    })
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** A group that died before it could count has failed once. */
function countsOf(file: string, status: number): { passed: number; failed: number; skipped: number } {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    number
  >
  const broken = Math.max(numFailedTests ?? 0, numFailedTestSuites ?? 0, status === 0 ? 0 : 1)
  return { passed: numPassedTests ?? 0, failed: status === 0 ? 0 : broken, skipped: numPendingTests ?? 0 }
}
