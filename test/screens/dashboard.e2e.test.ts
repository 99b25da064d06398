import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser, launchBrowser, requireBrowserInCi } from './browser'
import { overflow, picture, signIn, startAskingRun, target, type Visitor, visit } from './visitor'

const INVOICE = join(import.meta.dirname, '../../examples/invoice-aws.pdf')
const CORRUPT = join(import.meta.dirname, '../../examples/corrupt.pdf')
/** A run of the main job, on a busy machine. */
const RUN_MS = 90_000

const executable = findBrowser()

describe.skipIf(!requireBrowserInCi(executable))('the dashboard', () => {
  let browser: Browser
  let visitor: Visitor
  let page: Page

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '')
    visitor = await visit(browser)
    page = visitor.page
  })
  afterAll(async () => await browser?.close())

  it('asks who is there before it shows anything', async () => {
    await page.goto(`${target().url}/approvals`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await picture(page, 'sign-in')
  })

  it('refuses a wrong password with a sentence', async () => {
    await page.getByLabel('Tenant').fill(target().tenant)
    await page.getByLabel('Email').fill(target().email)
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    expect(await page.getByRole('alert').textContent()).toMatch(/\w+ \w+/)
    // The browser itself logs the 401.
    visitor.complaints.length = 0
  })

  it('signs in by keyboard alone and goes where one wanted to go', async () => {
    await page.goto(`${target().url}/approvals`)
    await page.getByLabel('Tenant').waitFor()
    await tabTo(page, 'input[name=tenant]')
    await page.keyboard.type(target().tenant)
    await page.keyboard.press('Tab')
    await page.keyboard.type(target().email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(target().password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor()
  })

  it('moves by keys and explains them', async () => {
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  })

  it('starts a run for an uploaded invoice', async () => {
    await page.locator('input[type=file]').setInputFiles(INVOICE)
    await page.getByRole('list', { name: 'Uploads' }).getByText('Run started').waitFor()
    await page.getByRole('link', { name: 'Open run' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'invoice-aws.pdf' }).waitFor()
  })

  it('shows the run live to its approval or its end', async () => {
    await page.getByRole('region', { name: 'Steps of the run as a graph' }).getByRole('button').first().waitFor()
    await page.getByRole('tab', { name: /Log/ }).click()
    await page.getByText('Run started').first().waitFor()
    await Promise.race([
      page.getByRole('button', { name: 'Approve' }).waitFor({ timeout: RUN_MS }),
      page.getByText('The run is Completed.').waitFor({ state: 'attached', timeout: RUN_MS }),
    ])
    expect(await page.getByText('The run is Failed.').count()).toBe(0)
    await picture(page, 'run-log')
  })

  it('shows where a field stands on the page', async () => {
    await page.getByRole('tab', { name: /Fields/ }).click()
    const field = page.getByRole('button', { name: /^Show .+ on page \d/ }).first()
    await field.click()
    expect(await field.getAttribute('aria-pressed')).toBe('true')
    await page.locator('[data-highlight]').first().waitFor()
    await page.waitForFunction(() => [...document.querySelectorAll('canvas')].some((canvas) => canvas.width > 400))
    await picture(page, 'run-field')
    const [mark, sheet] = await Promise.all([
      page.locator('[data-highlight]').first().boundingBox(),
      page.locator('canvas').first().boundingBox(),
    ])
    expect(mark?.x).toBeGreaterThanOrEqual(sheet?.x ?? Number.NaN)
    expect(mark?.y).toBeGreaterThanOrEqual(sheet?.y ?? Number.NaN)
  })

  it('shows the same place in the text', async () => {
    await page.getByRole('radio', { name: 'Text' }).check()
    expect(await page.locator('mark').first().textContent()).toMatch(/\S/)
  })

  it('opens what a step gave', async () => {
    await page.getByRole('region', { name: 'Steps of the run as a graph' }).getByRole('button').first().click()
    await page.getByRole('dialog').getByText('Attempt').waitFor()
    await page.keyboard.press('Escape')
  })

  it('takes a decision where the run waits for one, and goes on to its end', async () => {
    const approve = page.getByRole('button', { name: 'Approve' })
    if ((await approve.count()) > 0) {
      await page.getByLabel('Comment').fill('Checked by eye.')
      await approve.click()
    }
    await page.getByText('The run is Completed.').waitFor({ state: 'attached', timeout: RUN_MS })
    await page.getByText('Ended', { exact: true }).waitFor()
  })

  it('opens the report and offers it for download', async () => {
    await page.getByRole('link', { name: /^Open report/ }).click()
    await page.waitForFunction(() => [...document.querySelectorAll('canvas')].some((canvas) => canvas.width > 400))
    await picture(page, 'report')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as XLSX' }).click()])
    expect(download.suggestedFilename()).toMatch(/\.xlsx$/)
  })

  it('decides approvals by keyboard, and only the one that has the focus', async () => {
    await startAskingRun()
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    const card = page.getByRole('article', { name: 'Pay the invoice?' })
    await card.getByText('The total is above the limit.').waitFor()
    await picture(page, 'approvals')
    await page.keyboard.press('a')
    expect(await card.getByRole('button', { name: 'Approve' }).isEnabled()).toBe(true)
    await page.keyboard.press('j')
    await page.keyboard.press('a')
    await page.getByText('Approved: Pay the invoice?').waitFor()
    await card.waitFor({ state: 'detached' })
  })

  it('keeps the comment of a rejection with the run', async () => {
    const { id } = await startAskingRun()
    await page.goto(`${target().url}/runs/${id}`)
    await page.getByLabel('Comment').fill('Already paid.')
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('The run is Failed.').waitFor({ state: 'attached' })
    await page.getByRole('tab', { name: /Log/ }).click()
    await page.getByText('Already paid.', { exact: true }).waitFor()
  })

  it('says what is wrong with a corrupt file', async () => {
    await page.goto(target().url)
    await page.locator('input[type=file]').setInputFiles(CORRUPT)
    await page
      .getByRole('list', { name: 'Uploads' })
      .getByText(/Run started|corrupt|damaged|cannot be read/)
      .first()
      .waitFor()
    await page
      .getByRole('row', { name: /corrupt\.pdf/ })
      .getByText('Failed')
      .first()
      .waitFor({ timeout: RUN_MS })
  })

  it('lists documents and shows one', async () => {
    await page.getByRole('link', { name: 'Documents' }).click()
    await page.getByRole('link', { name: 'invoice-aws.pdf' }).first().click()
    await page.waitForFunction(() => [...document.querySelectorAll('canvas')].some((canvas) => canvas.width > 400))
  })

  it('shows a workflow as a graph and as its text', async () => {
    await page.getByRole('link', { name: 'Workflows' }).click()
    await page.getByRole('link', { name: 'Document intake' }).click()
    await page.locator('.react-flow__node').first().waitFor()
    await page.getByRole('tab', { name: 'YAML source' }).click()
    await page.getByRole('region', { name: 'YAML source' }).getByText('document-intake').first().waitFor()
    await picture(page, 'workflow')
  })

  it('is dark when one wants it dark, and remembers that', async () => {
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await page.getByRole('radio', { name: 'Dark' }).check()
    const dark = await background()
    expect(dark).not.toBe(light)
    await page.reload()
    expect(await background()).toBe(dark)
  })

  it('speaks German', async () => {
    await page.goto(target().url)
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await page.getByRole('radio', { name: 'Deutsch' }).check()
    await page.getByRole('heading', { level: 1, name: 'Läufe' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de')
    await page.keyboard.press('Escape')
    await picture(page, 'runs-dark-german')
  })

  it('fits a screen of 360 pixels on every page', async () => {
    const phone = await visit(browser, { viewport: { width: 360, height: 740 }, hasTouch: true })
    await signIn(phone.page)
    const row = phone.page.getByRole('link', { name: 'invoice-aws.pdf' }).first()
    await row.waitFor()
    expect(await overflow(phone.page)).toBeLessThanOrEqual(0)
    await row.click()
    await phone.page.locator('.react-flow__node').first().waitFor()
    await picture(phone.page, 'run-360')
    expect(await overflow(phone.page)).toBeLessThanOrEqual(0)
    for (const place of ['approvals', 'documents', 'workflows', 'workflows/document-intake']) {
      await phone.page.goto(`${target().url}/${place}`)
      await phone.page.getByRole('heading', { level: 1 }).waitFor()
      expect(await overflow(phone.page), place).toBeLessThanOrEqual(0)
    }
    expect(phone.complaints).toEqual([])
    await phone.page.context().close()
  })

  it('signs out and shows nothing more', async () => {
    await page.getByRole('button', { name: 'Konto und Einstellungen' }).click()
    await page.getByRole('button', { name: 'Abmelden' }).click()
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
    await page.goto(`${target().url}/documents`)
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
  })

  it('kept within its content security policy and threw nothing', () => {
    expect(visitor.complaints).toEqual([])
  })
})

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 10; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Ten Tabs did not reach ${selector}.`)
}
