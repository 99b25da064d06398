/** Reads a letter, and passes what it says on to everybody: a relay, a refusal, a model, a report, a webhook. */
export const canaryWorkflow = (echoUrl: string): string => `
name: canary
input:
  type: object
  required: [documentId]
  properties:
    documentId: { type: string }
    contact: { type: string, x-pii: true }
steps:
  - { id: read, agent: ingestion, operation: parse, input: { documentId: "\${{ input.documentId }}" } }
  - id: extract
    agent: analysis
    operation: extract
    input:
      documentId: "\${{ input.documentId }}"
      class: letter
      schema:
        type: object
        properties:
          patient: { type: string, x-labels: [Patient], x-pii: true }
          ward: { type: string, x-labels: [Ward] }
  - { id: greeting, set: "Dear {{ steps.extract.output.fields[0].value }}, call {{ input.contact }}" }
  - id: relay
    http: { method: POST, url: "${echoUrl}/relay", body: { text: "\${{ steps.greeting.output }}" }, secret: bearer }
  - id: refused
    http: { method: POST, url: "${echoUrl}/fail", body: { text: "\${{ steps.greeting.output }}" }, secret: bearer }
    onError: { continue: null }
  - { id: summary, agent: analysis, operation: summarise, input: { documentId: "\${{ input.documentId }}", class: letter, fields: "\${{ steps.extract.output.fields }}" }, onError: { continue: null } }
  - id: report
    agent: report
    operation: write
    input: { template: blocks, title: "Letter of {{ steps.extract.output.fields[0].value }}", data: { title: Letter, blocks: [{ kind: text, text: "\${{ steps.greeting.output }}" }] }, formats: [html] }
  - id: tell
    agent: action
    operation: webhook
    input: { endpoint: default, event: canary.done, data: { greeting: "\${{ steps.greeting.output }}", patient: "\${{ steps.extract.output.fields[0].normalized }}" } }
outputs: { greeting: "\${{ steps.greeting.output }}", fields: "\${{ steps.extract.output.fields }}", relayed: "\${{ steps.relay.output }}" }
`

/** A provider that repeats the key which it is sent. */
export const canaryModels = (echoUrl: string): string => `
providers:
  leaky: { protocol: openai, url: "${echoUrl}/v1", key: { secret: model-key } }
models:
  leaky: { provider: leaky, name: leaky-1 }
purposes:
  default: { use: [leaky] }
`

/** Longer than the preview that parsing keeps: what stands after it is known to runs only as a field. */
export const canaryLetter = (person: string): string =>
  `Discharge letter\n\n${'The stay was without incident and the recovery went as expected. '.repeat(12)}\n\nPatient: ${person}\nWard: North\n`
