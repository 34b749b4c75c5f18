import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import type { Context } from '#lib/platform/context.ts'
import type { ExplainedSkippedFile, SkipCount } from './schema.ts'
import { explainSkip } from './skip-explanation.ts'
import { type After, getSnapshot } from './snapshot-queries.ts'

/** By code, the most frequent first. */
export async function countSkippedFiles(db: Database, snapshotId: string): Promise<SkipCount[]> {
  const { rows } = await db.execute<{ code: string; count: string }>(sql`
    select code, count(*) as count from skipped_files where snapshot_id = ${snapshotId}
    group by code order by count(*) desc, code collate "C"`)
  return rows.map(({ code, count }) => ({ code, count: Number(count), ...explainSkip(code) }))
}

/** The files that a snapshot did not take, by name; the cursor position of a row is `[file]`. */
export async function listSkippedFilesOf(
  context: Context,
  input: { dataset: string; snapshotId: string; code?: string | undefined; after: After; take: number },
): Promise<{ rows: ExplainedSkippedFile[]; byCode: SkipCount[] }> {
  const { id } = await getSnapshot(context, { dataset: input.dataset, id: input.snapshotId })
  const [file] = input.after ?? []
  const { rows } = await context.db.execute<{ file: string; code: string; detail: string | null }>(sql`
    select file, code, detail from skipped_files
    where snapshot_id = ${id}
      ${input.after === null ? sql`` : sql`and file collate "C" > ${String(file)}`}
      ${input.code === undefined ? sql`` : sql`and code = ${input.code}`}
    order by file collate "C" limit ${input.take}`)
  return {
    rows: rows.map((row) => ({ ...row, ...explainSkip(row.code) })),
    byCode: await countSkippedFiles(context.db, id),
  }
}
