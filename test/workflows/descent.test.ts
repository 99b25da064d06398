import { expect, test } from 'vitest'
import { agents } from '../../workers/agents'
import { argumentText } from '../../workers/domain/approvals'
import { builtInWorkflows } from '../../workers/workflows'
import { descentOf } from '../../workers/workflows/descent'
import { parseWorkflow } from '../../workers/workflows/parse'

/** Arguments of the step `send` and the steps that they descend from. */
async function traced(steps: string, id = 'send'): Promise<Record<string, string[]>> {
  const { definition } = await parseWorkflow(`name: test\nvars: { to: anna@example.com }\nsteps:\n${steps}`, { agents })
  return Object.fromEntries(descentOf(definition, id).map(({ path, sources }) => [argumentText(path), sources]))
}

const EXTRACT = `
  - { id: extract, agent: analysis, operation: extract, input: { documentId: "\${{ input.documentId }}" } }`
const mail = (to: string, text = 'Hello') => `
  - { id: send, agent: action, operation: mail, input: { to: "${to}", subject: Note, text: "${text}" } }`

test('what a workflow and its caller say is trusted, what was read from a document is not', async () => {
  expect(await traced(`${EXTRACT}${mail('${{ vars.to }}', '{{ input.note }} {{ run.id }}')}`)).toEqual({})
  expect(await traced(`${EXTRACT}${mail('${{ steps.extract.output.fields[0].value }}')}`)).toEqual({ to: ['extract'] })
})

test('a text with untrusted values filled in is untrusted, also through a loop of the template', async () => {
  const loop = '{% for field in steps.extract.output.fields %}{{ field.value }}{% endfor %}'
  expect(await traced(`${EXTRACT}${mail('${{ vars.to }}', loop)}`)).toEqual({ text: ['extract'] })
})

test('follows values through set steps by member, so that only what was mixed in is untrusted', async () => {
  const mixed = `
  - { id: mixed, set: { to: "\${{ vars.to }}", text: "\${{ lower(steps.extract.output.fields[0].value) }}" } }
  - { id: handed, set: "\${{ steps.mixed.output }}" }`
  expect(await traced(`${EXTRACT}${mixed}${mail('${{ steps.handed.output.to }}', '{{ steps.handed.output.text }}')}`)).toEqual({
    text: ['extract'],
  })
})

test('follows values through forEach items and outputs', async () => {
  const each = `
  - id: each
    forEach: "\${{ input.documents }}"
    steps:
      - { id: extract, agent: analysis, operation: extract, input: { documentId: "\${{ item }}" } }
    output: { id: "\${{ item }}", fields: "\${{ steps.extract.output.fields }}" }`
  expect(await traced(`${each}${mail('${{ steps.each.output[0].fields[0].value }}', '{{ steps.each.output[0].id }}')}`)).toEqual({
    to: ['extract'],
  })
  const inside = `${EXTRACT}
  - id: each
    forEach: "\${{ steps.extract.output.fields }}"
    steps:
      - { id: send, agent: action, operation: mail, input: { to: "\${{ item.value }}", subject: Note, text: "{{ index }}" } }`
  expect(await traced(inside)).toEqual({ to: ['extract'] })
})

test('follows values out of branches and of an if that ends a branch', async () => {
  const branches = `
  - id: both
    parallel:
      one:
        - id: choose
          if: input.yes
          then:
            - { id: extract, agent: analysis, operation: extract, input: { documentId: "\${{ input.documentId }}" } }
      two:
        - { id: fixed, set: "\${{ vars.to }}" }`
  expect(await traced(`${branches}${mail('${{ steps.both.output.one }}', '{{ steps.both.output.two }}')}`)).toEqual({ to: ['extract'] })
})

