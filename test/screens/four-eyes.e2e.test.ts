import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient, createDemoTenant, type DemoTenant } from '../../scripts/client.ts'
import { findBrowser, launchBrowser, requireBrowserInCi } from './browser'
import { picture, signIn, target, visit } from './visitor'

const YAML = `name: four-eyes
title: Four eyes
input: { type: object }
steps:
  - id: ask
    approval: { title: 'Pay the invoice?', details: { total: 4711.5 }, preventSelfApproval: true }
outputs: { paid: true }
`
const executable = findBrowser()

describe.skipIf(!requireBrowserInCi(executable))('an approval that wants somebody else', () => {
  let browser: Browser
  let tenant: DemoTenant
  /** The administrator, as a program with the administrator's own token. */
  let person: Client
  /** A key of which nobody knows whose it is. */
  let program: Client

  beforeAll(async () => {
    const { url } = target()
    tenant = await createDemoTenant(
      { url, adminToken: process.env.STEWARD_ADMIN_TOKEN ?? '' },
      { slug: 'four-eyes-screens', name: 'Four eyes' },
    )
    program = createClient(url, tenant.apiKey)
    await program.put('/api/v1/workflows/four-eyes', YAML, 'application/yaml')
    const { email, password, slug } = tenant
    const { accessToken } = await createClient(url, '').post<{ accessToken: string }>('/auth/login', { tenant: slug, email, password })
    person = createClient(url, accessToken)
    browser = await launchBrowser(executable ?? '')
  })
  afterAll(async () => await browser?.close())

  const start = async (client: Client) => await client.post<{ id: string }>('/api/v1/runs', { workflow: 'four-eyes', title: 'An invoice' })

  async function open(page: Page, path: string) {
    const { email, password, slug } = tenant
    await signIn(page, { tenant: slug, email, password })
    await page.goto(`${target().url}${path}`)
    const card = page.getByRole('article', { name: 'Pay the invoice?' })
    await card.waitFor()
    return card
  }

  it.each([
    ['en-GB', 'You started or resumed this run, so somebody else has to decide this.', 'barred-en'],
    ['de-DE', 'Sie haben diesen Lauf gestartet oder fortgesetzt, daher muss jemand anderes darüber entscheiden.', 'barred-de'],
  ])('says so (%s) in place of the buttons to whoever started the run', async (locale, words, name) => {
    const { id } = await start(person)
    const { page, complaints } = await visit(browser, { locale })
    const card = await open(page, `/runs/${id}`)
    await card.getByText(words).waitFor()
    expect(await card.getByRole('button').count()).toBe(0)
    await picture(page, name)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('has its buttons for whoever did not', async () => {
    const { id } = await start(program)
    const { page } = await visit(browser)
    const card = await open(page, `/runs/${id}`)
    await card.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('The run is Completed.').waitFor({ state: 'attached' })
    await page.context().close()
  })
})
