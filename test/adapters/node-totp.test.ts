import { describe, expect, test } from 'vitest'
import { hotp, oneTimeCodes } from '../../workers/adapters/node-totp'
import { describeSecondFactors } from '../contracts/second-factors'
import { createFakeSecondFactors } from '../fakes/second-factors'

/** Both RFCs use it for SHA-1. */
const SECRET = new TextEncoder().encode('12345678901234567890')
const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describeSecondFactors('the fake second factors', createFakeSecondFactors)

describe('codes of authenticator apps', () => {
  test('are those of RFC 4226, appendix D', () => {
    const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
    expect(codes.map((_, counter) => hotp(SECRET, counter, 6))).toEqual(codes)
  })

  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('are those of RFC 6238, appendix B, at %i seconds', (seconds, code) => {
    expect(hotp(SECRET, Math.floor(seconds / 30), 8)).toBe(code)
    expect(oneTimeCodes.stepOf(BASE32, code.slice(2), new Date(seconds * 1_000))).toBe(Math.floor(seconds / 30))
  })

  test('are good half a minute before and after, and not beyond', () => {
    const at = (seconds: number) => oneTimeCodes.stepOf(BASE32, '081804', new Date((1_111_111_080 + seconds) * 1_000))
    expect([-30, 0, 29, 59].map(at)).toEqual([37037036, 37037036, 37037036, 37037036])
    expect([-31, 60].map(at)).toEqual([undefined, undefined])
    for (const wrong of ['', '08180', '0818040', '081805', 'abcdef', '０８１８０４'])
      expect(oneTimeCodes.stepOf(BASE32, wrong, new Date(1_111_111_109_000)), wrong).toBeUndefined()
  })

  test('come of secrets of 160 random bits, which an app reads out of a URI', () => {
    const secret = oneTimeCodes.newSecret()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(oneTimeCodes.newSecret()).not.toBe(secret)
    expect(oneTimeCodes.uri('ABC', 'jo@acme.example', 'Acme & Co')).toBe(
      'otpauth://totp/Acme%20%26%20Co:jo%40acme.example?secret=ABC&issuer=Acme%20%26%20Co&algorithm=SHA1&digits=6&period=30',
    )
  })
})