test('a text that was written from untrusted text is untrusted as a whole; from trusted facts it is not', async () => {
  const draft = (value: string) => `
  - id: draft
    agent: analysis
    operation: draft
    input: { kind: mail, purpose: Remind, facts: [{ id: a, name: Amount, value: "${value}" }] }`
  expect(await traced(`${draft('${{ input.amount }}')}${mail('${{ vars.to }}', '{{ steps.draft.output.text }}')}`)).toEqual({})
  const tainted = `${EXTRACT}${draft('${{ steps.extract.output.fields[0].value }}')}`
  expect(await traced(`${tainted}${mail('${{ vars.to }}', '{{ steps.draft.output.text }}')}`)).toEqual({ text: ['extract'] })
})

test('an operation of inputs alone that is given a document reads it', async () => {
  const rewrite = (input: string) => `
  - { id: rewrite, agent: analysis, operation: rewrite, input: { ${input}, style: shorter } }`
  expect(await traced(`${rewrite('text: "${{ input.text }}"')}${mail('${{ vars.to }}', '{{ steps.rewrite.output.text }}')}`)).toEqual({})
  expect(await traced(`${rewrite('documentId: "${{ input.id }}"')}${mail('${{ vars.to }}', '{{ steps.rewrite.output.text }}')}`)).toEqual({
    text: ['rewrite'],
  })
})

test('ids and counts that an operation makes itself are trusted', async () => {
  const report = `${EXTRACT}
  - { id: report, agent: report, operation: write, input: { template: blocks, data: "\${{ steps.extract.output }}" } }`
  expect(await traced(`${report}${mail('${{ vars.to }}', '{{ steps.report.output.reportId }} {{ steps.extract.status }}')}`)).toEqual({})
  expect(await traced(`${report}${mail('${{ vars.to }}', '{{ steps.report.output.title }}')}`)).toEqual({ text: ['report'] })
})

test('what a person was shown and approved is trusted, unless time or a rejection lets it pass', async () => {
  const ask = (more = '') => `${EXTRACT}
  - { id: ask, approval: { title: Send?, details: { to: "\${{ steps.extract.output.fields[0].value }}" }${more} } }`
  const sent = mail('${{ steps.ask.output.details.to }}', '{{ steps.ask.output.comment }}')
  expect(await traced(`${ask()}${sent}`)).toEqual({})
  expect(await traced(`${ask(', expiresAfter: 1h, onExpire: approve')}${sent}`)).toEqual({ to: ['extract'] })
  expect(await traced(`${ask(', onReject: continue')}${sent}`)).toEqual({ to: ['extract'] })
})

test('the answer of another server is untrusted, its status is not', async () => {
  const steps = `
  - { id: page, http: { url: https://example.com/page } }
  - { id: send, http: { method: POST, url: https://erp.example.com/, body: { text: "\${{ steps.page.output.body }}", status: "\${{ steps.page.output.status }}" } } }`
  expect(await traced(steps)).toEqual({ 'body.text': ['page'] })
})

test('a read is held up only when untrusted text decides which host is asked', async () => {
  const get = (url: string) => `${EXTRACT}
  - { id: send, http: { url: "${url}" } }`
  expect(await traced(get('https://erp.example.com/orders/{{ steps.extract.output.fields[0].value }}'))).toEqual({})
  expect(await traced(get('https://{{ steps.extract.output.fields[0].value }}/orders'))).toEqual({ url: ['extract'] })
  expect(await traced(get('https://erp.example.com{{ steps.extract.output.fields[0].value }}/orders'))).toEqual({ url: ['extract'] })
})

test('steps that do not act have no arguments to judge', async () => {
  expect(await traced(EXTRACT, 'extract')).toEqual({})
})

test('the built-in workflows send what documents say only where they allow it', async () => {
  const versions = await builtInWorkflows(agents)
  const found = versions.flatMap(({ name, definition }) =>
    ['notify', 'mail', 'relay'].map((id) => [`${name}.${id}`, descentOf(definition, id).map(({ path }) => argumentText(path))] as const),
  )
  expect(Object.fromEntries(found.filter(([, paths]) => paths.length > 0))).toEqual({
    'document-intake.notify': ['data.documents'],
    'inbox-digest.mail': ['text'],
  })
})
