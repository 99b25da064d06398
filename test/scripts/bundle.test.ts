import { expect, it } from 'vitest'
import { builtScripts, bundleFolderOf } from '../../scripts/bundle'

it('two servers with data of their own share no script of a bundle', () => {
  const [one, other] = ['.steward/one', '.steward/other'].map((data) => builtScripts(bundleFolderOf(data)).map(({ entry }) => entry))
  expect(one).toHaveLength(3)
  expect(one?.filter((entry) => other?.includes(entry))).toEqual([])
  expect(one?.some((entry) => entry.includes('/dist/'))).toBe(false)
})
