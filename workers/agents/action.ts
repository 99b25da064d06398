import { mail } from './action/mail'
import { webhook } from './action/webhook'
import { defineAgent } from './agent'

/** Does things to the outside world, each once: every operation goes through the run's ledger. */
export const action = defineAgent({
  type: 'action',
  summary: 'Acts on other systems: signed webhooks and mail, each done once and recorded.',
  operations: { webhook, mail },
})
