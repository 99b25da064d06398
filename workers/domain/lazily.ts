/**
 * An object whose members are made when they are first asked for, once each. Spreading it makes all of them. It costs the same however
 * many members it has.
 * @example
 * const ports = lazily<Ports>({ clock: () => createClock(), files: () => createFiles() })
 */
export function lazily<T extends object>(makers: { [K in keyof T]-?: () => T[K] }): T {
  const isMember = (name: PropertyKey): name is keyof T => Object.hasOwn(makers, name)
  const memberOf = (made: Partial<T>, name: keyof T) => {
    if (!Object.hasOwn(made, name)) made[name] = makers[name]()
    return made[name]
  }
  return new Proxy<Partial<T>>(
    {},
    {
      get: (made, name) => (isMember(name) ? memberOf(made, name) : Reflect.get(made, name)),
      has: (made, name) => isMember(name) || Reflect.has(made, name),
      ownKeys: () => Reflect.ownKeys(makers),
      getOwnPropertyDescriptor: (made, name) =>
        isMember(name) ? { configurable: true, enumerable: true, writable: true, value: memberOf(made, name) } : undefined,
    },
  ) as T
}
