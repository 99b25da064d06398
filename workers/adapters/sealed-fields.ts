import { AppError } from '../domain/error'
import type { SealedFields } from '../domain/sealed-fields'
import type { TenantVault } from './tenant-vault'

/** What tokens are bound to beside their tenant: a value goes from step to step and run to run, so no row. */
const PURPOSE = 'pii-field'
const TOKEN = /^~pii\.(\d{1,9})\.([A-Za-z0-9_-]+)~$/

/** Personal data of one tenant as tokens, sealed with its vault. */
export function createSealedFields(vault: Pick<TenantVault, 'sealContent' | 'open'>): SealedFields {
  return {
    seal: async (value) => {
      const sealed = await vault.sealContent(new TextEncoder().encode(JSON.stringify(value)), PURPOSE)
      const [, version = '', box = ''] = sealed.split('.')
      return `~pii.${version}.${box.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}~`
    },
    open: async (token) => {
      const [, version, box] = TOKEN.exec(token) ?? []
      if (version === undefined || box === undefined) return undefined
      const base64 = box
        .replaceAll('-', '+')
        .replaceAll('_', '/')
        .padEnd(Math.ceil(box.length / 4) * 4, '=')
      try {
        return toScalar(JSON.parse(new TextDecoder().decode(await vault.open(`t1.${version}.${base64}`, PURPOSE))))
      } catch (thrown) {
        // Changed, another tenant's, or its key destroyed; a database that does not answer is another matter.
        if (thrown instanceof AppError && (thrown.code === 'internal' || thrown.reason === 'keys_destroyed')) return undefined
        throw thrown
      }
    },
  }
}

const toScalar = (value: unknown): string | number | boolean | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
