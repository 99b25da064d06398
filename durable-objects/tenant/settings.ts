import { Ceilings, DEFAULT_CEILINGS } from '../../workers/domain/budgets'
import { DEFAULT_PLAN, Plan } from '../../workers/domain/plans'

/** What the tenant and the operator have set, and the tenant's own id, which an alarm does not tell. */
export class Settings {
  private readonly known = new Map<string, unknown>()

  constructor(private readonly sql: SqlStorage) {}

  get ceilings(): Ceilings {
    return this.read('ceilings', (value) => Ceilings.parse(value)) ?? DEFAULT_CEILINGS
  }
  set ceilings(ceilings: Ceilings) {
    this.write('ceilings', ceilings)
  }

  get plan(): Plan {
    return this.read('plan', (value) => Plan.parse(value)) ?? DEFAULT_PLAN
  }
  set plan(plan: Plan) {
    this.write('plan', plan)
  }

  get tenantId(): string | undefined {
    return this.read('tenantId', String)
  }
  set tenantId(id: string) {
    if (this.tenantId !== id) this.write('tenantId', id)
  }

  private read<T>(name: string, parse: (value: unknown) => T): T | undefined {
    if (!this.known.has(name)) {
      const row = this.sql.exec<{ value: string }>('SELECT value FROM settings WHERE name = ?', name).toArray()[0]
      this.known.set(name, row === undefined ? undefined : parse(JSON.parse(row.value)))
    }
    return this.known.get(name) as T | undefined
  }

  private write(name: string, value: unknown): void {
    this.sql.exec('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)', name, JSON.stringify(value))
    this.known.set(name, value)
  }
}
