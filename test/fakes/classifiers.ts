import type { Classifiers, ClassifierVersion } from '../../workers/domain/classifiers'

/** Rows of classifiers in memory. */
export function createFakeClassifiers(): Classifiers {
  let rows: ClassifierVersion[] = []
  const versions = (name: string) =>
    rows.filter((row) => row.name === name).sort((a, b) => (`${a.createdAt} ${a.version}` < `${b.createdAt} ${b.version}` ? 1 : -1))
  return {
    put: async (version) => {
      rows = [...rows.filter((row) => row.name !== version.name || row.version !== version.version), structuredClone(version)]
    },
    find: async (name, version) => versions(name).find((row) => (version === undefined ? row.status === 'ready' : row.version === version)),
    versions: async (name) => versions(name),
    list: async () => [...new Set(rows.map(({ name }) => name))].sort().flatMap((name) => versions(name)[0] ?? []),
    remove: async (name) => {
      rows = rows.filter((row) => row.name !== name)
    },
  }
}
