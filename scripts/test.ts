/**
 * `npm test`: types, lint, and every test there is, one group after the other (two cores are enough for one workerd at a time).
 * The last line is the count over all groups.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
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
let skipped = 0
const failures: string[] = []
for (const group of GROUPS) {
  console.log(`\n── ${group.name}`)
  if (group.report !== undefined) rmSync(group.report, { force: true })
  const status = await run(group.command)
  const counts = countsOf(group, status)
  passed += counts.passed
  skipped += counts.skipped
  failures.push(...counts.failures)
}
// Said again where one looks first: a failure stands thousands of lines above the end.
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`)
console.log(`\n${passed} passed, ${failures.length} failed, ${skipped} skipped`)
process.exitCode = failures.length === 0 ? 0 : 1

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

interface Counts {
  passed: number
  skipped: number
  /** A line for each test that failed, or for a file that broke before its tests could run. */
  failures: string[]
}

/** What Vitest's JSON report says of a group. */
interface Report {
  numPassedTests: number
  numPendingTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

/** A group that ended badly has failed at least once, also when it died before it could say of what. */
function countsOf({ name, report }: Group, status: number): Counts {
  const nameless = status === 0 ? [] : [`${name} ended with status ${status}`]
  // Types, lint and builds count as one test each.
  if (report === undefined) return { passed: Number(status === 0), skipped: 0, failures: nameless }
  if (!existsSync(report)) return { passed: 0, skipped: 0, failures: nameless }
  const { numPassedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const named = testResults.flatMap((result) => {
    const where = relative(root, result.name)
    const tests = result.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${where} > ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}`)
    return tests.length === 0 && result.status === 'failed' ? [`${where}: ${firstLine(result.message)}`] : tests
  })
  return { passed: numPassedTests, skipped: numPendingTests, failures: status === 0 || named.length > 0 ? named : nameless }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
