/**
 * `npm run verify-audit -- audit.ndjson [--keys jwks.json] [--contains checkpoint.json]`: checks an export of the audit without a
 * network. Exit code 0: whole and unchanged; 1: something was found; 2: it could not be checked.
 *
 * `--keys`: the key set from `GET /api/v1/audit/keys`, kept apart from the export. Without it the keys in the file are used, and then a
 * file that somebody wrote anew from the first line to the last is not noticed: that is said.
 * `--contains`: a checkpoint line of an earlier export; the chain must still hold what was signed then. What was entered after the
 * checkpoint of the file, no file shows: the time that it was signed is printed.
 */
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import type { Verdict } from '../workers/domain/audit-verification.ts'

// The Worker's sources name no file extensions; Node wants them.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.startsWith('.') && !/\.[a-z]+$/.test(specifier) ? `${specifier}.ts` : specifier, context),
})
const { ChainVerifier, EXPORT_TYPE } = await import('../workers/domain/audit-verification.ts')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keys: { type: 'string' }, contains: { type: 'string', multiple: true } },
})
const [file] = positionals

try {
  if (file === undefined) throw new Error('Name the file: npm run verify-audit -- audit.ndjson [--keys jwks.json]')
  process.exitCode = print(await verify(file), values.keys === undefined)
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 2
}

async function verify(path: string): Promise<Verdict> {
  const trusted = values.keys === undefined ? await keysInside(path) : (JSON.parse(readFileSync(values.keys, 'utf8')) as JSONWebKeySet)
  const keySet = createLocalJWKSet(trusted)
  const verifier = new ChainVerifier({
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    openJws: async (jws) => {
      try {
        const { payload } = await compactVerify(jws, keySet, { algorithms: ['ES256'] })
        return JSON.parse(new TextDecoder().decode(payload))
      } catch {
        // A signature that does not hold is a finding, not a failure.
        return undefined
      }
    },
  })
  for await (const line of linesOf(path)) await verifier.read(line)
  for (const kept of values.contains ?? []) await verifier.contains(readFileSync(kept, 'utf8'))
  return verifier.end()
}

function linesOf(path: string) {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
}

async function keysInside(path: string): Promise<JSONWebKeySet> {
  for await (const line of linesOf(path)) {
    const head = JSON.parse(line) as { type?: string; keys?: JSONWebKeySet['keys'] }
    if (head.type === EXPORT_TYPE && head.keys !== undefined) return { keys: head.keys }
    break
  }
  throw new Error('The file does not begin with the line that holds the keys; pass --keys with the answer of GET /api/v1/audit/keys.')
}

function print({ tenantId, entries, checkpoints, signedThrough, signedAt, findings }: Verdict, isSelfSigned: boolean): number {
  const signed = signedAt === undefined ? 'nothing of it signed' : `signed through entry ${signedThrough} at ${signedAt}`
  console.log(`tenant ${tenantId ?? 'unknown'}: ${entries} entries, ${checkpoints} checkpoints, ${signed}`)
  for (const { line, kind, message } of findings) console.log(`${line === 0 ? 'file' : `line ${line}`}: ${kind}: ${message}`)
  if (isSelfSigned)
    console.log('The keys come from the file itself: it is whole, if nothing was found, but --keys is needed to know who signed it.')
  if (findings.length > 0) {
    console.log(`${findings.length} found.`)
    return 1
  }
  console.log(`From entry 1 to entry ${signedThrough} nothing is changed, missing or out of order.`)
  console.log(
    `A file cannot show whether there are entries after ${signedAt}: make a new export, or compare with a checkpoint that was kept elsewhere (--contains).`,
  )
  return 0
}
