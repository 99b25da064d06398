import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient, createDemoTenant } from '../../scripts/client.ts'
import { NAUGHTY_STRINGS } from '../fuzz/naughty-strings'
import { PATIENCE } from '../patience'
import { findBrowser, launchBrowser, requireBrowserInCi } from './browser'
import { picture, signIn, target, type Visitor, visit } from './visitor'

const RUN_MS = 90_000
/** What could act in a page: markup, addresses, templates, formulas, and letters that turn or hide what stands beside them. */
const STRINGS = NAUGHTY_STRINGS.filter(
  (text) => text.length <= 120 && /[<>&"'`{=@]|javascript:|[\u0590-\u08ff\u180e\u200b-\u202f\ufeff]|\p{Extended_Pictographic}/u.test(text),
)
/** Without those that a workflow would take for expressions. */
const DETAILS = STRINGS.filter((text) => !/\{[{%]/.test(text))
const TITLES = STRINGS.filter((_, at) => at % 2 === 0).slice(0, 25)
const MARK = '<img src=x onerror=alert(1)>'
const TITLE = `"><script>alert(1)</script>${MARK} \u202Egnp.exe\u202C \u200B👩‍👩‍👧‍👦`
const YAML = `name: naughty-screen
title: ${JSON.stringify(TITLE)}
description: ${JSON.stringify(TITLE)}
input: { type: object }
steps:
  - id: ask
    name: ${JSON.stringify(TITLE)}
    approval: { title: ${JSON.stringify(TITLE)}, details: { ${DETAILS.map((text, at) => `s${at}: ${JSON.stringify(text)}`).join(', ')} } }
`

const executable = findBrowser()

describe.skipIf(!requireBrowserInCi(executable))('naughty strings in the dashboard', () => {
  let browser: Browser
  let visitor: Visitor
  let page: Page
  let client: Client
  /** What a page must never do because of somebody's text. */
  const acts: string[] = []
  const ids = { document: '', run: '', reading: '' }

  beforeAll(async () => {
    // A tenant of its own: other screens look at lists too.
    const { url } = target()
    const tenant = await createDemoTenant(
      { url, adminToken: process.env.STEWARD_ADMIN_TOKEN ?? '' },
      { slug: 'naughty-screens', name: TITLE },
    )
    client = createClient(url, tenant.apiKey)
    await client.put('/api/v1/workflows/naughty-screen', YAML, 'application/yaml')
    for (const title of TITLES) await client.post('/api/v1/runs', { workflow: 'naughty-screen', title })
    ids.run = (await client.post<{ id: string }>('/api/v1/runs', { workflow: 'naughty-screen', input: { text: TITLE }, title: TITLE })).id
    const bytes = new TextEncoder().encode(`${TITLE}\n\n${STRINGS.join('\n\n')}\n`)
    ids.document = (await client.upload<{ document: { id: string } }>('/api/v1/documents', `${MARK}.txt`, bytes)).document.id
    const order = { workflow: 'document-intake', input: { documentId: ids.document }, documentId: ids.document, title: TITLE }
    ids.reading = (await client.post<{ id: string }>('/api/v1/runs', order)).id
    browser = await launchBrowser(executable ?? '')
    visitor = await visit(browser)
    page = visitor.page
    page.on('dialog', async (dialog) => {
      acts.push(`dialog: ${dialog.message()}`)
      await dialog.dismiss()
    })
    page.on('request', (request) => {
      const isOurs = request.url().startsWith(`${target().url}/`) || /^(?:data|blob):/.test(request.url())
      if (!isOurs || /\/x$|p\.png/.test(request.url())) acts.push(`request: ${request.url()}`)
    })
    page.on('framenavigated', (frame) => {
      if (!frame.url().startsWith(target().url) && frame.url() !== 'about:blank') acts.push(`navigation: ${frame.url()}`)
    })
    await signIn(page, { ...tenant, tenant: tenant.slug })
  })
  afterAll(async () => await browser?.close())

  const words = (): Promise<string> => page.evaluate(() => document.body.textContent ?? '')
  /** Elements that only a text which became markup can have made. */
  const made = (): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter(
          (element) =>
            element.getAttributeNames().some((name) => name.startsWith('on')) ||
            /^(?:javascript|data:text\/html)/i.test(element.getAttribute('href') ?? element.getAttribute('src') ?? '') ||
            element.matches('img[src=x], iframe[src], body script:not([src])'),
        )
        .map((element) => element.outerHTML.slice(0, 120)),
    )
  const isHarmless = async () => expect([...acts, ...visitor.complaints, ...(await made())]).toEqual([])

  it('are words in the list of runs', async () => {
    await page.goto(target().url)
    // Started last, so it stands on the first page of the list with the others.
    await page.getByRole('link', { name: '<script>alert(1)</script>' }).first().waitFor()
    // The list may be a moment behind the starts.
    const missing = async () => {
      const text = await words()
      return [...TITLES, TITLE].filter((title) => !text.includes(title))
    }
    await expect.poll(missing, PATIENCE).toEqual([])
    await picture(page, 'naughty-runs')
    await isHarmless()
  })

  it('are words in the list of workflows, and on the page of one with its text', async () => {
    await page.goto(`${target().url}/workflows`)
    await page.getByText('naughty-screen').first().waitFor()
    expect(await words()).toContain(TITLE)
    await page.goto(`${target().url}/workflows/naughty-screen`)
    await page.locator('.react-flow__node').first().waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(TITLE)
    await page.getByRole('tab', { name: 'YAML source' }).click()
    await page.getByRole('region', { name: 'YAML source' }).getByText('naughty-screen').first().waitFor()
    await isHarmless()
  })

  it('are words in an approval with its details, and in the comment that answers it', async () => {
    await page.goto(`${target().url}/runs/${ids.run}`)
    await page.getByRole('button', { name: 'Reject' }).waitFor()
    const text = await words()
    expect(text).toContain(TITLE)
    for (const each of DETAILS) expect(text.includes(each), JSON.stringify(each)).toBe(true)
    await picture(page, 'naughty-approval')
    await page.getByLabel('Comment').fill(TITLE)
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('The run is Failed.').waitFor({ state: 'attached' })
    await page.getByRole('tab', { name: /Log/ }).click()
    await page.getByText('Run started').first().waitFor()
    expect(await words()).toContain(TITLE)
    await isHarmless()
  })

  it('are words in the page of all approvals', async () => {
    await page.goto(`${target().url}/approvals`)
    await page.getByRole('article').first().waitFor()
    expect(await words()).toContain(TITLE)
    await isHarmless()
  })

  it('are words in a document, its name and the run that read it', async () => {
    await page.goto(`${target().url}/runs/${ids.reading}`)
    await Promise.race([
      page.getByText('The run is Completed.').waitFor({ state: 'attached', timeout: RUN_MS }),
      page.getByRole('button', { name: 'Approve' }).waitFor({ timeout: RUN_MS }),
    ])
    await page.getByRole('heading', { level: 1, name: 'img src=x onerror=alert(1)' }).waitFor()
    await isHarmless()
    await page.goto(`${target().url}/documents/${ids.document}`)
    await page.getByText('<script>alert(1)</script>').first().waitFor()
    await picture(page, 'naughty-document')
    const text = await words()
    // Reading a text takes control characters out of it.
    for (const each of STRINGS.filter((string) => string.includes('<') && !string.includes('\u0001')))
      expect(text.includes(each), JSON.stringify(each)).toBe(true)
    await isHarmless()
    await page.goto(`${target().url}/documents`)
    await page.getByRole('link', { name: 'img src=x' }).first().waitFor()
    await isHarmless()
  })
})
