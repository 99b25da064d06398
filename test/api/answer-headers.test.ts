import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { setHeaders } from '../../workers/api/answer-headers'

const asked = async (answer: () => Response) => {
  let isSame = false
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    const before = c.res
    setHeaders(c, { 'X-One': '1', 'X-Two': '2' })
    isSame = c.res === before
  })
  app.get('/', answer)
  const { status, headers } = await app.request('/')
  return { isSame, status, one: headers.get('X-One'), two: headers.get('X-Two'), location: headers.get('Location') }
}

test('headers are set on the answer itself', async () => {
  expect(await asked(() => new Response('ok'))).toEqual({ isSame: true, status: 200, one: '1', two: '2', location: null })
})

test('an answer whose headers nobody may change is copied with what it had', async () => {
  const location = 'https://steward.example/'
  expect(await asked(() => Response.redirect(location))).toEqual({ isSame: false, status: 302, one: '1', two: '2', location })
})
