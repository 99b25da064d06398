import type { ApiDeps } from './deps'

/** Does work that the answer must not wait for, because its duration would tell something. What fails is logged: nobody is there to hear it. */
export function runLater({ later }: Pick<ApiDeps, 'later'>, work: () => Promise<void>): void {
  const done = work().catch((thrown: unknown) => {
    console.error(JSON.stringify({ message: 'work after the answer failed', error: String(thrown) }))
  })
  later?.(done)
}
