import { expect, test } from 'vitest'
import { Driver } from '../../../durable-objects/run/driver'
import type { RunState } from '../../../durable-objects/run/state'
import type { Supervisor } from '../../../durable-objects/run/supervisor'

/** A driver over a supervisor that only counts its rounds; `hold` keeps a round from ending. */
function driverOf() {
  const rounds: (() => void)[] = []
  let count = 0
  const supervisor = {
    drive: () => {
      count += 1
      return new Promise<void>((resolve) => rounds.push(resolve))
    },
  } as unknown as Supervisor
  const driver = new Driver({ state: {} as RunState, supervisor, commit: (change) => change(), waitUntil: () => undefined })
  return { driver, endRound: () => rounds.shift()?.(), count: () => count }
}

test('asked again while a round is under way, it goes round once more', async () => {
  const { driver, endRound, count } = driverOf()
  const driven = driver.drive()
  driver.drive()
  endRound()
  await Promise.resolve()
  await Promise.resolve()
  expect(count()).toBe(2)
  endRound()
  await driven
  expect(count()).toBe(2)
})

test('asked at any moment around the end of a round, it is never lost', async () => {
  for (let ticks = 0; ticks < 8; ticks += 1) {
    const { driver, endRound, count } = driverOf()
    void driver.drive()
    endRound()
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
    driver.drive()
    for (let tick = 0; tick < 8; tick += 1) await Promise.resolve()
    expect(count(), `asked after ${ticks} ticks`).toBe(2)
  }
})
