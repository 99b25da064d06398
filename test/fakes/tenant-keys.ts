import { AppError } from '../../workers/domain/error'
import type { SealedFields } from '../../workers/domain/sealed-fields'
import type { TenantKeys, TenantKeyVersion } from '../../workers/domain/tenant-keys'

/** Personal data as tokens that only the tenant's own open, in memory. */
export function createFakeSealedFields(): SealedFields {
  const values: (string | number | boolean)[] = []
  const mark = Math.random().toString(36).slice(2)
  return {
    seal: async (value) => `~pii.1.${mark}-${values.push(value) - 1}~`,
    open: async (token) => {
      const [, owner, at] = /^~pii\.1\.(\w+)-(\d+)~$/.exec(token) ?? []
      return owner === mark ? values[Number(at)] : undefined
    },
  }
}

/** Versions of a data key in memory. */
export function createFakeTenantKeys(clock: { now(): Date }): TenantKeys {
  const versions: TenantKeyVersion[] = []
  const add = () =>
    versions.unshift({
      version: versions.length + 1,
      status: 'active',
      createdAt: clock.now().toISOString(),
      values: 0,
      sealsContent: false,
    })
  return {
    list: async () => {
      if (versions.length === 0) add()
      return versions
    },
    rotate: async () => {
      if (versions.length === 0) add()
      const [before] = versions
      if (before === undefined) throw new AppError('internal', 'There is no version.')
      Object.assign(before, { status: 'retiring', retiredAt: clock.now().toISOString() })
      add()
      return versions.length
    },
  }
}
