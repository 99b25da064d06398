import { randomBytes } from 'node:crypto'
import type { createClient } from '../scripts/client.ts'

type Client = ReturnType<typeof createClient>

/**
 * Five steps, one of them an action. A lost attempt is given up after 10 s and a step has 20 attempts, so that a run fails
 * only by a fault of its own.
 */
const source = (receiverUrl: string) => `name: chaos
input:
  type: object
  required: [orderId, documentId]
  properties: { orderId: { type: string }, documentId: { type: string } }
steps:
  - id: check
    validate:
      value: "\${{ input }}"
      schema: { type: object, required: [orderId], properties: { orderId: { type: string, minLength: 1 } } }
  - id: read
    agent: ingestion
    operation: parse
    input: { documentId: "\${{ input.documentId }}" }
    timeout: 10s
    retry: { attempts: 20, initial: 1s, factor: 1, max: 2s, on: [unavailable, rate_limited, internal] }
  - id: tag
    agent: analysis
    operation: tags
    input: { documentId: "\${{ input.documentId }}" }
    timeout: 10s
    retry: { attempts: 20, initial: 1s, factor: 1, max: 2s, on: [unavailable, rate_limited, internal] }
  - id: send
    agent: action
    operation: webhook
    input:
      endpoint: chaos
      event: chaos.order
      data: { orderId: "\${{ input.orderId }}" }
      reconcileUrl: ${receiverUrl}/{idempotencyKey}
    timeout: 10s
    retry: { attempts: 20, initial: 1s, factor: 1, max: 2s, on: [unavailable, rate_limited, internal] }
  - id: record
    set: { orderId: "\${{ input.orderId }}", key: "\${{ steps.send.output.idempotencyKey }}" }
outputs: "\${{ steps.record.output }}"
`

/** Stores the workflow, its endpoint and a small document. Gives the document's id. */
export async function prepareChaos(client: Client, receiverUrl: string): Promise<string> {
  await client.put(
    '/api/v1/tenants/me/secrets/webhook:chaos',
    JSON.stringify({ value: JSON.stringify({ url: receiverUrl, secret: randomBytes(24).toString('base64url') }) }),
    'application/json',
  )
  await client.put('/api/v1/workflows/chaos', source(receiverUrl), 'application/yaml')
  const text = new TextEncoder().encode('Order of 40 solar panels for the roof in Hamburg, delivery in March, payment within 30 days.\n')
  const { document } = await client.upload<{ document: { id: string } }>('/api/v1/documents', 'order.txt', text)
  return document.id
}
