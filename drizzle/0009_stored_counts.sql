CREATE TABLE "near_duplicate_searches" (
	"judged_snapshot_id" uuid NOT NULL,
	"trained_sha256" "bytea" NOT NULL,
	"hashed_count" integer NOT NULL,
	"undecodable_count" integer NOT NULL,
	"image_count" integer NOT NULL,
	"found_count" integer NOT NULL,
	"nearest" jsonb NOT NULL,
	"searched_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "near_duplicate_searches_judged_snapshot_id_trained_sha256_pk" PRIMARY KEY("judged_snapshot_id","trained_sha256")
);
--> statement-breakpoint
ALTER TABLE "dataset_snapshots" ADD COLUMN "image_count" integer;--> statement-breakpoint
ALTER TABLE "dataset_snapshots" ADD COLUMN "patient_count" integer;--> statement-breakpoint
ALTER TABLE "dataset_snapshots" ADD COLUMN "skipped_count" integer;--> statement-breakpoint
ALTER TABLE "dataset_snapshots" ADD COLUMN "finding_class_counts" jsonb;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD COLUMN "settled_before_count" integer;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD COLUMN "image_count" integer;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD COLUMN "done_count" integer;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD COLUMN "error_count" integer;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD COLUMN "excluded_count" integer;--> statement-breakpoint
ALTER TABLE "near_duplicate_searches" ADD CONSTRAINT "near_duplicate_searches_judged_snapshot_id_dataset_snapshots_id_fk" FOREIGN KEY ("judged_snapshot_id") REFERENCES "public"."dataset_snapshots"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
UPDATE "dataset_snapshots" AS snapshot SET
	"image_count" = (SELECT count(*) FROM "snapshot_images" WHERE "snapshot_id" = snapshot."id"),
	"patient_count" = (
		SELECT count(DISTINCT image."patient") FROM "snapshot_images" member JOIN "images" image ON image."id" = member."image_id"
		WHERE member."snapshot_id" = snapshot."id"),
	"skipped_count" = (SELECT count(*) FROM "skipped_files" WHERE "snapshot_id" = snapshot."id"),
	"finding_class_counts" = (
		SELECT coalesce(jsonb_agg(jsonb_build_object('findingClass', "finding_class", 'images', images, 'patients', patients)
			ORDER BY "finding_class" COLLATE "C"), '[]')
		FROM (
			SELECT image."finding_class", count(*) AS images, count(DISTINCT image."patient") AS patients
			FROM "snapshot_images" member JOIN "images" image ON image."id" = member."image_id"
			WHERE member."snapshot_id" = snapshot."id" GROUP BY image."finding_class") counted)
WHERE "status" <> 'scanning';
--> statement-breakpoint
UPDATE "evaluation_runs" AS run SET
	"image_count" = counted.total, "done_count" = counted.done, "error_count" = counted.errors, "excluded_count" = counted.excluded
FROM (
	SELECT ended."id",
		count(*) FILTER (WHERE image."finding_class" = ANY(version."finding_classes")) AS total,
		count(*) FILTER (WHERE image."finding_class" = ANY(version."finding_classes")
			AND (error."image_id" IS NOT NULL OR prediction."image_sha256" IS NOT NULL)) AS done,
		count(*) FILTER (WHERE image."finding_class" = ANY(version."finding_classes") AND error."image_id" IS NOT NULL) AS errors,
		count(*) FILTER (WHERE NOT image."finding_class" = ANY(version."finding_classes")) AS excluded
	FROM "evaluation_runs" ended
	JOIN "model_versions" version ON version."id" = ended."model_version_id"
	JOIN "snapshot_images" member ON member."snapshot_id" = ended."snapshot_id"
	JOIN "images" image ON image."id" = member."image_id"
	LEFT JOIN "evaluation_run_errors" error ON error."run_id" = ended."id" AND error."image_id" = image."id"
	LEFT JOIN "predictions" prediction ON prediction."prediction_set_id" = ended."prediction_set_id"
		AND prediction."image_sha256" = image."sha256"
	WHERE ended."finished_at" IS NOT NULL
	GROUP BY ended."id"
) counted WHERE counted."id" = run."id";
