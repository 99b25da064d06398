import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENT, type CompanyLogin, startCompanyLogin } from '../fakes/company-login.ts'
import { findBrowser, launchBrowser, requireBrowserInCi } from './browser'
import { overflow, picture, target, type Visitor, visit } from './visitor'

const executable = findBrowser()
/** Passkeys are bound to names; an address of numbers has none. */
const home = () => target().url.replace('127.0.0.1', 'localhost')

describe.skipIf(!requireBrowserInCi(executable))('ways to sign in', () => {
  let browser: Browser
  let visitor: Visitor
  let page: Page
  let cdp: CDPSession
  let login: CompanyLogin

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '')
    visitor = await visit(browser)
    page = visitor.page
    cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
    login = await startCompanyLogin(`${home()}/api/v1/auth/oidc/callback/${target().tenant}/company`)
  })
  afterAll(async () => {
    await browser?.close()
    await login?.stop()
  })

  const byPassword = async () => {
    await page.goto(`${home()}/sign-in?next=%2Faccount`)
    await page.locator('input[name=tenant]').fill(target().tenant)
    await page.locator('input[name=email]').fill(target().email)
    await page.locator('input[name=password]').fill(target().password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
  }
  const byCompany = async () => {
    // The provider has sessions of its own.
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Use your company account' }).click()
    await page.locator('input[name=tenant]').last().fill(target().tenant)
    await page.locator('input[name=provider]').fill('company')
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  const signOut = async () => {
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  }

  it('adds a passkey on the account page', async () => {
    await byPassword()
    await page.getByText('You have no passkey yet.').waitFor()
    await page.getByLabel('Name of the passkey').fill('Laptop of the test')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('The passkey was added.').waitFor()
    await page.getByText('Laptop of the test', { exact: true }).waitFor()
    await picture(page, 'account')
  })

  it('signs in with it, without tenant, address or password', async () => {
    await signOut()
    await page.goto(`${home()}/sign-in?next=%2Faccount`)
    await picture(page, 'sign-in-ways')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
    await page.getByText(target().email).first().waitFor()
    await page.getByText(/last used/).waitFor()
  })

  it('removes it, and then it opens nothing', async () => {
    await page.getByRole('button', { name: 'Remove Laptop of the test' }).click()
    await page.getByText('You have no passkey yet.').waitFor()
    await signOut()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('not known here')
    // The browser itself logs the 401.
    visitor.complaints.length = 0
  })

  it("signs in with the company's account, and leaves no code in the address", async () => {
    await enterProvider(login.issuer)
    login.employee = { sub: 'e-7', email: 'kim@acme.example', email_verified: true, name: 'Kim' }
    await page.goto(`${home()}/sign-in?next=%2Faccount`)
    await byCompany()
    await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
    await page.getByText('kim@acme.example').first().waitFor()
    expect(page.url()).toBe(`${home()}/account`)
  })

  it('two tabs that renew at once stay signed in', async () => {
    const other = await page.context().newPage()
    await other.goto(`${home()}/account`)
    await other.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
    const before = await page.evaluate(() => {
      const session = JSON.parse(localStorage.getItem('steward.session') ?? '{}')
      localStorage.setItem('steward.session', JSON.stringify({ ...session, expiresAt: 0 }))
      return session.refreshToken
    })
    let renewals = 0
    page.context().on('request', (request) => {
      if (request.url().endsWith('/auth/refresh')) renewals += 1
    })
    await Promise.all([page.reload(), other.reload()])
    for (const tab of [page, other]) await tab.getByText('You have no passkey yet.').waitFor()
    expect(renewals).toBe(1)
    expect(await page.evaluate(() => JSON.parse(localStorage.getItem('steward.session') ?? '{}').refreshToken)).not.toBe(before)
    await other.close()
  })

  it('says in words that somebody may not come in', async () => {
    await signOut()
    login.employee = { sub: 'e-8', email: 'eve@evil.example', email_verified: true }
    await byCompany()
    await page.getByText('you may not come in here').waitFor()
    expect(page.url()).not.toContain('#')
  })

  it('fits a screen of 360 pixels, and kept within its content security policy', async () => {
    const phone = await visit(browser, { viewport: { width: 360, height: 740 }, hasTouch: true })
    await phone.page.goto(`${home()}/sign-in`)
    await phone.page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    expect(await overflow(phone.page)).toBeLessThanOrEqual(0)
    await phone.page.context().close()
    expect(visitor.complaints).toEqual([])
  })
})

async function enterProvider(issuer: string): Promise<void> {
  const response = await fetch(`${target().url}/api/v1/identity-providers/company`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${process.env.STEWARD_API_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      ...{ issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret },
      ...{ allowedDomains: ['acme.example'], createsAccounts: true, defaultRole: 'agent' },
    }),
  })
  if (!response.ok) throw new Error(`The provider was not entered: ${response.status} ${await response.text()}`)
}
