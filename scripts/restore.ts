/**
 * `npm run restore -- FILE --url <https://…>`: restores a backup into an empty installation, or imports the archive of a tenant (with
 * STEWARD_ARCHIVE_KEY). The operator's token is read from STEWARD_ADMIN_TOKEN. The whole file is checked before anything is sent; a restore
 * that broke off goes on when the same command is given again. An archive does not say which plan the tenant has where it comes to:
 * `--plan <name>` does, and `--residency <eu|us|apac|fedramp>` takes one whose id is placed. Prints what was restored, and the recovery time.
 */
import { parseArgs } from 'node:util'
import { checkBackup, operatorToken, shownCounts, uploadBackup } from './backup-client.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string' }, plan: { type: 'string' }, residency: { type: 'string' } },
})
const [file] = positionals
const { url, plan, residency } = values
if (file === undefined || url === undefined) throw new Error('Say the file, and --url <https://the installation>.')
const startedAt = performance.now()
const { tenantId, createdAt, bytes } = await checkBackup(file)
const checked = (performance.now() - startedAt) / 1_000
console.log(
  `${file}: ${tenantId === undefined ? 'a whole installation' : `tenant ${tenantId}`} as of ${createdAt}, checked in ${checked.toFixed(1)} s`,
)
const key = process.env.STEWARD_ARCHIVE_KEY
if (tenantId !== undefined && (key === undefined || key === '')) throw new Error('This is an archive: set STEWARD_ARCHIVE_KEY to its key.')
const to = { url, token: operatorToken(), plan, residency }
const { counts } = await uploadBackup(to, file, tenantId === undefined ? undefined : key, (line) => console.log(line))
const seconds = (performance.now() - startedAt) / 1_000
console.log(`restored: ${shownCounts(counts)}`)
console.log(
  `recovery time ${seconds.toFixed(1)} s (${(bytes / 1e6 / seconds).toFixed(1)} MB/s); restart or deploy the scripts, so that no isolate remembers other keys`,
)
