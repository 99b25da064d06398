/**
 * An object whose members are made when they are first asked for, once each. Spreading it makes all of them.
 * @example
 * const ports = lazily<Ports>({ clock: () => createClock(), files: () => createFiles() })
 */
export function lazily<T extends object>(makers: { [K in keyof T]-?: () => T[K] }): T {
  const members = {}
  for (const name of Object.keys(makers) as (keyof T & string)[]) {
    Object.defineProperty(members, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = makers[name]()
        Object.defineProperty(members, name, { enumerable: true, value })
        return value
      },
    })
  }
  return members as T
}
