import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** The running Worker and who signs in there; the test configuration's set-up gives them. */
export function target(): { url: string; tenant: string; email: string; password: string } {
  const read = (name: string): string => {
    const value = process.env[name]
    if (value === undefined || value === '')
      throw new Error(`${name} is not set; run the screens with \`npm run test:screens\`, which starts a Worker.`)
    return value
  }
  return { url: read('STEWARD_URL'), tenant: read('STEWARD_TENANT'), email: read('STEWARD_EMAIL'), password: read('STEWARD_PASSWORD') }
}

export interface Visitor {
  page: Page
  /** What the page complained about: errors thrown, and errors in its console, such as a breach of the content security policy. */
  complaints: string[]
}

const ENGLISH = { locale: 'en-GB', viewport: { width: 1_280, height: 840 } }

/** Somebody with a browser of their own. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ ...ENGLISH, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  return { page, complaints }
}

export async function signIn(page: Page, who: Omit<ReturnType<typeof target>, 'url'> = target()): Promise<void> {
  const { url } = target()
  const { tenant, email, password } = who
  await page.goto(`${url}/sign-in`)
  await page.locator('input[name=tenant]').fill(tenant)
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('input[type=file]').waitFor({ state: 'attached' })
}

const ASKING_WORKFLOW = `name: ask-first
title: Ask first
input: { type: object }
steps:
  - id: ask
    approval: { title: 'Pay the invoice?', details: { total: 4711.5, reasons: [The total is above the limit.] } }
outputs: { paid: true }
`

/** Starts a run that waits for a person at once, by the API as a program would. */
export async function startAskingRun(): Promise<{ id: string }> {
  const { url, tenant, email, password } = target()
  const json = { 'Content-Type': 'application/json' }
  const { accessToken } = await read(`${url}/auth/login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ tenant, email, password }),
  })
  const Authorization = `Bearer ${accessToken}`
  await read(`${url}/api/v1/workflows/ask-first`, {
    method: 'PUT',
    headers: { Authorization, 'Content-Type': 'application/yaml' },
    body: ASKING_WORKFLOW,
  })
  const order = { workflow: 'ask-first', input: {}, title: 'An invoice to pay' }
  return await read(`${url}/api/v1/workflows/execute`, { method: 'POST', headers: { Authorization, ...json }, body: JSON.stringify(order) })
}

async function read(url: string, init: RequestInit) {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`${init.method} ${url} answered ${response.status}: ${await response.text()}`)
  return await response.json()
}

/** Keeps a picture of the page where STEWARD_SCREENSHOTS names a folder, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.STEWARD_SCREENSHOTS
  if (folder === undefined || folder === '') return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** How far the page is wider than its window, pixels. */
export const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
