import { describe, expect, test } from 'vitest'
import {
  holdsSealed,
  maskSealed,
  openSealed,
  PII_MASK,
  readSealed,
  refuseSealed,
  sealAgain,
  sealLeaves,
} from '../../workers/domain/sealed-fields'
import { createFakeSealedFields } from '../fakes/tenant-keys'

const fields = createFakeSealedFields()

describe('values marked as personal data', () => {
  test('every text, number and boolean is sealed; shape, nulls and empty texts stay', async () => {
    const value = { name: 'Jane Doe', age: 52, vip: true, none: null, empty: '', tags: ['a', { b: 'Jane Doe' }] }
    const { value: sealed, sealed: tokens } = await sealLeaves(value, fields)
    expect(JSON.stringify(sealed)).not.toMatch(/Jane|52|true/)
    expect(sealed).toMatchObject({ none: null, empty: '' })
    expect(tokens.size).toBe(4)
    expect((await openSealed(sealed, fields)).value).toEqual(value)
  })

  test('a token is opened to its own type, and within a text to text', async () => {
    const token = await fields.seal(1190.5)
    expect((await openSealed({ n: token, text: `Due: ${token} EUR`, [`for ${token}`]: 1 }, fields)).value).toEqual({
      n: 1190.5,
      text: 'Due: 1190.5 EUR',
      'for 1190.5': 1,
    })
  })

  test('a token that was cut or is of another tenant is refused, not acted upon', async () => {
    const token = await fields.seal('Jane Doe')
    await expect(openSealed({ to: token.slice(0, -3) }, fields)).rejects.toMatchObject({ code: 'invalid', reason: 'sealed_value' })
    await expect(openSealed({ to: token }, createFakeSealedFields())).rejects.toMatchObject({ code: 'invalid' })
  })

  test('what was opened is sealed again with its token, whole and within longer texts and names of members', async () => {
    const token = await fields.seal('Jane Doe')
    const { opened } = await openSealed([token], fields)
    expect(sealAgain({ a: 'Jane Doe', b: 'Dear Jane Doe!', 'Jane Doe': 1, c: 'John' }, opened)).toEqual({
      a: token,
      b: `Dear ${token}!`,
      [token]: 1,
      c: 'John',
    })
  })

  test('short values are found only where they stand alone, and tokens are never cut', async () => {
    const { opened } = await openSealed([await fields.seal('ab'), await fields.seal(7), await fields.seal('.pii')], fields)
    const tokenOf = (value: unknown) => [...opened].find(([, plain]) => plain === value)?.[0]
    expect(sealAgain({ a: 'ab', b: 'table', n: 7 }, opened)).toEqual({ a: tokenOf('ab'), b: 'table', n: 7 })
    const [token] = opened.keys()
    expect(sealAgain(`x ${token} y`, opened)).toBe(`x ${token} y`)
  })

  test('readers get values or masks, and a token that does not open is a mask', async () => {
    const json = JSON.stringify({
      name: await fields.seal('Jane "J" Doe'),
      note: `of ${await fields.seal('Bo')}`,
      lost: '~pii.1.nobody-1~',
    })
    expect(JSON.parse(await readSealed(json, fields))).toEqual({ name: 'Jane "J" Doe', note: 'of Bo', lost: PII_MASK })
    expect(JSON.parse(await readSealed(json, undefined))).toEqual({ name: PII_MASK, note: `of ${PII_MASK}`, lost: PII_MASK })
    expect(maskSealed(`Report for ${await fields.seal('Bo')}`)).toBe(`Report for ${PII_MASK}`)
  })

  test('sealed values from outside are refused', async () => {
    const order = { deep: [{ name: await fields.seal('x') }] }
    expect(holdsSealed(order)).toBe(true)
    expect(() => refuseSealed(order, 'The order')).toThrow(/The order holds a sealed value/)
    expect(() => refuseSealed({ deep: ['plain ~ text'] }, 'The order')).not.toThrow()
  })
})
