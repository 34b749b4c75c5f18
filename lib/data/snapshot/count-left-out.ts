import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import type { LeftOut } from './schema.ts'
import { isHarmlessSkip } from './skip-explanation.ts'

/** By snapshot, each with the most frequent reason first. */
export async function countLeftOut(
  db: Database,
  snapshotIds: readonly string[],
): Promise<Map<string, LeftOut>> {
  const { rows } = await db.execute<{ snapshot_id: string; code: string; count: string }>(sql`
    select snapshot_id, code, count(*) as count from skipped_files
    where snapshot_id = any(${sql.param([...new Set(snapshotIds)])}::uuid[])
    group by snapshot_id, code order by count(*) desc, code collate "C"`)
  const leftOut = new Map<string, LeftOut>(snapshotIds.map((id) => [id, []]))
  for (const { snapshot_id: id, code, count } of rows)
    if (!isHarmlessSkip(code)) leftOut.get(id)?.push({ code, count: Number(count) })
  return leftOut
}
