import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from '../../web/build/security-headers'
import { readProblem } from '../../web/src/api/problem'

describe('a refusal of the API', () => {
  it('keeps its sentence, its code and the places that are wrong', () => {
    const body = {
      type: 'urn:steward:problem:invalid',
      title: 'Not valid',
      status: 400,
      detail: 'Write a name.',
      code: 'invalid',
      problems: [{ path: 'name', message: 'is missing' }, 'x'],
    }
    expect(readProblem(400, JSON.stringify(body))).toMatchObject({
      status: 400,
      code: 'invalid',
      message: 'Write a name.',
      problems: [{ path: 'name', message: 'is missing' }],
    })
  })

  it('has no sentence when a proxy answered in its stead', () => {
    expect(readProblem(502, '<html>Bad gateway</html>')).toMatchObject({ status: 502, code: 'unreadable', message: '' })
  })
})

describe('the content security policy', () => {
  it('allows no inline script or style', () => {
    expect(contentSecurityPolicy(undefined)).not.toContain('unsafe-inline')
    expect(contentSecurityPolicy(undefined)).toContain("connect-src 'self';")
  })

  it('lets the page reach an API on another origin, live events included', () => {
    expect(contentSecurityPolicy('https://api.example.com/x')).toContain("connect-src 'self' https://api.example.com wss://api.example.com")
  })
})
