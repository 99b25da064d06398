/** A clock that moves only when a test moves it. */
export interface TestClock {
  now(): Date
  advance(ms: number): void
}

export function createTestClock(start = '2026-11-21T09:00:00.000Z'): TestClock {
  let time = Date.parse(start)
  return {
    now: () => new Date(time),
    advance: (ms) => {
      time += ms
    },
  }
}
