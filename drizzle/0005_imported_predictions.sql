ALTER TABLE "images" ALTER COLUMN "size_bytes" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "images" ALTER COLUMN "width" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "images" ALTER COLUMN "height" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "prediction_sets" ALTER COLUMN "model_sha256" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "prediction_sets" ALTER COLUMN "preprocessing_sha256" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "images" ADD COLUMN "has_content" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "prediction_sets" ADD COLUMN "import_key_sha256" "bytea";--> statement-breakpoint
CREATE UNIQUE INDEX "prediction_sets_import_key" ON "prediction_sets" USING btree ("import_key_sha256");--> statement-breakpoint
ALTER TABLE "images" ADD CONSTRAINT "images_measured" CHECK ("images"."has_content" = ("images"."size_bytes" is not null and "images"."width" is not null and "images"."height" is not null));