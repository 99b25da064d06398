import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/SECURITY.md'), 'utf8')

/** `test/…ts`, and the titles in quotes behind it. */
const REFERENCE = /`(test\/[^`]+\.ts)`((?:[:,] "[^"|]+")*)/g
const references = [...page.matchAll(REFERENCE)].map(([, file = '', titles = '']) => ({
  file,
  titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
}))

test('every test that the page names is there, under that title', () => {
  expect(references.length).toBeGreaterThan(100)
  const missing = references.flatMap(({ file, titles }) => {
    if (!existsSync(join(root, file))) return [file]
    const source = readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'")
    return titles
      .filter((title) => !['"', "'", '`'].some((quote) => source.includes(`${quote}${title}${quote}`)))
      .map((title) => `${file}: ${title}`)
  })
  expect(missing).toEqual([])
})

test('every control of the threat model and of the Top 10 names a test with its title', () => {
  const rows = page.slice(page.indexOf('## Threat model'), page.indexOf('## OWASP ASVS')).split('\n')
  const bare = rows.filter((row) => row.startsWith('| ') && !/^\| (?:threat|risk) \|/.test(row) && !/`test\/[^`]+`: "/.test(row))
  expect(bare).toEqual([])
})

test('an item of ASVS names a test, or says that there is none', () => {
  const items = page.slice(page.indexOf('## OWASP ASVS'), page.indexOf('## Not covered')).split('\n')
  const bare = items.filter((row) => /^\| \d/.test(row) && !/`test\/|not covered|in part|not tested/.test(row))
  expect(bare).toEqual([])
  expect(items.filter((row) => /^\| \d/.test(row)).length).toBeGreaterThan(60)
})

test('other pages that the page leads to are there', () => {
  for (const [, target = ''] of page.matchAll(/\]\(([^)]+)\)/g)) expect(existsSync(join(root, 'docs', target)), target).toBe(true)
})
