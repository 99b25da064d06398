import type { MailLog, ReceivedMail } from '../../workers/domain/mail'

/** The log of received mails in memory. */
export function createFakeMailLog(): MailLog {
  const rows: (ReceivedMail & { workflow: string; keys: string[] })[] = []
  const standing = (workflow: string, keys: string[]) =>
    rows.find((row) => row.workflow === workflow && row.keys.some((key) => keys.includes(key)))
  const entryOf = ({ documentId, runId, isStarted }: ReceivedMail) => ({ documentId, runId, isStarted })
  return {
    find: async (workflow, keys) => {
      const row = standing(workflow, keys)
      return row && entryOf(row)
    },
    claim: async ({ workflow, keys, documentId, runId }) => {
      const known = standing(workflow, keys)
      if (known !== undefined) return entryOf(known)
      rows.push({ workflow, keys, documentId, runId, isStarted: false })
      return { documentId, runId, isStarted: false }
    },
    markStarted: async (workflow, runId) => {
      for (const row of rows) if (row.workflow === workflow && row.runId === runId) row.isStarted = true
    },
  }
}
