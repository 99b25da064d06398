import { describe, expect, it } from 'vitest'
import { assertSecretMayGo, SecretHost } from '../../workers/domain/secret-hosts'

const goes = (hosts: string[] | undefined, address: string): boolean => {
  try {
    assertSecretMayGo('crm', hosts, address)
    return true
  } catch {
    return false
  }
}

describe('a secret', () => {
  it('without hosts goes anywhere, and so does one that says so', () => {
    expect(goes(undefined, 'https://evil.example/x')).toBe(true)
    expect(goes(['api.example.com', '*'], 'https://evil.example/x')).toBe(true)
  })

  it.each([
    ['api.example.com', 'https://api.example.com/v1?x=1'],
    ['API.Example.com', 'https://api.example.com'],
    ['api.example.com', 'https://api.example.com:443/'],
    ['api.example.com', 'https://api.example.com./'],
    ['api.example.com:443', 'https://api.example.com/'],
    ['api.example.com:8443', 'https://api.example.com:8443/'],
    ['*.example.com', 'https://a.example.com/'],
    ['*.example.com', 'https://a.b.example.com/'],
    ['*.example.com:8443', 'https://a.example.com:8443/'],
    ['bücher.example', 'https://xn--bcher-kva.example/'],
    ['127.0.0.1:9000', 'http://127.0.0.1:9000/'],
    ['127.0.0.1:9000', 'http://2130706433:9000/'],
    ['127.0.0.1:80', 'http://127.0.0.1/'],
    ['[::1]:9000', 'http://[0:0:0:0:0:0:0:1]:9000/'],
  ])('for %s goes to %s', (host, address) => {
    expect(SecretHost.safeParse(host).success).toBe(true)
    expect(goes([host], address)).toBe(true)
    expect(goes(['other.example.org', host], address)).toBe(true)
  })

  it.each([
    ['api.example.com', 'https://example.com/'],
    ['api.example.com', 'https://api.example.com.evil.example/'],
    ['api.example.com', 'https://evil-api.example.com/'],
    ['api.example.com', 'https://evil.example/api.example.com'],
    ['api.example.com', 'https://api.example.com@evil.example/'],
    ['api.example.com', 'https://evil.example\\@api.example.com/'],
    ['api.example.com', 'https://api.example.com:8443/'],
    ['api.example.com', 'http://api.example.com/'],
    ['api.example.com:8443', 'https://api.example.com/'],
    ['*.example.com', 'https://example.com/'],
    ['*.example.com', 'https://badexample.com/'],
    ['*.example.com', 'https://a.example.com.evil.example/'],
    ['*.example.com', 'https://a.example.com:8443/'],
    ['127.0.0.1', 'https://127.0.0.2/'],
    ['127.0.0.1:80', 'http://127.0.0.1:81/'],
  ])('for %s does not go to %s', (host, address) => {
    expect(goes([host], address)).toBe(false)
  })

  it('that may not go says for which hosts it is, and not the rest of the address', () => {
    expect(() => assertSecretMayGo('crm', ['api.example.com'], 'https://evil.example/path?token=abc')).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        reason: 'secret_host',
        message:
          "The secret 'crm' is for api.example.com and was not sent to evil.example; use another secret there, or add the host with PUT /api/v1/tenants/me/secrets/crm.",
      }),
    )
    expect(() => assertSecretMayGo('crm', ['api.example.com'], 'not an address')).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})

it.each([
  '',
  ' ',
  'https://api.example.com',
  'api.example.com/path',
  'api.example.com?x',
  'user@api.example.com',
  'api.example.com, other.example.com',
  '*.com',
  '*.',
  '**',
  '*example.com',
  'api.*.example.com',
  '*.*.example.com',
  '*.127.0.0.1',
  'api.example.com:*',
  'api.example.com:99999',
  'api%2eexample.com',
  'a b.example.com',
  '\\evil.example',
])("'%s' is no host for a secret", (text) => {
  expect(SecretHost.safeParse(text).success).toBe(false)
})
