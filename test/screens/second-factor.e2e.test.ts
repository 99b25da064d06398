import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser, launchBrowser, requireBrowserInCi } from './browser'
import { overflow, picture, target, visit } from './visitor'

const executable = findBrowser()
/** Passkeys are bound to names; an address of numbers has none. */
const home = () => target().url.replace('127.0.0.1', 'localhost')

describe.skipIf(!requireBrowserInCi(executable))('a company that asks for a second factor', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '')
    page = (await visit(browser)).page
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
    await policy('PUT', { requireSecondFactor: 'everyone' })
  })
  afterAll(async () => {
    await policy('PUT', {})
    await browser?.close()
  })

  const byPassword = async () => {
    await page.goto(`${home()}/sign-in`)
    await page.locator('input[name=tenant]').fill(target().tenant)
    await page.locator('input[name=email]').fill(target().email)
    await page.locator('input[name=password]').fill(target().password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  it('takes whoever has none to the account page and says why, in their language', async () => {
    await byPassword()
    await page.getByText('Add a passkey here. Until then').waitFor()
    expect(new URL(page.url()).pathname).toBe('/account')
    await picture(page, 'second-factor-enrol')
    await page.goto(`${home()}/documents`)
    await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await page.getByRole('radio', { name: 'Deutsch' }).or(page.getByText('Deutsch')).first().click()
    await page.keyboard.press('Escape')
    await page.getByText('Ihre Firma verlangt mehr als ein Passwort.').waitFor()
    expect(await overflow(page)).toBeLessThanOrEqual(0)
  })

  it('opens everything once a passkey is added', async () => {
    await page.getByLabel('Name des Passkeys').fill('Der zweite Faktor')
    await page.getByRole('button', { name: 'Passkey hinzufügen' }).click()
    await page.getByText('Ihre Firma verlangt mehr als ein Passwort.').waitFor({ state: 'detached' })
    await page.goto(`${home()}/documents`)
    await page.getByRole('heading', { level: 1, name: 'Dokumente' }).waitFor()
  })

  it('takes whoever signs in with the password alone to where they can use theirs', async () => {
    // As after a sign-out; the language stays.
    await page.evaluate(() => localStorage.removeItem('steward.session'))
    await page.goto(`${home()}/sign-in`)
    await page.locator('input[name=tenant]').fill(target().tenant)
    await page.locator('input[name=email]').fill(target().email)
    await page.locator('input[name=password]').fill(target().password)
    await page.locator('button[type=submit]').click()
    await page.getByText('nur mit Ihrem Passwort angemeldet').waitFor()
    await picture(page, 'second-factor-prove')
    await page.getByRole('button', { name: 'Mit Passkey anmelden' }).click()
    await page.locator('input[type=file]').waitFor({ state: 'attached' })
    expect(new URL(page.url()).pathname).toBe('/')
  })

  it('sets on the account page what it asks of sign-ins', async () => {
    await page.goto(`${home()}/account`)
    const whom = page.getByLabel('Zweiten Faktor verlangen')
    expect(await whom.inputValue()).toBe('everyone')
    await whom.selectOption({ label: 'von niemandem' })
    await page.getByLabel('Minuten Ruhe, bis eine Anmeldung endet').fill('480')
    await page.getByLabel('Stunden, bis eine Anmeldung in jedem Fall endet').fill('12')
    await picture(page, 'sign-in-policy')
    await page.getByRole('button', { name: 'Speichern' }).click()
    await page.getByText('Gespeichert.').waitFor()
    expect(await policy('GET')).toEqual({ requireSecondFactor: 'none', idleMinutes: 480, absoluteHours: 12 })
    await page.getByRole('button', { name: 'Der zweite Faktor entfernen' }).click()
    await page.getByText('Sie haben noch keinen Passkey.').waitFor()
  })
})

async function policy(method: 'GET' | 'PUT', body?: object): Promise<unknown> {
  const response = await fetch(`${target().url}/api/v1/tenant/sign-in-policy`, {
    method,
    headers: { Authorization: `Bearer ${process.env.STEWARD_API_KEY}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} of the policy answered ${response.status}: ${await response.text()}`)
  return await response.json()
}
