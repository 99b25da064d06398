import { describe, expect, it } from 'vitest'
import { AppError } from '../../workers/domain/error'
import { createModelSlot, type LoadableModel } from '../../workers/models/model-slot'

/** A clock that only moves when somebody sleeps, so that waiting takes no real time. */
function createTestSlot() {
  let time = 0
  return createModelSlot({
    now: () => time,
    sleep: async (ms) => {
      time += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
  })
}

function createModel(name: string, log: string[]): LoadableModel<{ name: string }> {
  return {
    load: async () => {
      log.push(`load ${name}`)
      return { name }
    },
    unload: () => log.push(`unload ${name}`),
  }
}

describe('the model slot', () => {
  it('loads a model once for several pieces of work', async () => {
    const log: string[] = []
    const slot = createTestSlot()
    const model = createModel('a', log)
    expect(await slot.use(model, ({ name }) => name)).toBe('a')
    await slot.use(model, () => undefined)
    expect(log).toEqual(['load a'])
  })

  it('lets go of one model before it loads another', async () => {
    const log: string[] = []
    const slot = createTestSlot()
    await slot.use(createModel('a', log), () => undefined)
    await slot.use(createModel('b', log), () => undefined)
    expect(log).toEqual(['load a', 'unload a', 'load b'])
  })

  it('never runs two pieces of work at once', async () => {
    const slot = createTestSlot()
    const model = createModel('a', [])
    let running = 0
    let most = 0
    const work = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    await Promise.all([1, 2, 3, 4].map(() => slot.use(model, work)))
    expect(most).toBe(1)
  })

  it('starts afresh after an unexpected failure but not after a refusal', async () => {
    const log: string[] = []
    const slot = createTestSlot()
    const model = createModel('a', log)
    const refuse = () => {
      throw new AppError('invalid', 'No.')
    }
    const abort = () => {
      throw new Error('Aborted()')
    }
    await expect(slot.use(model, refuse)).rejects.toThrow('No.')
    expect(log).toEqual(['load a'])
    await expect(slot.use(model, abort)).rejects.toThrow('Aborted()')
    await slot.use(model, () => undefined)
    expect(log).toEqual(['load a', 'unload a', 'load a'])
  })

  it('lets go of a worn model', async () => {
    const log: string[] = []
    const slot = createTestSlot()
    await slot.use({ ...createModel('a', log), isWorn: () => true }, () => undefined)
    expect(log).toEqual(['load a', 'unload a'])
  })

  it('goes on when the holder of the slot has vanished', async () => {
    const slot = createTestSlot()
    const model = createModel('a', [])
    void slot.use(model, () => new Promise(() => undefined))
    expect(await slot.use(model, ({ name }) => name)).toBe('a')
  })
})
