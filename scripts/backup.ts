/**
 * `npm run backup -- --url <https://…> --out FILE`: backs up a whole installation; with `--tenant ten_…` it archives one tenant for another
 * installation, under a new archive key that is printed once (or the one in STEWARD_ARCHIVE_KEY). The operator's token is read from
 * STEWARD_ADMIN_TOKEN. The file is checked as it comes; one that is not whole is said to be so, and the exit code is 1.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { downloadBackup, operatorToken, shownCounts } from './backup-client.ts'

const { values } = parseArgs({ options: { url: { type: 'string' }, out: { type: 'string' }, tenant: { type: 'string' } } })
const { url, out, tenant } = values
if (url === undefined || out === undefined) throw new Error('Say --url <https://the installation> and --out <file>.')
const given = process.env.STEWARD_ARCHIVE_KEY
const key = given === undefined || given === '' ? randomBytes(32).toString('base64') : given
const startedAt = performance.now()
const from = { url, token: operatorToken() }
const { createdAt, parts, bytes, counts } = await downloadBackup(from, out, tenant === undefined ? undefined : { tenantId: tenant, key })
const seconds = (performance.now() - startedAt) / 1_000
console.log(`${out}: ${shownCounts(counts)}, as of ${createdAt}`)
console.log(`${parts} parts, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s, every SHA-256 checked`)
if (tenant === undefined) console.log('STEWARD_MASTER_KEY is not in it: keep it elsewhere. Without it, what tenants sealed opens nowhere.')
else if (key !== given) console.log(`Archive key, shown here only: ${key}\nWhoever imports the archive needs it as STEWARD_ARCHIVE_KEY.`)
