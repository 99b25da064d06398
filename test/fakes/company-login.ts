/// <reference path="./oidc-provider.d.ts" />
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { Provider } from 'oidc-provider'

/** What the provider says of a person, beside the subject. */
export interface Employee {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  groups?: string[]
}

/** A company's own sign-in: a real OpenID provider on loopback, where whoever is `employee` signs in without being asked. */
export interface CompanyLogin {
  issuer: string
  employee: Employee
  /** Follows the provider's pages as a browser does, until it is sent back to the client. */
  follow(url: string): Promise<URL>
  stop(): Promise<void>
}

export const CLIENT = { id: 'steward', secret: 'a secret of the client: 100% + more' }

interface Context {
  oidc: { provider: Provider; session: { accountId?: string }; client: { clientId: string }; result?: { consent?: { grantId?: string } } }
}

export async function startCompanyLogin(...redirectUris: string[]): Promise<CompanyLogin> {
  const server = createServer()
  const issuer = await listen(server)
  const login: CompanyLogin = {
    issuer,
    employee: { sub: 'nobody' },
    follow: (url) => follow(url, issuer),
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
  const provider = createProvider(login, redirectUris)
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    provider.interactionFinished(request, response, { login: { accountId: login.employee.sub } }).catch((thrown: unknown) => {
      response.statusCode = 500
      response.end(String(thrown))
    })
  })
  return login
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('The provider has no port.')
  return `http://127.0.0.1:${address.port}`
}

function createProvider(login: CompanyLogin, redirectUris: string[]): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { privateKey: elliptic } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return new Provider(login.issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: redirectUris,
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [privateKey, elliptic].map((key, index) => ({ ...key.export({ format: 'jwk' }), kid: `key-${index}`, use: 'sig' })) },
    cookies: { keys: ['only for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    renderError: (context: { body: string }, out: object) => {
      context.body = JSON.stringify(out)
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: Context, id: string) => ({ accountId: id, claims: () => ({ ...login.employee, sub: id }) }),
    loadExistingGrant: async ({ oidc }: Context) => {
      const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId ?? '', clientId: oidc.client.clientId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
}

const MAX_PAGES = 10

async function follow(start: string, issuer: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) throw new Error(`The provider answered ${response.status}: ${(await response.text()).slice(0, 500)}`)
    url = new URL(location, url)
    if (url.origin !== issuer) return url
  }
  throw new Error('The provider redirects too often.')
}
