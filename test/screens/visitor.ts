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

export async function signIn(page: Page): Promise<void> {
  const { url, tenant, email, password } = target()
  await page.goto(`${url}/sign-in`)
  await page.locator('input[name=tenant]').fill(tenant)
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('input[type=file]').waitFor({ state: 'attached' })
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
