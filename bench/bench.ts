/** One measured number. `n`: how many samples it rests on. */
export interface Figure {
  figure: string
  value: number
  unit: string
  n: number
}

export interface BenchContext {
  /** The value of `--name value` as a number. */
  option(name: string, otherwise: number): number
  /** What is under way, for people. */
  say(line: string): void
}

export interface Bench {
  /** Gives its figures; `broken` says which promises did not hold, and makes the command fail. */
  run(context: BenchContext): Promise<{ figures: Figure[]; broken?: string[] }>
}
