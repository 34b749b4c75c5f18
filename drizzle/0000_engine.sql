CREATE TABLE "audit_chain_head" (
	"id" smallint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"request_id" text NOT NULL,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_snapshots" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"dataset_id" uuid NOT NULL,
	"status" text DEFAULT 'scanning' NOT NULL,
	"allow_label_conflicts" boolean DEFAULT false NOT NULL,
	"manifest_sha256" "bytea",
	"failure_code" text,
	"failure_detail" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"finished_at" timestamp with time zone,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"listed_count" integer DEFAULT 0 NOT NULL,
	"hashed_count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "dataset_snapshots_ready" CHECK (("dataset_snapshots"."status" = 'ready') = ("dataset_snapshots"."manifest_sha256" is not null))
);
--> statement-breakpoint
CREATE TABLE "datasets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"location" text,
	"patient_pattern" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"archived_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "images" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"dataset_id" uuid NOT NULL,
	"key" text NOT NULL,
	"object_key" text NOT NULL,
	"finding_class" text NOT NULL,
	"patient" text,
	"sha256" "bytea" NOT NULL,
	"size_bytes" bigint NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"revision" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "skipped_files" (
	"snapshot_id" uuid NOT NULL,
	"file" text NOT NULL,
	"code" text NOT NULL,
	"detail" text,
	CONSTRAINT "skipped_files_snapshot_id_file_pk" PRIMARY KEY("snapshot_id","file")
);
--> statement-breakpoint
CREATE TABLE "snapshot_images" (
	"snapshot_id" uuid NOT NULL,
	"image_id" bigint NOT NULL,
	CONSTRAINT "snapshot_images_snapshot_id_image_id_pk" PRIMARY KEY("snapshot_id","image_id")
);
--> statement-breakpoint
CREATE TABLE "evaluation_run_errors" (
	"run_id" uuid NOT NULL,
	"image_id" bigint NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"epoch" bigint NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "evaluation_run_errors_run_id_image_id_pk" PRIMARY KEY("run_id","image_id")
);
--> statement-breakpoint
CREATE TABLE "evaluation_run_results" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"metrics" jsonb NOT NULL,
	"formula_version" integer NOT NULL,
	"computed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "evaluation_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"model_version_id" uuid NOT NULL,
	"dataset_id" uuid NOT NULL,
	"snapshot_id" uuid NOT NULL,
	"prediction_set_id" bigint,
	"status" text DEFAULT 'queued' NOT NULL,
	"allow_unknown_classes" boolean DEFAULT false NOT NULL,
	"reused_count" integer,
	"failure_code" text,
	"failure_detail" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"owner" text,
	"lease_until" timestamp with time zone,
	"deadline" timestamp with time zone NOT NULL,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "evaluation_runs_finished" CHECK (("evaluation_runs"."status" in ('queued', 'running')) = ("evaluation_runs"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "prediction_sets" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"model_sha256" "bytea" NOT NULL,
	"preprocessing_sha256" "bytea" NOT NULL,
	"provider" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "predictions" (
	"prediction_set_id" bigint NOT NULL,
	"image_sha256" "bytea" NOT NULL,
	"predicted_index" smallint NOT NULL,
	"probabilities" double precision[] NOT NULL,
	"run_id" uuid NOT NULL,
	"epoch" bigint NOT NULL,
	"decode_seconds" real,
	"inference_seconds" real,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "predictions_prediction_set_id_image_sha256_pk" PRIMARY KEY("prediction_set_id","image_sha256")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"actor_id" text NOT NULL,
	"key" text NOT NULL,
	"request_sha256" "bytea" NOT NULL,
	"status" integer,
	"body" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_actor_id_key_pk" PRIMARY KEY("actor_id","key")
);
--> statement-breakpoint
CREATE TABLE "model_versions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"sha256" "bytea",
	"size_bytes" bigint,
	"card" jsonb NOT NULL,
	"card_sha256" "bytea" NOT NULL,
	"preprocessing_sha256" "bytea",
	"finding_classes" text[] NOT NULL,
	"admission" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"archived_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "models_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "dataset_snapshots" ADD CONSTRAINT "dataset_snapshots_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "images" ADD CONSTRAINT "images_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "skipped_files" ADD CONSTRAINT "skipped_files_snapshot_id_dataset_snapshots_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."dataset_snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshot_images" ADD CONSTRAINT "snapshot_images_snapshot_id_dataset_snapshots_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."dataset_snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshot_images" ADD CONSTRAINT "snapshot_images_image_id_images_id_fk" FOREIGN KEY ("image_id") REFERENCES "public"."images"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_run_errors" ADD CONSTRAINT "evaluation_run_errors_run_id_evaluation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."evaluation_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_run_errors" ADD CONSTRAINT "evaluation_run_errors_image_id_images_id_fk" FOREIGN KEY ("image_id") REFERENCES "public"."images"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_run_results" ADD CONSTRAINT "evaluation_run_results_run_id_evaluation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."evaluation_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD CONSTRAINT "evaluation_runs_model_version_id_model_versions_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD CONSTRAINT "evaluation_runs_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD CONSTRAINT "evaluation_runs_snapshot_id_dataset_snapshots_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."dataset_snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_runs" ADD CONSTRAINT "evaluation_runs_prediction_set_id_prediction_sets_id_fk" FOREIGN KEY ("prediction_set_id") REFERENCES "public"."prediction_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_prediction_set_id_prediction_sets_id_fk" FOREIGN KEY ("prediction_set_id") REFERENCES "public"."prediction_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_object" ON "audit_events" USING btree ("object_type","object_id");--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "dataset_snapshots_dataset" ON "dataset_snapshots" USING btree ("dataset_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "datasets_name" ON "datasets" USING btree ("name") WHERE "datasets"."archived_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "images_content" ON "images" USING btree ("dataset_id","key","sha256");--> statement-breakpoint
CREATE INDEX "images_sha256" ON "images" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "evaluation_runs_queue" ON "evaluation_runs" USING btree ("status","created_at");--> statement-breakpoint
CREATE INDEX "evaluation_runs_dataset" ON "evaluation_runs" USING btree ("dataset_id","created_at");--> statement-breakpoint
CREATE INDEX "evaluation_runs_model_version" ON "evaluation_runs" USING btree ("model_version_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "prediction_sets_identity" ON "prediction_sets" USING btree ("model_sha256","preprocessing_sha256","provider");--> statement-breakpoint
CREATE UNIQUE INDEX "model_versions_number" ON "model_versions" USING btree ("model_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "model_versions_content" ON "model_versions" USING btree ("sha256","card_sha256") WHERE "model_versions"."archived_at" is null;