import { describe, expect, it } from 'vitest'
import { parseTenantSettings, shippedSettings } from '../../workers/adapters/routed-settings'
import { AppError } from '../../workers/domain/error'

const refusal = (source: string): AppError => {
  try {
    parseTenantSettings(source)
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown
  }
  throw new Error('it was accepted')
}

describe('models.yaml', () => {
  it('is shipped, and an empty one of a tenant changes nothing', () => {
    expect(shippedSettings().purposes.default?.use).toContain('configured')
    expect(parseTenantSettings('')).toEqual(shippedSettings())
  })

  it('of a tenant stands on top of the shipped one, entry by entry', () => {
    const settings = parseTenantSettings(`
providers:
  own: { protocol: openai, url: https://models.example.com/v1, key: { secret: own-key } }
models:
  own: { provider: own, name: ours, lora: ours-1, price: { input: 100 }, context: 16384, can: [json] }
purposes:
  classify: { use: [own, workers-ai-small], strategy: cheapest, deadline: 90s, cache: false }
maskPii: true
`)
    expect(settings.purposes.classify).toMatchObject({ use: ['own', 'workers-ai-small'], deadline: 90_000, cache: false })
    expect(settings.models.own).toMatchObject({ lora: 'ours-1', price: { input: 100, output: 0 }, maxOutput: 2_048 })
    expect(settings.purposes.default).toEqual(shippedSettings().purposes.default)
    expect(settings.maskPii).toBe(true)
  })

  it('of a tenant that sets the default purpose means all chat by it', () => {
    const { purposes } = parseTenantSettings('purposes:\n  default: { use: [workers-ai-small] }\n')
    expect(Object.keys(purposes).sort()).toEqual(['default', 'embed', 'rerank'])
  })

  it.each([
    ['a purpose that names no model', 'purposes:\n  default:\n    use:\n      - gpt\n', 4, "no model 'gpt'"],
    ['a model without its provider', 'models:\n  m:\n    name: x\n    provider: nobody\n', 4, "no provider 'nobody'"],
    ['a word that is none', 'purposes:\n  default:\n    use: []\n    strategy: random\n', 4, 'strategy'],
    ['an unknown key', 'models:\n  m: { provider: openai, name: x, temperature: 1 }\n', 2, 'temperature'],
    ['a time without unit', 'purposes:\n  default: { use: [], deadline: "30" }\n', 2, '30s'],
    ['a chat model for embeddings', 'purposes:\n  embed:\n    use: [workers-ai-small]\n', 3, 'kind embed'],
    ['broken YAML', 'models:\n  m: { provider\n', 3, 'YAML'],
    [
      'a variable of the installation',
      'providers:\n  mine:\n    protocol: openai\n    url: https://x.example\n    key: { env: CHAT_MODEL_KEY }\n',
      5,
      'secret',
    ],
    ['an address from a variable', 'providers:\n  mine:\n    protocol: openai\n    url: { env: STEWARD_MASTER_KEY }\n', 4, 'secret'],
  ])('refuses %s with its line', (_, source, line, words) => {
    const error = refusal(source)
    expect(error).toMatchObject({ code: 'invalid', reason: 'models' })
    expect(error.problems?.[0]).toMatchObject({ line })
    expect(JSON.stringify(error.problems)).toContain(words)
  })

  it('refuses a bomb of aliases and a text that is too long', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, at) => `${'bcdefghij'[at]}: &${'bcdefghij'[at]} [${`*${'abcdefghi'[at]},`.repeat(9)}]`).join('\n')}`
    expect(refusal(bomb).code).toBe('invalid')
    expect(refusal(`# ${'x'.repeat(70_000)}`).code).toBe('too_large')
  })
})
