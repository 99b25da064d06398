import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModelAssets } from '../../scripts/build-model-assets'
import { createTokenizer } from '../../workers/models/tokenizer'

describe('the tokenizer', () => {
  let tokenize: (text: string) => number[]
  beforeAll(async () => {
    await buildModelAssets()
    tokenize = createTokenizer(JSON.parse(readFileSync('workers/models/assets/vocab.json.bin', 'utf8')))
  })

  it('cuts a text as the published tokenizer does', () => {
    // The example of the TensorFlow.js model's own documentation.
    expect(tokenize('Hello, how are you?')).toEqual([341, 4125, 8, 140, 31, 19, 54])
  })

  it('reads any white space as one break between words', () => {
    expect(tokenize('  Hello,\n\thow are   you?\r\n')).toEqual(tokenize('Hello, how are you?'))
  })

  it('folds compatibility forms', () => {
    expect(tokenize('ﬁle Ｎｏ')).toEqual(tokenize('file No'))
  })

  it('gives runs of unknown characters one piece, and an empty text too', () => {
    expect(tokenize('日本語').filter((id) => id === 0)).toHaveLength(1)
    expect(tokenize('')).toEqual([0])
    expect(tokenize(' \n ')).toEqual([0])
  })
})

it('prefers the likelier of two ways to cut', () => {
  const reserved = Array.from({ length: 6 }, (_, index): [string, number] => [`<${index}>`, 0])
  const tokenize = createTokenizer([...reserved, ['\u2581a', -1], ['b', -1], ['\u2581ab', -1.5], ['c', -4], ['bc', -2]])
  expect(tokenize('ab')).toEqual([8])
  expect(tokenize('abc')).toEqual([6, 10])
})
