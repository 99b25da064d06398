import type { PlanTrigger } from './schema'

/** How a run of a saved workflow is started, by what starts it. */
export const HOW: Record<PlanTrigger, (name: string) => string> = {
  email: (name) => `Send mail to <tenant>+${name}@<your mail domain>: each starts a run.`,
  upload: (name) => `Upload with POST /api/v1/documents?workflow=${name}.`,
  webhook: (name) => `POST JSON to /api/v1/webhooks/${name}.`,
  schedule: (name) => `Let a scheduler call POST /workflows/execute with {"workflow": "${name}"}.`,
  api: (name) => `POST /workflows/execute with {"workflow": "${name}", "input": …}, or upload with ?workflow=${name}.`,
}
