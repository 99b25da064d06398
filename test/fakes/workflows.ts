import type { WorkflowStore } from '../../workers/domain/stores'
import type { WorkflowVersion } from '../../workers/domain/workflows'

/** Workflow versions in memory; the last of a name is its newest. */
export function createFakeWorkflows(builtIns: readonly WorkflowVersion[] = []): WorkflowStore {
  let rows: WorkflowVersion[] = []
  let drafts: WorkflowVersion[] = []
  const own = (name: string) => rows.filter((row) => row.name === name).reverse()
  const draftsOf = (name: string) => drafts.filter((row) => row.name === name)
  const builtIn = (name: string, version?: string) =>
    builtIns.find((row) => row.name === name && (version === undefined || row.version === version))
  const save = async (version: WorkflowVersion) => {
    const known = rows.find((row) => row.name === version.name && row.version === version.version)
    rows = [...rows.filter((row) => row !== known), known ?? { ...version, builtIn: false }]
    drafts = drafts.filter((row) => row.name !== version.name || row.version !== version.version)
  }
  const find: WorkflowStore['find'] = async (name, version) =>
    own(name).find((row) => version === undefined || row.version === version) ??
    draftsOf(name).find((row) => row.version === version) ??
    builtIn(name, version)
  return {
    save,
    find,
    findForStart: find,
    replace: async (version, expected) => {
      if ((own(version.name)[0]?.version ?? null) !== expected) return false
      await save(version)
      return true
    },
    saveDraft: async (version) => {
      const isKnown = [...own(version.name), ...draftsOf(version.name)].some((row) => row.version === version.version)
      if (!isKnown) drafts = [...drafts, { ...version, builtIn: false, isDraft: true }]
    },
    list: async () => {
      const names = [...new Set([...rows, ...builtIns].map((row) => row.name))].sort()
      return names.flatMap((name) => own(name)[0] ?? builtIn(name) ?? [])
    },
    versions: async (name) => {
      const base = builtIn(name)
      const versions = [...own(name), ...draftsOf(name)]
      return base === undefined || versions.some((row) => row.version === base.version) ? versions : [...versions, base]
    },
  }
}
