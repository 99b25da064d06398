import type { Finding, OpenRequest } from '../../workers/domain/data-subjects'
import type { LegalHold } from '../../workers/domain/legal-holds'
import type { Files } from '../../workers/domain/ports'
import type { Privacy } from '../../workers/domain/privacy'
import type { RetentionRules } from '../../workers/domain/retention'
import type { SealedFields } from '../../workers/domain/sealed-fields'

/** Retention, holds and requests of one tenant in memory. A request that is worked on is done at once and finds nothing. */
export function createFakePrivacy({ files, sealedFields }: { files: Pick<Files, 'stream'>; sealedFields: SealedFields }): Privacy {
  let rules: RetentionRules | undefined
  const holds = new Map<string, LegalHold>()
  const requests = new Map<string, OpenRequest>()
  const findings = new Map<string, Finding[]>()
  return {
    retention: {
      read: async () => rules,
      save: async (saved) => {
        rules = saved
      },
    },
    holds: {
      place: async (hold) => void holds.set(`${hold.kind} ${hold.id}`, hold),
      lift: async (kind, id) => holds.delete(`${kind} ${id}`),
      list: async () => [...holds.values()],
      findForDocuments: async (ids) => [...holds.values()].find(({ kind, id }) => kind === 'document' && ids.includes(id)),
      findForRun: async (runId) => holds.get(`run ${runId}`),
    },
    requests: {
      insert: async (request) => void requests.set(request.id, request),
      find: async (id) => requests.get(id),
      list: async () => [...requests.values()].reverse(),
      advance: async (request, found) => {
        if (requests.get(request.id)?.revision !== request.revision) return false
        requests.set(request.id, { ...request, revision: request.revision + 1 })
        findings.set(request.id, [...(findings.get(request.id) ?? []), ...found])
        return true
      },
      findings: async (id) => findings.get(id) ?? [],
      listUnacted: async (id, limit) => (findings.get(id) ?? []).filter(({ outcome }) => outcome === undefined).slice(0, limit),
      settle: async (id, finding) => {
        const others = (findings.get(id) ?? []).filter(({ kind, ref }) => kind !== finding.kind || ref !== finding.ref)
        findings.set(id, [...others, finding])
      },
    },
    sealedFields,
    exports: files,
    prefixes: { list: async () => [] },
    work: async (id) => {
      const request = requests.get(id)
      if (request !== undefined) requests.set(id, { ...request, status: 'done', phase: 'done', endedAt: request.createdAt })
    },
    countRuns: async () => [],
  }
}
