import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient, createDemoTenant, type DemoTenant } from '../../scripts/client.ts'
import { findBrowser, launchBrowser, requireBrowserInCi } from './browser'
import { picture, signIn, target, visit } from './visitor'

const executable = findBrowser()

describe.skipIf(!requireBrowserInCi(executable))('an effect of which nobody knows whether it happened', () => {
  let browser: Browser
  let tenant: DemoTenant
  let client: Client
  let receiver: Server
  let received = 0

  beforeAll(async () => {
    // Takes the order, then hangs up.
    receiver = createServer((request) => {
      received += 1
      request.resume().on('end', () => request.socket.destroy())
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { url } = target()
    tenant = await createDemoTenant({ url, adminToken: process.env.STEWARD_ADMIN_TOKEN ?? '' }, { slug: 'doubt-screens', name: 'Doubt' })
    client = createClient(url, tenant.apiKey)
    const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/orders`
    const yaml = `name: order\ninput: { type: object }\nsteps:\n  - id: order\n    http: { method: POST, url: "${address}", body: { n: 1 } }\noutputs: "\${{ steps.order.output }}"\n`
    await client.put('/api/v1/workflows/order', yaml, 'application/yaml')
    browser = await launchBrowser(executable ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    receiver?.close()
  })

  it('is asked about on the page of its run, and goes on with what the person found', async () => {
    const { id } = await client.post<{ id: string }>('/api/v1/runs', { workflow: 'order', title: 'An order' })
    const { page, complaints } = await visit(browser)
    const { email, password, slug } = tenant
    await signIn(page, { tenant: slug, email, password })
    await page.goto(`${target().url}/runs/${id}`)
    const card = page.getByRole('article', { name: /Did it happen\? http to 127\.0\.0\.1/ })
    await card.waitFor()
    await picture(page, 'doubtful-effect')
    await card.getByRole('button', { name: 'It happened' }).click()
    await page.getByText('The run is Completed.').waitFor({ state: 'attached' })
    expect([received, complaints]).toEqual([1, []])
    const { outputs } = await client.get<{ outputs: unknown }>(`/api/v1/runs/${id}`)
    expect(outputs).toMatchObject({ status: null, body: null, confirmedBy: expect.any(String) })
    await page.context().close()
  })
})
