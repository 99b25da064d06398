import type { Ports } from '../domain/ports'

/** The class of each document of one tenant in D1. */
export function createD1DocumentClasses(binding: D1Database, tenantId: string): NonNullable<Ports['documentClasses']> {
  // A document that was deleted meanwhile leaves no row.
  const statement = `insert into document_classes (tenant_id, document_id, class)
    select ?1, ?2, ?3 where exists (select 1 from documents where tenant_id = ?1 and id = ?2)
    on conflict (tenant_id, document_id) do update set class = excluded.class`
  return {
    note: async (documentId, documentClass) => void (await binding.prepare(statement).bind(tenantId, documentId, documentClass).run()),
  }
}
