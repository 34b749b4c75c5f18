ALTER TABLE "datasets" ALTER COLUMN "name" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "images" ALTER COLUMN "key" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "images" ALTER COLUMN "object_key" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "images" ALTER COLUMN "finding_class" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "images" ALTER COLUMN "patient" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "skipped_files" ALTER COLUMN "file" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "models" ALTER COLUMN "name" SET DATA TYPE text collate "C";