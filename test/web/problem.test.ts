import { afterEach, describe, expect, it, vi } from 'vitest'
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

describe('a refusal for want of a second factor', () => {
  afterEach(() => vi.unstubAllGlobals())
  const refuse = (status: number, pathname: string) => {
    const assign = vi.fn()
    vi.stubGlobal('location', { pathname, assign })
    const error = readProblem(status, JSON.stringify({ code: 'forbidden', detail: 'Add one.', reason: 'second_factor_required' }))
    return { error, assign }
  }

  it('leads from every screen to the account page', () => {
    const { error, assign } = refuse(403, '/runs/run_1')
    expect(assign).toHaveBeenCalledExactlyOnceWith('/account')
    expect(error).toMatchObject({ status: 403, reason: 'second_factor_required', message: 'Add one.' })
  })

  it('leads nowhere from the account page, nor where a code is asked for at sign-in', () => {
    expect(refuse(403, '/account').assign).not.toHaveBeenCalled()
    expect(refuse(401, '/sign-in').assign).not.toHaveBeenCalled()
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
